"""What managers corrected, as precedents for a model that writes: scores and reasons, and nothing of another customer.

A reason that names a person or an account of its case, or repeats a passage of its text, is not offered, nor is one
whose case keeps no text to check it against. A precedent is data in the request; the engine never sees it.
"""

from collections.abc import Iterator

from agent.evidence import normalise
from agent.pseudonyms import Pseudonyms
from agent.schema import IssueType
from agent.schema.record import Filters, Precedent, Summary
from agent.store import Store

_LOOKED_THROUGH = 200  # verdicts, the newest first
_PASSAGE_WORDS = 5


def choose(store: Store, number: int, *, issue_type: IssueType | None = None) -> tuple[Precedent, ...]:
    """The last verdicts that moved a score, at most `number`, the newest of each (issue type, dimensions moved).

    Before a model has read the case its type is known only if it goes on from another: then that type comes first.
    """
    if not number:
        return ()
    seen, chosen = set[tuple[object, ...]](), list[Precedent]()
    summaries = store.list(Filters(verified=True), limit=_LOOKED_THROUGH)
    newest = sorted(summaries, key=lambda s: (s.issue_type is issue_type, s.verdict_at), reverse=True)
    for summary in newest:
        verdict = summary.verdict
        kind = (summary.issue_type, *(verdict.scores if verdict else ()))
        if (
            verdict
            and verdict.scores
            and verdict.reason
            and kind not in seen
            and _harmless(verdict.reason, summary, store)
        ):
            seen.add(kind)
            chosen.append(_precedent(summary))
        if len(chosen) == number:
            break
    return tuple(chosen)


def _precedent(summary: Summary) -> Precedent:
    assert summary.verdict
    assert summary.verdict.reason
    assert summary.verdict_id
    return Precedent(
        verdict_id=summary.verdict_id,
        issue_type=summary.issue_type,
        moved={d: (summary.scores[d], level) for d, level in summary.verdict.scores.items()},
        reason=" ".join(summary.verdict.reason.split()),
    )


def _harmless(reason: str, summary: Summary, store: Store) -> bool:
    run = store.get(summary.id)
    if run.situation is None:
        return False
    hidden = Pseudonyms(run.situation, account=summary.account)
    if hidden.text(reason) != reason or any(name in reason.lower() for name in _account_words(summary)):
        return False
    text = normalise(run.situation.text).lower()
    return not any(passage in text for passage in _passages(reason))


def _account_words(summary: Summary) -> tuple[str, ...]:
    """The account's name in any case, and its first word, by which colleagues call it."""
    name = (summary.account or "").lower().split()
    return (" ".join(name), name[0]) if name else ()


def _passages(reason: str) -> Iterator[str]:
    words = normalise(reason).lower().split()
    for start in range(len(words) - _PASSAGE_WORDS + 1):
        yield " ".join(words[start : start + _PASSAGE_WORDS])
