"""The record of every triage: append-only, sealed by a hash chain, on SQLite or PostgreSQL.

Importing this room imports SQLAlchemy (a fifth of a second): the command line does so only where it stores or reads.
Every method may raise StoreUnusable: one line with the place and what to do.
"""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import sqlalchemy as sa

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
from agent.store import (
    chain,
    engine,
    looks,
    migrate,
    queries,
    rows,
    scrub,
    search,
    sqlite_file,
    standing,
    tallies,
    thread_keys,
)
from agent.store.append import New, append
from agent.store.faults import shown, told
from agent.store.tables import entries, policies, runs, searched, threads
from agent.store.words import Redact, document, words

__all__ = ["Store"]

_ALL = Filters()


class Store:
    """An open record. Safe for several threads and processes; use it as a context manager or close it."""

    def __init__(self, place: str | Path) -> None:
        """Open or make the record at a SQLite path or a database URL, its schema brought forward."""
        self.url = engine.url_of(place)
        self._engine = engine.connect(self.url)
        try:
            with told(self.url):
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
        return shown(self.url)

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """One consistent view of the record."""
        with told(self.url), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[sa.Connection]:
        """One transaction, alone at the end of the chain. What it wrote is on disk when it ends without an error."""
        with told(self.url), self._writing.begin() as connection:
            yield connection

    def squeeze(self) -> None:
        """Leave nothing of what was forgotten in SQLite's journal; PostgreSQL's own vacuum does it there."""
        if self.url.drivername != "sqlite":
            return
        with told(self.url), self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            emptied = sqlite_file.emptied(connection)
        if not emptied:  # somebody still reads what was there before
            raise StoreUnusable(
                f"the record at {self.place}: forgotten, but another process is at work, and so the journal beside it "
                "still holds the words; run `triage forget` again once that has ended"
            )

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
        policy_document = document(policy)
        kept = words(assessment, situation, grounded, keep_text=keep_text, redact=redact)
        keys = thread_keys.keys(situation, message_ids) if keep_text is not KeepText.NONE else {}
        found = looks.looks(assessment)
        figures = {
            "assessment": scrub.figures(assessment).model_dump(mode="json"),
            "keep_text": keep_text.value,
            "policy": (digest := chain.sha256(policy_document)),
            "model": rows.model_figures(assessment, policy),
            "time_zone": getattr(assessment.provenance.made_at.tzinfo, "key", None),
            "follows": follows,
            "looks": found,
        }
        new = New(EntryKind.RUN, by, figures, words=kept | {"threads": keys}, account=assessment.account)
        with self.writing() as connection:
            if not connection.execute(sa.select(policies.c.digest).where(policies.c.digest == digest)).first():
                row = {"digest": digest, "reference": policy.reference, "document": policy_document}
                connection.execute(policies.insert().values(row))
            key = append(connection, new)
            columns = rows.run_columns(assessment) | looks.columns(found) | standing.fresh(assessment.deadlines)
            connection.execute(runs.insert().values(id=key, policy_digest=digest, follows=follows, **columns))
            connection.execute(searched.insert().values(run_id=key, text=search.text(kept, assessment.account)))
            if follows:
                standing.refresh(connection, follows)
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
        reason = {"reason": verdict.reason} if verdict.reason else None
        return self._say(New(EntryKind.VERDICT, by, figures, run_id=run_id, words=reason))

    def add_outcome(self, run_id: str, outcome: Outcome, *, by: str) -> Entry:
        """How the case ended; it closes the case."""
        note = {"note": outcome.note} if outcome.note else None
        return self._say(New(EntryKind.OUTCOME, by, {"outcome": outcome.outcome}, run_id=run_id, words=note))

    def undo(self, entry_id: str, *, by: str) -> Entry:
        """Take back a verdict or an outcome: a new entry, the old one stays. Raises InputError if none stands there."""
        with self.writing() as connection:
            run_id = connection.execute(sa.select(entries.c.run_id).where(entries.c.id == entry_id)).scalar()
            said = queries.history(connection, [run_id], kinds=queries.OPINIONS) if run_id else ()
            if not any(e.id == entry_id and e.kind is not EntryKind.UNDO and not e.undone for e in said):
                raise InputError("there is no such verdict or outcome to take back")
            return _appended(connection, New(EntryKind.UNDO, by, {}, run_id=run_id, of_id=entry_id))

    def record_access(self, run_id: str, *, by: str, how: str) -> Entry:
        """Somebody read the words of a case; `how` says by which door."""
        return self._say(New(EntryKind.ACCESS, by, {"how": how}, run_id=run_id))

    def _say(self, new: New) -> Entry:
        with self.writing() as connection:
            if not connection.execute(sa.select(runs.c.id).where(runs.c.id == new.run_id)).first():
                raise InputError(f"no kept triage has the id {new.run_id}")
            return _appended(connection, new)

    # --- what is read ---------------------------------------------------------------------------------------------

    def list(
        self, filters: Filters = _ALL, *, limit: int | None = None, offset: int = 0, by_attention: bool = False
    ) -> tuple[Summary, ...]:
        """Kept triages that pass the filters: the newest first, or those that deserve a look first."""
        query = queries.listing(filters, by_attention=by_attention).limit(limit).offset(offset)
        with self.reading() as connection:
            return queries.summaries(connection, connection.execute(query))

    def ids(self, filters: Filters = _ALL) -> tuple[str, ...]:
        """The ids of all kept triages that pass the filters, the newest first: what may be read one by one."""
        with self.reading() as connection:
            return tuple(connection.execute(queries.identifying(filters)).scalars())

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
            return queries.run(connection, start)

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
            found = connection.execute(sa.select(policies.c.document).where(policies.c.digest == digest)).scalar()
        if found is None:
            raise StoreUnusable(f"the record at {self.place}: a policy of record is missing; see `triage log verify`")
        return json.loads(found)


def _appended(connection: sa.Connection, new: New) -> Entry:
    """What was said of a run, at the end of the chain, with what stands of the run since."""
    assert new.run_id is not None
    key = append(connection, new)
    if new.kind in queries.OPINIONS:
        standing.refresh(connection, new.run_id)
    return next(e for e in queries.history(connection, [new.run_id], kinds=[new.kind]) if e.id == key)
