"""Words and names removed for good, figures kept, and the removal itself on record."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import sqlalchemy as sa

from agent.errors import StoreUnusable
from agent.schema import Assessment, Noun
from agent.schema.record import NOT_KEPT, EntryKind
from agent.store import Store, queries
from agent.store.append import New, append
from agent.store.tables import contents, runs, searched, threads


class Removed(Noun):
    """What one forgetting took out of the record, in counts."""

    run_id: str
    messages: int = 0
    characters: int = 0
    quotes: int = 0
    drafts: int = 0
    reasons: int = 0
    account: bool = False

    def words(self) -> str:
        """For the person who asked for it."""
        counted = (
            (self.messages, "messages"), (self.characters, "characters of text"), (self.quotes, "quotes"),
            (self.drafts, "drafts"), (self.reasons, "reasons and notes of verdicts and outcomes"),
        )  # fmt: skip
        parts = [*(["the account's name"] if self.account else []), *(f"{n:,} {what}" for n, what in counted if n)]
        return ", ".join(parts) or "nothing that was still kept"


def forget(store: Store, run_id: str, *, by: str) -> Removed:
    """Remove the words of a run and of everything said about it; its figures and the chain stay."""
    (removed,) = forget_each(store, [run_id], by=by)
    return removed


def forget_each(store: Store, run_ids: Iterable[str], *, by: str) -> Iterator[Removed]:
    """Forget the runs one by one; each is told when it is forgotten."""
    try:
        for run_id in run_ids:
            yield _forgotten(store, run_id, by)
    finally:  # also where somebody stops in the middle: those before it are to be gone for good
        store.squeeze()


def _forgotten(store: Store, run_id: str, by: str) -> Removed:
    with store.writing() as connection:
        removed = _counted(connection, run_id)
        connection.execute(contents.delete().where(contents.c.run_id == run_id))
        connection.execute(searched.delete().where(searched.c.run_id == run_id))
        connection.execute(threads.delete().where(threads.c.run_id == run_id))
        figures = removed.model_dump(mode="json", exclude={"run_id"})
        append(connection, New(EntryKind.FORGET, by, figures, run_id=run_id))
    return removed


def _reasons(connection: sa.Connection, run_id: str) -> int:
    said = sa.select(sa.func.count()).where(contents.c.run_id == run_id, contents.c.entry_id != run_id)
    return int(connection.execute(said).scalar_one())


def older_than(store: Store, moment: datetime) -> Iterator[str]:
    """The runs made before the moment of which words are still kept, oldest first."""
    query = (
        sa.select(runs.c.id)
        .where(runs.c.made_at < moment, runs.c.id.in_(sa.select(contents.c.run_id)))
        .order_by(runs.c.made_at)
    )
    with store.reading() as connection:
        yield from connection.execute(query).scalars().all()


def _counted(connection: sa.Connection, run_id: str) -> Removed:
    """What is there to be removed; reasons alone where this version cannot read the rest, which goes all the same."""
    reasons = _reasons(connection, run_id)
    try:
        run = queries.run(connection, run_id)
    except StoreUnusable:
        return Removed(run_id=run_id, reasons=reasons)
    if run.summary.forgotten:
        return Removed(run_id=run.summary.id, reasons=reasons)
    assessment, situation = run.assessment, run.situation
    return Removed(
        run_id=run.summary.id,
        messages=len(situation.messages) if situation else 0,
        characters=len(situation.text) if situation else 0,
        quotes=sum(each.quote != NOT_KEPT for _, score in assessment.scores.items() for each in score.evidence),
        drafts=sum(words is not None for words in _drafts(assessment)),
        reasons=reasons,
        account=run.summary.account is not None,
    )


def _drafts(assessment: Assessment) -> Iterator[object]:
    if carrier := assessment.escalation:
        yield from (carrier.ask, carrier.customer_message)
    if step := assessment.next_step:
        yield from (step.action, step.customer_message)
