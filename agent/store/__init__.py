"""The record of every triage: append-only, sealed by a hash chain, on SQLite or PostgreSQL.

Importing this room imports SQLAlchemy (a fifth of a second): the command line does so only where it stores or reads.
Every method may raise StoreUnusable: one line with the place and what to do.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa
from pydantic import ValidationError

from agent import intake
from agent.errors import InputError, StoreUnusable
from agent.policy import Policy
from agent.schema import Assessment, Grounded, Situation
from agent.schema.follow_up import FoundBy
from agent.schema.record import (
    Entry,
    EntryKind,
    Filters,
    KeepText,
    Outcome,
    Rescored,
    Run,
    Summary,
    Verdict,
)
from agent.schema.tally import Tally
from agent.store import chain, engine, looks, migrate, queries, rows, scrub, search, standing, tallies, thread_keys
from agent.store.append import New, append
from agent.store.tables import contents, entries, policies, runs, searched, threads

__all__ = ["Store"]


Redact = Callable[[str], str]
_ALL = Filters()
_INSTANT = re.compile(r"\d{4}-\d{2}-\d{2}(?:T[\d:.]+(?:Z|[+-][\d:]+)?)?\Z")


class Store:
    """An open record. Safe for several threads and processes; use it as a context manager or close it."""

    def __init__(self, place: str | Path) -> None:
        """Open or make the record at a SQLite path or a database URL, its schema brought forward."""
        self.url = engine.url_of(place)
        self._engine = engine.connect(self.url)
        try:
            with engine.told(self.url):
                migrate.forward(self._engine)
        except StoreUnusable:
            self.close()
            raise
        self._writing = self._engine.execution_options(writes=True)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def place(self) -> str:
        """Where the record is, for a reader; never with a password."""
        return engine.shown(self.url)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view of the record."""
        with engine.told(self.url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction, alone at the end of the chain. What it wrote is on disk when it ends without an error."""
        with engine.told(self.url), self._writing.begin() as connection:
            yield connection

    def squeeze(self) -> None:
        """Leave nothing of what was forgotten in SQLite's journal; PostgreSQL's own vacuum does it there."""
        if self.url.drivername == "sqlite":
            with engine.told(self.url), self._engine.connect() as connection:
                connection.execution_options(isolation_level="AUTOCOMMIT")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    # --- what is written ------------------------------------------------------------------------------------------

    def save(  # noqa: PLR0913 - what is known of a run
        self,
        assessment: Assessment,
        *,
        situation: Situation,
        grounded: Grounded,
        policy: Policy,
        by: str,
        keep_text: KeepText = KeepText.FULL,
        redact: Redact | None = None,
        follows: str | None = None,
        message_ids: Iterable[str] = (),
    ) -> str:
        """Keep a triage; returns its id. Once it returns, no crash loses it. REDACTED needs `redact`."""
        document = _document(policy)
        words = _words(assessment, situation, grounded, keep_text=keep_text, redact=redact)
        found = looks.looks(assessment)
        figures = {
            "assessment": scrub.figures(assessment).model_dump(mode="json"),
            "keep_text": keep_text.value,
            "policy": (digest := chain.sha256(document)),
            "model": rows.model_figures(assessment, policy),
            "time_zone": getattr(assessment.provenance.made_at.tzinfo, "key", None),
            "follows": follows,
        }
        new = New(EntryKind.RUN, by, figures, words=words, account=assessment.account)
        with self.writing() as connection:
            if not connection.execute(sa.select(policies.c.digest).where(policies.c.digest == digest)).first():
                row = {"digest": digest, "reference": policy.reference, "document": document}
                connection.execute(policies.insert().values(row))
            key = append(connection, new)
            columns = rows.run_columns(assessment)
            columns |= {"id": key, "policy_digest": digest, "follows": follows}
            columns |= {"looks": "".join(f" {look.value} " for look in found), "attention": looks.attention(found)}
            connection.execute(runs.insert().values(columns | standing.fresh(assessment.deadlines)))
            connection.execute(searched.insert().values(run_id=key, text=search.text(words, assessment.account)))
            if follows:
                standing.refresh(connection, follows)
            keys = thread_keys.keys(situation, message_ids) if keep_text is not KeepText.NONE else {}
            if keys:
                connection.execute(threads.insert(), [{"run_id": key, "key": k, "kind": v} for k, v in keys.items()])
        return key

    def add_verdict(self, run_id: str, verdict: Verdict, rescored: Rescored, *, by: str) -> Entry:
        """A person's verdict, with what the engine made of its scores."""
        figures = {
            "scores": {dimension.value: level for dimension, level in verdict.scores.items()},
            "decision": verdict.decision,
            "rescored": rescored.model_dump(mode="json"),
        }
        words = {"reason": verdict.reason} if verdict.reason else None
        return self._say(New(EntryKind.VERDICT, by, figures, run_id=run_id, words=words))

    def add_outcome(self, run_id: str, outcome: Outcome, *, by: str) -> Entry:
        """How the case ended; it closes the case."""
        words = {"note": outcome.note} if outcome.note else None
        return self._say(New(EntryKind.OUTCOME, by, {"outcome": outcome.outcome}, run_id=run_id, words=words))

    def undo(self, entry_id: str, *, by: str) -> Entry:
        """Take back a verdict or an outcome: a new entry, the old one stays."""
        with self.reading() as connection:
            row = connection.execute(sa.select(entries).where(entries.c.id == entry_id)).one_or_none()
            undone = row is not None and connection.execute(
                sa.select(entries.c.id).where(entries.c.run_id == row.run_id, entries.c.of_id == entry_id)
            ).first()  # fmt: skip
        if row is None or row.kind not in {EntryKind.VERDICT.value, EntryKind.OUTCOME.value} or undone:
            raise InputError("there is no such verdict or outcome to take back")
        return self._say(New(EntryKind.UNDO, by, {}, run_id=row.run_id, of_id=entry_id))

    def record_access(self, run_id: str, *, by: str, how: str) -> Entry:
        """Somebody read the words of a case; `how` says by which door."""
        return self._say(New(EntryKind.ACCESS, by, {"how": how}, run_id=run_id))

    def _say(self, new: New) -> Entry:
        assert new.run_id is not None
        with self.writing() as connection:
            if not connection.execute(sa.select(runs.c.id).where(runs.c.id == new.run_id)).first():
                raise InputError(f"no kept triage has the id {new.run_id}")
            key = append(connection, new)
            if new.kind in queries.OPINIONS:
                standing.refresh(connection, new.run_id)
            return next(e for e in queries.history(connection, [new.run_id], kinds=[new.kind]) if e.id == key)

    # --- what is read ---------------------------------------------------------------------------------------------

    def list(
        self, filters: Filters = _ALL, *, limit: int | None = None, offset: int = 0, by_attention: bool = False
    ) -> tuple[Summary, ...]:
        """Kept triages that pass the filters: the newest first, or those that deserve a look first."""
        query = queries.listing(filters, by_attention=by_attention).limit(limit).offset(offset)
        with self.reading() as connection:
            return queries.summaries(connection, connection.execute(query))

    def count(self, filters: Filters = _ALL) -> int:
        """How many kept triages pass the filters."""
        with self.reading() as connection:
            return int(connection.execute(queries.counting(filters)).scalar_one())

    def tally(
        self, *, since: datetime | None = None, until: datetime | None = None, model: str | None = None, last: int = 20
    ) -> Tally:
        """The standing verdicts on triages of that time and model, counted; the `last` newest one by one as well."""
        with self.reading() as connection:
            return tallies.tally(connection, since=since, until=until, model=model, last=last)

    def judged_models(self) -> tuple[str, ...]:
        """The models of which some triage has a standing verdict."""
        with self.reading() as connection:
            return tallies.models(connection)

    def resolve(self, start: str) -> str:
        """The full id from its beginning. Raises InputError if none, or more than one, begins so."""
        with self.reading() as connection:
            return queries.resolve(connection, start)

    def short(self, keys: Iterable[str]) -> dict[str, str]:
        """The shortest unambiguous beginning of each id."""
        with self.reading() as connection:
            return {key: queries.short(connection, key) for key in keys}

    def get(self, start: str) -> Run:
        """One kept triage by its id or the beginning of it. Raises InputError if it is not one."""
        with self.reading() as connection:
            key = queries.resolve(connection, start)
            row = connection.execute(queries.listing(Filters()).where(runs.c.id == key)).one()
            (summary,) = queries.summaries(connection, [row])
            body = connection.execute(sa.select(contents.c.body).where(contents.c.entry_id == key)).scalar()
        figures, words = json.loads(row.figures), rows.words(body) or {}
        try:
            return Run(
                summary=summary,
                assessment=rows.in_zone(
                    Assessment.model_validate(words.get("assessment") or figures["assessment"]), figures["time_zone"]
                ),
                situation=words.get("situation"),
                grounded=words.get("grounded"),
                policy_digest=row.policy_digest,
                keep_text=KeepText(figures["keep_text"]),
                time_zone=figures["time_zone"],
            )
        except ValidationError as error:
            where = ".".join(map(str, error.errors()[0]["loc"]))
            raise StoreUnusable(
                f"triage {key[:7]} was kept in a form that this version cannot read ({where})"
            ) from error

    def history(self, run_id: str) -> tuple[Entry, ...]:
        """Everything that was done with a case, oldest first; undone entries are marked, not missing."""
        with self.reading() as connection:
            return tuple(queries.history(connection, [run_id]))

    def same_thread(self, situation: Situation, message_ids: Iterable[str] = ()) -> tuple[str, FoundBy] | None:
        """The newest kept triage of the same thread, not of the same text, and by which key; None if there is none."""
        keys = thread_keys.keys(situation, message_ids)
        query = (
            sa.select(threads.c.run_id, threads.c.kind)
            .join(runs, runs.c.id == threads.c.run_id)
            .where(threads.c.key.in_(keys), runs.c.input_digest != intake.digest(situation))
            .order_by(runs.c.made_at.desc())
        )
        with self.reading() as connection:
            found = [(row.run_id, FoundBy(row.kind)) for row in connection.execute(query)]
        sure = [match for match in found if match[1] is not FoundBy.SUBJECT]
        if not found:
            return None
        newest, _ = (sure or found)[0]
        return min((match for match in found if match[0] == newest), key=lambda match: list(FoundBy).index(match[1]))

    def policy_document(self, digest: str) -> Any:  # noqa: ANN401 - a policy as JSON
        """The policy of record as it was in force, parsed JSON."""
        with self.reading() as connection:
            found = connection.execute(sa.select(policies.c.document).where(policies.c.digest == digest)).scalar_one()
        return json.loads(found)


def _document(policy: Policy) -> str:
    """The policy as in force, country included. The order of its keys is kept: warnings are listed in it."""
    document = policy.model_dump(mode="json", by_alias=True)
    document["calendar"]["closed"].sort()  # a set has no order of its own, and equal policies have one digest
    return json.dumps(document, ensure_ascii=False)


def _words(
    assessment: Assessment, situation: Situation, grounded: Grounded, *, keep_text: KeepText, redact: Redact | None
) -> dict[str, Any]:
    """What can be forgotten later, as much of it as the setting keeps at all."""
    if keep_text is KeepText.NONE:
        return {"assessment": scrub.without_text(assessment).model_dump(mode="json")}
    nouns = {"assessment": assessment, "situation": situation, "grounded": grounded}
    full = {name: noun.model_dump(mode="json") for name, noun in nouns.items()}
    if keep_text is KeepText.FULL:
        return full
    assert redact is not None
    hidden: dict[str, Any] = _everywhere(redact, full)
    # A server's refusal may repeat what it was sent; nothing else of the provenance holds words of the text.
    refused = hidden["assessment"]["provenance"]["calls"]
    calls = [
        {**call, "error": told["error"]}
        for call, told in zip(full["assessment"]["provenance"]["calls"], refused, strict=True)
    ]
    full["assessment"]["provenance"]["calls"] = calls
    # What holds no words of the text stays as it is; the account is not a person, and lists need it.
    hidden["assessment"] |= {name: full["assessment"][name] for name in ("account", "provenance", "deadlines")}
    return hidden


def _everywhere(redact: Redact, value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The JSON value with every string in it redacted, instants excepted; keys stay."""
    if isinstance(value, str):
        return value if _INSTANT.match(value) else redact(value)
    if isinstance(value, list):
        return [_everywhere(redact, each) for each in value]
    if isinstance(value, dict):
        return {key: _everywhere(redact, each) for key, each in value.items()}
    return value
