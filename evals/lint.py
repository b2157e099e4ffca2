"""What is wrong with a set of cases: errors that spoil figures, and warnings that a person should look at once."""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from enum import StrEnum
from itertools import combinations, permutations

from agent.evidence import normalise
from agent.policy import Policy
from agent.schema import Dimension, Noun
from evals.cases import Case, Split

_SHINGLE_WORDS = 5
_NEAR = 0.5  # share of shingles in common; invented threads in one style stay far below it
_FEW = 4  # a label with fewer cases cannot be spread evenly
_LEAN = 0.15  # difference between a label's shares in the two splits
_ONE_SIDED = 0.6


class Severity(StrEnum):
    """An error fails the command."""

    ERROR = "error"
    WARNING = "warning"


class LintFinding(Noun):
    """One thing that is wrong; `case_ids` is empty where it is wrong with the whole set."""

    severity: Severity
    case_ids: tuple[str, ...] = ()
    message: str

    def __str__(self) -> str:
        where = ", ".join(self.case_ids) or "the set"
        return f"{self.severity}: {where}: {self.message}"


Findings = Iterator[LintFinding]


def lint(cases: Sequence[Case], policy: Policy) -> tuple[LintFinding, ...]:
    """Every finding, errors first."""
    found = [finding for case in cases for check in _OF_ONE for finding in check(case)]
    found += [*_copies(cases), *_balance(cases, policy)]
    return tuple(sorted(found, key=lambda finding: finding.severity is not Severity.ERROR))


def _range(case: Case) -> Findings:
    """A label is the median of the raters, so it lies between the lowest and the highest."""
    for dimension in Dimension:
        low, high = case.rated_range.get(dimension, (1, 5))
        if dimension not in case.rated_range:
            yield _error(case, f"rated_range: {dimension} is missing")
        elif not low <= (level := case.expected.level(dimension)) <= high:
            yield _error(case, f"{dimension}: expected {level} is outside the raters' range {low}-{high}")


def _must_not(case: Case) -> Findings:
    """What the customer must never read is checked word for word, so it has to be the text's words."""
    text = normalise(case.text)
    for words in case.must_not_reach_customer:
        if normalise(words) not in text:
            yield _error(case, f"must_not_reach_customer: '{words}' does not stand in the text")


def _total(case: Case) -> Findings:
    """A total that `why` names is the total of the labels."""
    lowest = sum(case.rated_range.get(d, (1, 5))[0] for d in Dimension)
    highest = sum(case.rated_range.get(d, (1, 5))[1] for d in Dimension)
    # "the total stays at 8", "a sum of 13", "total: 14"; never "total of EUR 18k" or "the total is 4 points short".
    for named in re.findall(
        r"\b(?:total|sum)\b(?: (?:is|stays|stays at|of|at|lands at|comes to))*:? (\d\d?)(?=[.,;)]|$)", case.why
    ):
        total = int(named)
        if total == case.expected.total or not 4 <= total <= 20:  # noqa: PLR2004 - the framework's lowest and highest
            continue
        message = f"why names the total {total}, the labels add up to {case.expected.total}"
        yield _error(case, message) if not lowest <= total <= highest else _warning(case, message)


def _levels(case: Case) -> Findings:
    """A level in parentheses belongs to some dimension; with four of them there is one order in which all fit."""
    named = [int(level) for level in re.findall(r"\((\d)\)", case.why)]
    ranges = [case.rated_range.get(dimension, (1, 5)) for dimension in Dimension]
    for level in sorted(set(named)):
        if not any(low <= level <= high for low, high in ranges):
            yield _error(case, f"why names the level ({level}), which no rater gave on any dimension")
            return
    if len(named) == len(Dimension) and not any(
        all(low <= level <= high for level, (low, high) in zip(order, ranges, strict=True))
        for order in permutations(named)
    ):
        yield _warning(case, f"why names the levels {', '.join(map(str, named))}, which fit the labels in no order")


_OF_ONE: tuple[Callable[[Case], Findings], ...] = (_range, _must_not, _total, _levels)


def _copies(cases: Sequence[Case]) -> Findings:
    """The same text twice counts twice; nearly the same text on both sides of the split lets tuning see the test."""
    texts = {case.id: normalise(case.text).casefold() for case in cases}
    shingles = {case_id: _shingles(text) for case_id, text in texts.items()}
    for one, other in combinations(cases, 2):
        ids = (one.id, other.id)
        if texts[one.id] == texts[other.id]:
            yield LintFinding(severity=Severity.ERROR, case_ids=ids, message="the same text twice")
            continue
        a, b = shingles[one.id], shingles[other.id]
        shared = len(a & b) / len(a | b) if a | b else 0.0
        if shared < _NEAR:
            continue
        said = f"nearly the same text ({shared:.0%} of it)"
        if one.split is not other.split:
            message = f"{said} in both splits"
            yield LintFinding(severity=Severity.ERROR, case_ids=ids, message=message)
        elif one.pair is None or one.pair != other.pair:
            yield LintFinding(
                severity=Severity.WARNING, case_ids=ids, message=f"{said}; a pair has a tag such as pair-1"
            )


def _shingles(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text)
    return frozenset(tuple(words[n : n + _SHINGLE_WORDS]) for n in range(max(1, len(words) - _SHINGLE_WORDS + 1)))


def _balance(cases: Sequence[Case], policy: Policy) -> Findings:
    """Bands, languages and issue types: none takes over, none is missing, both splits look alike."""
    of: dict[str, Callable[[Case], str]] = {
        "band": lambda case: policy.band(case.expected.total),
        "issue type": lambda case: case.expected.issue_type,
        "language": lambda case: case.customer_language,
    }
    for kind, label_of in of.items():
        yield from _spread(cases, kind, label_of)
    for kind, every in (("band", policy.bands), ("issue type", policy.issue_types)):
        missing = [f"'{label}'" for label in every if all(of[kind](case) != label for case in cases)]
        if missing:
            yield _of_set(f"no case has the {kind} {' or '.join(missing)}")


def _spread(cases: Sequence[Case], kind: str, label_of: Callable[[Case], str]) -> Findings:
    """A label that most cases have, and one that stands almost in one split alone."""
    sizes = Counter(case.split for case in cases)
    counts: defaultdict[str, Counter[Split]] = defaultdict(Counter)
    for case in cases:
        counts[label_of(case)][case.split] += 1
    for label, by_split in sorted(counts.items()):
        count = by_split.total()
        if kind != "language" and len(cases) >= _FEW and count > _ONE_SIDED * len(cases):
            yield _of_set(f"{count} of {len(cases)} cases have the {kind} '{label}'")
        if len(sizes) < len(Split) or count < _FEW:
            continue
        shares = {split: by_split[split] / sizes[split] for split in Split}
        if abs(shares[Split.TUNE] - shares[Split.TEST]) > _LEAN or len(by_split) < len(Split):
            told = ", ".join(f"{by_split[split]} of {sizes[split]} in {split}" for split in Split)
            yield _of_set(f"the {kind} '{label}' is spread unevenly: {told}")


def _error(case: Case, message: str) -> LintFinding:
    return LintFinding(severity=Severity.ERROR, case_ids=(case.id,), message=message)


def _warning(case: Case, message: str) -> LintFinding:
    return LintFinding(severity=Severity.WARNING, case_ids=(case.id,), message=message)


def _of_set(message: str) -> LintFinding:
    return LintFinding(severity=Severity.WARNING, message=message)
