"""What managers corrected, as precedents for a model that writes: scores and reasons, and nothing of another customer.

A verdict resembles a case by its issue type first and by the dimension that it moved second; of equals the newest is
taken. Before a model has read the case both are guesses: the type by its words, or the earlier triage's where the case
goes on from one; the dimension is the one that managers move most in that type, or those they moved in the earlier one.

A reason that names a person or an account of its case, or repeats a passage of its text, is not offered, nor is one
whose case keeps no text to check it against. A precedent is data in the request; the engine never sees it.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from agent.evidence import normalise
from agent.pseudonyms import Pseudonyms
from agent.schema import Dimension, IssueType
from agent.schema.record import Filters, Precedent, Summary
from agent.store import Store

_LOOKED_THROUGH = 200  # verdicts of an issue type, the newest first
_PASSAGE_WORDS = 5


def choose(
    store: Store, number: int, *, guessed: Iterable[IssueType] = IssueType, earlier: Summary | None = None
) -> tuple[Precedent, ...]:
    """The corrections that resemble the case most, at most `number`, one of each (issue type, dimensions moved).

    `guessed` are the case's possible types, the likeliest first; `earlier` is the triage that it goes on from.
    """
    if not number:
        return ()
    types = dict.fromkeys([*([earlier.issue_type] if earlier else []), *guessed])
    moved = tuple(earlier.verdict.scores) if earlier and earlier.verdict else ()
    seen, chosen = set[tuple[object, ...]](), list[Precedent]()
    for summary in _resembling(store, types, moved):
        assert summary.verdict
        kind = (summary.issue_type, *summary.verdict.scores)
        if kind not in seen and _harmless(summary.verdict.reason or "", summary, store):
            seen.add(kind)
            chosen.append(_precedent(summary))
        if len(chosen) == number:
            break
    return tuple(chosen)


def _resembling(store: Store, types: Iterable[IssueType], moved: Collection[Dimension]) -> Iterator[Summary]:
    """Verdicts that moved a score and say why, those that resemble the case most first."""
    for issue_type in types:
        found = store.list(Filters(verified=True, issue_type=issue_type), limit=_LOOKED_THROUGH)
        corrected = [(s, s.verdict.scores) for s in found if s.verdict and s.verdict.scores and s.verdict.reason]
        often = Counter(dimension for _, scores in corrected for dimension in scores)
        alike = set(moved or [dimension for dimension, _ in often.most_common(1)])
        corrected.sort(key=lambda each: (not alike.isdisjoint(each[1]), each[0].verdict_at), reverse=True)
        yield from (summary for summary, _ in corrected)


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
