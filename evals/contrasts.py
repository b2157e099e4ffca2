"""The decisions of two runs on the same cases, question by question, each with what chance explains.

Right or wrong is coarse: on a few dozen cases it misses a reading that is a little off everywhere. So the distance of
the totals and the kappa of the bands are compared as well, by a bootstrap in which pairs stay pairs.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import NamedTuple

from agent.policy import Policy
from agent.schema import Assessment, Band, Dimension
from evals import paired, stats
from evals.cases import Case
from evals.items import CLEAN
from evals.results import Comparison, Contrast, Run, SuiteReport

ESCALATED_ENOUGH, TOTAL_ERROR = "escalated_enough", "total_error"


class Shared(NamedTuple):
    """A case that both runs answered, with every repeat of it."""

    case: Case
    before: Sequence[Assessment]
    after: Sequence[Assessment]


def compare(before: Run, after: Run, cases: Mapping[str, Case], policy: Policy) -> Comparison:
    """The decisions of two runs on the clean cases that both answered; empty where they share none."""
    earlier, later = (_answers(run, cases) for run in (before, after))
    shared = [Shared(cases[name], earlier[name], later[name]) for name in later if name in earlier]
    contrasts = (*_rights(shared, policy), *_band_kappa(shared, policy), _total_error(shared)) if shared else ()
    return Comparison(before=before.contestant, after=after.contestant, contrasts=contrasts)


def _answers(run: Run, cases: Mapping[str, Case]) -> dict[str, list[Assessment]]:
    answers: defaultdict[str, list[Assessment]] = defaultdict(list)
    for result in run.results:
        if result.assessment and result.variant == CLEAN and result.case_id in cases:
            answers[result.case_id].append(result.assessment)
    return answers


def suite(before: SuiteReport, after: SuiteReport) -> Contrast:
    """Whether a case passes; one without an answer has not passed."""
    return _right_or_wrong(before.suite, paired.passed(before), paired.passed(after))


def _right_or_wrong(name: str, was: paired.Right, now: paired.Right) -> Contrast:
    pairs = paired.pair(was, now)
    return Contrast(
        name=name,
        n=pairs.cases,
        before=pairs.right_before / max(1, pairs.cases),
        after=pairs.right_after / max(1, pairs.cases),
        p=pairs.p,
        lost=tuple(case_id for case_id, _ in pairs.lost),
        gained=tuple(case_id for case_id, _ in pairs.gained),
    )


def _rights(shared: Sequence[Shared], policy: Policy) -> Iterator[Contrast]:
    """What is right or not: the band, never too low a band, the issue type, and every dimension."""
    for name, right in _questions(policy).items():
        was = paired.majority(
            ((one.case.id, CLEAN), right(one.case, answer)) for one in shared for answer in one.before
        )
        now = paired.majority(((one.case.id, CLEAN), right(one.case, answer)) for one in shared for answer in one.after)
        yield _right_or_wrong(name, was, now)


def _questions(policy: Policy) -> dict[str, Callable[[Case, Assessment], bool]]:
    def expected(case: Case) -> Band:
        return policy.band(case.expected.total)

    def exact(dimension: Dimension) -> Callable[[Case, Assessment], bool]:
        return lambda case, given: given.scores.of(dimension).score == case.expected.level(dimension)

    return {
        "band": lambda case, given: given.band is expected(case),
        ESCALATED_ENOUGH: lambda case, given: given.band.severity >= expected(case).severity,
        "issue_type": lambda case, given: (
            given.issue_type in (case.expected.issue_type, *case.also_acceptable_issue_types)
        ),
        **{dimension.value: exact(dimension) for dimension in Dimension},
    }


def _total_error(shared: Sequence[Shared]) -> Contrast:
    """By how many points the total is off."""

    def error(case: Case, given: Sequence[Assessment]) -> float:
        return fmean(abs(answer.total - case.expected.total) for answer in given)

    was, now = [error(one.case, one.before) for one in shared], [error(one.case, one.after) for one in shared]
    moved = [(one.case.id, b - a) for one, a, b in zip(shared, was, now, strict=True)]
    return Contrast(
        name=TOTAL_ERROR,
        n=len(shared),
        before=fmean(was),
        after=fmean(now),
        higher_is_better=False,
        lost=tuple(case_id for case_id, by in moved if by > 0),
        gained=tuple(case_id for case_id, by in moved if by < 0),
        **_bounds(len(shared), lambda: stats.mean_difference(was, now)),
    )


def _band_kappa(shared: Sequence[Shared], policy: Policy) -> Iterator[Contrast]:
    """How well the bands agree with the labels; nothing where all are one band, so that chance agrees as well."""
    truth = [policy.band(one.case.expected.total).severity + 1 for one in shared]
    first = [one.before[0].band.severity + 1 for one in shared]
    second = [one.after[0].band.severity + 1 for one in shared]
    if len({*truth, *first}) > 1 and len({*truth, *second}) > 1:
        levels = len(Band)
        yield Contrast(
            name="band_kappa",
            n=len(shared),
            before=stats.quadratic_kappa(truth, first, levels=levels),
            after=stats.quadratic_kappa(truth, second, levels=levels),
            **_bounds(len(shared), lambda: stats.kappa_difference(truth, first, second, levels=levels)),
        )


def _bounds(n: int, interval: Callable[[], stats.Interval]) -> dict[str, float]:
    """The interval of a change; none where the cases are too few to draw from."""
    return interval()._asdict() if n >= stats.LEAST_FOR_CHANGE else {}
