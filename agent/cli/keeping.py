"""What `triage assess` has to do with the record: what came before, what managers corrected, and keeping the result.

A record that cannot be reached never costs a triage: it is said in one line, and the exit code tells a script.
"""

import importlib
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import typer

from agent import follow_up
from agent.cli import outgoing, record
from agent.cli.settings import Settings
from agent.errors import ConfigurationError, ExitCode, InputError, StoreUnusable
from agent.intake.mail_ids import message_ids
from agent.schema import Assessment, Situation
from agent.schema.follow_up import FollowUp, FoundBy
from agent.schema.record import KeepText, Precedent, Run
from agent.triage import Case

if TYPE_CHECKING:  # SQLAlchemy
    from agent.store import Store

AUTO = "auto"
_ASKED_BY_SECONDS = 0.3
_SAME = {FoundBy.ID: "by its Message-ID", FoundBy.BODY: "by a message in both", FoundBy.SUBJECT: "by its subject"}


class Earlier(NamedTuple):
    """The triage that this one goes on from."""

    run: Run
    found_by: FoundBy


@dataclass
class Keeper:
    """One run's dealings with the record; `failed` tells that it could not be kept."""

    settings: Settings
    save: bool
    before: Earlier | None
    mail_ids: tuple[str, ...]
    failed: bool = False

    def get_ready(self) -> None:
        """Import SQLAlchemy beside the model call, once that is made, so that keeping takes no time at the end."""
        if self.save:
            timer = threading.Timer(_ASKED_BY_SECONDS, importlib.import_module, ("agent.store",))
            timer.daemon = True
            timer.start()

    def since(self, case: Case) -> FollowUp | None:
        """What changed since the earlier triage."""
        if self.before is None:
            return None
        run, found_by = self.before
        return follow_up.compare(run, case.situation, case.grounded, case.decision, now=case.now, found_by=found_by)

    def promised(self, case: Case) -> datetime | None:
        """By when the customer was to hear from us, as the earlier draft said."""
        since = self.since(case)
        return since.promised if since else None

    @contextmanager
    def keeping(self, assessment: Assessment, case: Case) -> Iterator[None]:
        """Keep the triage after it was shown, also where the reader closed the pipe."""
        try:
            yield
        finally:
            if self.save:
                self.failed = not _keep(assessment, case, self)

    def leave(self, *, look: bool) -> None:
        """Exit with 3 where a human must look, else with 73 where it could not be kept."""
        if look or self.failed:
            raise typer.Exit(ExitCode.HUMAN_MUST_LOOK if look else ExitCode.NOT_SAVED)


def begin(  # noqa: PLR0913 - what a run knows of the record
    situation: Situation,
    settings: Settings,
    *,
    files: Sequence[str] | None,
    save: bool,
    before: Earlier | None,
    find: bool,
) -> Keeper:
    """Find what came before."""
    mail_ids = _ids(files)
    if find:
        before = _found(situation, mail_ids, settings)
    return Keeper(settings, save and settings.save, before, mail_ids)


def _ids(files: Sequence[str] | None) -> tuple[str, ...]:
    """The mail ids of the files; none where the situation came from a pipe or cannot be read again."""
    found = list[str]()
    for file in files or ():
        try:
            found += message_ids(Path(file).read_bytes()) if file != "-" else ()
        except OSError:
            continue
    return tuple(dict.fromkeys(found))


def named(follows: str | None, settings: Settings) -> Earlier | None:
    """The triage that `--follows ID` names. Raises InputError or StoreUnusable: it was asked for."""
    if follows in {None, AUTO}:
        return None
    with record.open_store(settings) as store:
        return Earlier(store.get(str(follows)), FoundBy.GIVEN)


def _found(situation: Situation, mail_ids: tuple[str, ...], settings: Settings) -> Earlier | None:
    """What `--follows auto` finds: the newest triage that has a mail or a whole message of this thread."""
    with record.open_store(settings) as store:
        same = store.same_thread(situation, mail_ids)
        if same is None or same[1] is FoundBy.SUBJECT:
            perhaps = f"; {_short(store, same[0])} has the same subject and sender: name it if it is" if same else ""
            typer.echo(f"triage: no earlier triage of this thread is kept{perhaps}", err=True)
            return None
        typer.echo(f"triage: goes on from {_short(store, same[0])}, found {_SAME[same[1]]}", err=True)
        return Earlier(store.get(same[0]), same[1])


def precedents(
    asked: int | None, situation: Situation, settings: Settings, *, before: Earlier | None, writes: bool
) -> tuple[Precedent, ...]:
    """What managers corrected, as many as the flag or the setting wants. Only a flag's failure is an error."""
    number = settings.precedents if asked is None else asked
    if number and not writes:
        typer.echo("triage: without precedents: only a model that writes is shown them", err=True)
    if not number or not writes:
        return ()
    try:
        from agent import precedents as precedent_choice  # noqa: PLC0415 - SQLAlchemy
        from agent.embedded import type_guess  # noqa: PLC0415 - reads the fitted weights

        with record.open_store(settings) as store:
            earlier = before.run.summary if before else None
            guessed = type_guess.likeliest(situation)
            return precedent_choice.choose(store, number, guessed=guessed, earlier=earlier)
    except (StoreUnusable, ConfigurationError) as error:
        if asked is not None:
            raise
        typer.echo(f"triage: without precedents: {error}", err=True)
        return ()


def _keep(assessment: Assessment, case: Case, keeper: Keeper) -> bool:
    """Whether it was kept; one line on stderr where it was not."""
    settings, before, mail_ids = keeper.settings, keeper.before, keeper.mail_ids
    try:
        with record.open_store(settings) as store:
            going_on = None if before else store.same_thread(case.situation, mail_ids)
            key = store.save(
                assessment,
                situation=case.situation,
                grounded=case.grounded,
                policy=case.policy,
                by=record.who(settings),
                keep_text=settings.keep_text,
                redact=_redact(case.situation, settings),
                follows=before.run.summary.id if before else None,
                message_ids=mail_ids,
            )
            _say(store, key, going_on)
    except (StoreUnusable, ConfigurationError, InputError) as error:
        typer.echo(f"triage: not kept: {error}", err=True)
        return False
    return True


def check(settings: Settings, *, save: bool) -> None:
    """Tells what a redacted record lacks before anybody pastes. Raises ConfigurationError naming the extra."""
    if save and settings.save and settings.keep_text is KeepText.REDACTED:
        outgoing.check(settings, asked=True)


def _redact(situation: Situation, settings: Settings) -> Callable[[str], str] | None:
    """What replaces private values in a redacted record, as on their way to a server."""
    if settings.keep_text is not KeepText.REDACTED:
        return None
    redactor = outgoing.redactor(situation, settings, asked=True)
    return redactor.redact if redactor else None


def _say(store: "Store", key: str, going_on: tuple[str, FoundBy] | None) -> None:
    """At a terminal the id; anywhere a thread that goes on, since nobody would look for it."""
    if sys.stderr.isatty():
        typer.echo(f"kept as {_short(store, key)}", err=True)
    if going_on and going_on[1] is not FoundBy.SUBJECT:
        other = _short(store, going_on[0])
        typer.echo(
            f"triage: this thread was triaged before ({other}, found {_SAME[going_on[1]]}); "
            f"--follows {other} shows what changed",
            err=True,
        )


def _short(store: "Store", key: str) -> str:
    return store.short([key])[key]
