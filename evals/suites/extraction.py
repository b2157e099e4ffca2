"""Suite 2: is the text read rightly? Levels, issue type, quotes, and what the text does not say."""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from agent import money
from agent.policy import LEVELS, Policy
from agent.schema import Assessment, Basis, Dimension
from evals.cases import Case
from evals.results import CaseVerdict, Metric, Run, SuiteReport
from evals.suites import measure

NAME = "extraction"

COVERED = 0.6  # of a key fact's words in one quote or rationale: the fact was seen, whatever its endings


def report(run: Run, cases: Mapping[str, Case], policy: Policy) -> SuiteReport:  # noqa: ARG001 - a suite's signature
    results = measure.clean(run)
    read = [(cases[d.result.case_id], d.assessment) for d in measure.done(results)]
    return SuiteReport(
        suite=NAME,
        metrics=(measure.answered(results), *chain.from_iterable(_dimension(d, read) for d in Dimension), *_rest(read)),
        outcomes=measure.outcomes(results),
        verdicts=(
            *(_verdict(d, cases[d.result.case_id]) for d in measure.done(results)),
            *(measure.failed(r, _labels(cases[r.case_id])) for r in results if measure.answer(r) is None),
        ),
    )


def _dimension(dimension: Dimension, read: list[tuple[Case, Assessment]]) -> Iterator[Metric]:
    pairs = [(case.expected.level(dimension), assessment.scores.of(dimension).score) for case, assessment in read]
    off = [abs(label - score) for label, score in pairs]
    yield measure.share(f"{dimension}_exact", [distance == 0 for distance in off])
    yield measure.share(f"{dimension}_within_one", [distance <= 1 for distance in off])
    yield measure.mean(f"{dimension}_mean_error", off)
    yield measure.kappa(f"{dimension}_kappa", pairs, levels=max(LEVELS))
    yield measure.share(f"{dimension}_inside_raters_range", [_inside(dimension, c, a) for c, a in read])


def _rest(read: list[tuple[Case, Assessment]]) -> Iterator[Metric]:
    yield measure.share(
        "account_value_exact_where_amount_stated",
        [
            case.expected.account_value == assessment.scores.account_value.score
            for case, assessment in read
            if states_an_amount(case)
        ],
    )
    yield measure.share("issue_type", [_type_accepted(case, assessment) for case, assessment in read])
    yield _per_case("inside_raters_range", [(c, _inside(d, c, a)) for c, a in read for d in Dimension])
    quoted = [(c, evidence.found) for c, a in read for _, score in a.scores.items() for evidence in score.evidence]
    yield _per_case("quotes_verbatim", quoted)
    yield _per_case("key_facts_covered", [(c, covers(a, fact)) for c, a in read for fact in c.key_facts])
    said = [(c, d in c.unstated, a.scores.of(d).basis is Basis.UNSTATED) for c, a in read for d in Dimension]
    yield _per_case("unstated_precision", [(case, silent) for case, silent, claimed in said if claimed])
    yield _per_case("unstated_recall", [(case, claimed) for case, silent, claimed in said if silent])


def _per_case(name: str, hits: Sequence[tuple[Case, bool]]) -> Metric:
    """A share of what a case holds several of."""
    return measure.share(name, [hit for _, hit in hits], of=[case.id for case, _ in hits])


def states_an_amount(case: Case) -> bool:
    """The text names money and the raters did not miss the account's value; the product's choice plays no part."""
    return bool(money.read_amounts(case.text)) and Dimension.ACCOUNT_VALUE not in case.unstated


def covers(assessment: Assessment, fact: str) -> bool:
    """True if one quote holds the fact, or one quote or rationale has most of its words."""
    wanted, words = measure.plain(fact), _words(fact)
    for score in map(assessment.scores.of, Dimension):
        quotes = [measure.plain(evidence.quote) for evidence in score.evidence if evidence.found]
        if any(wanted in quote for quote in quotes):
            return True
        if any(len(words & _words(said)) >= COVERED * len(words) for said in (*quotes, score.rationale)):
            return True
    return False


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", measure.plain(text)))


def _inside(dimension: Dimension, case: Case, assessment: Assessment) -> bool:
    """Between the lowest and the highest rater; where only a median is known, on it."""
    label = case.expected.level(dimension)
    low, high = case.rated_range.get(dimension, (label, label))
    return low <= assessment.scores.of(dimension).score <= high


def _type_accepted(case: Case, assessment: Assessment) -> bool:
    return assessment.issue_type in (case.expected.issue_type, *case.also_acceptable_issue_types)


def _verdict(read: measure.Done, case: Case) -> CaseVerdict:
    given = read.assessment
    levels = " ".join(f"{dimension}={score.score}" for dimension, score in given.scores.items())
    return measure.verdict(
        read.result, _findings(case, given), expected=_labels(case), actual=f"{levels} {given.issue_type}"
    )


def _findings(case: Case, given: Assessment) -> Iterator[str]:
    """A level off by two or more, another issue type, and words that stand nowhere in the text."""
    for dimension, score in given.scores.items():
        label = case.expected.level(dimension)
        if abs(score.score - label) > 1 and not _inside(dimension, case, given):
            yield f"{dimension}: {score.score} instead of {label}, because: {score.rationale}"
        yield from (f'{dimension}: not in the text: "{e.quote}"' for e in score.evidence if not e.found)
    if not _type_accepted(case, given):
        right = case.expected.issue_type
        yield f"issue type: {given.issue_type} instead of {right}, because: {given.issue_type_reason}"


def _labels(case: Case) -> str:
    levels = " ".join(f"{dimension}={case.expected.level(dimension)}" for dimension in Dimension)
    return f"{levels} {case.expected.issue_type}"
