"""What a reader is warned of: for each rule a case that raises it and one next to it that does not."""

import pytest

from agent.engine import decide
from agent.engine.warnings import missing_context
from agent.policy import load_default
from agent.schema import (
    Answer,
    Basis,
    Dimension,
    Evidence,
    LevelProbabilities,
    Period,
    Probabilities,
    ProbabilitySource,
    RoutingCondition,
    ScoredBy,
    SecondOpinion,
    SurpriseTest,
    WarningCode,
)
from tests.builders import NOW, grounded, stated_arr

POLICY = load_default()
IMPACT, VALUE, TIME, CAPABILITY = Dimension
UNSTATED = {"basis": Basis.UNSTATED}
DOUBTFUL = {"low_confidence": True}
NOT_FOUND = {"evidence": (Evidence(quote="a", found=False), Evidence(quote="b", found=False))}
HALF_FOUND = {"evidence": (Evidence(quote="a", found=False), Evidence(quote="b", found=True, message=1))}
SURPRISED = SurpriseTest(reason="nobody knows", surprised=True)
MILD, SUPPORT = (2, 2, 2, 1), (3, 3, 3, 2)


def condition(met):
    return RoutingCondition(reason="because", met=met)


def of(scores, fields=None, **extraction_fields):
    reading = grounded(scores, score_fields=fields or {}, **extraction_fields)
    return {warning.code.value: warning for warning in decide(reading, POLICY, NOW).warnings}


def seconded(scores, impact):
    """The warnings beside a second opinion that is certain of another customer impact."""
    shares = tuple(float(level == impact) for level in range(1, 6))
    levels = LevelProbabilities(values=shares, source=ProbabilitySource.DECISION_MODEL)
    second = SecondOpinion(model="m", probabilities=Probabilities(customer_impact=levels))
    reading = grounded(scores).model_copy(update={"second_opinion": second})
    return {warning.code.value: warning for warning in decide(reading, POLICY, NOW).warnings}


RAISED_OR_NOT = {
    "too_late": (
        lambda: of(MILD, attempts=("one", "two")),
        lambda: of(MILD, attempts=("one",)),
        lambda: of(MILD, attempts=("one", "two"), open_now=()),
        lambda: of(SUPPORT, attempts=("one", "two")),
    ),
    "nothing_tried": (lambda: of(SUPPORT, attempts=()), lambda: of(SUPPORT), lambda: of(MILD, attempts=())),
    "context_missing": (
        lambda: of(SUPPORT, attempts=()),
        lambda: of(SUPPORT),
        lambda: of(MILD, attempts=()),
        lambda: of(SUPPORT, {TIME: UNSTATED}),
        lambda: of(SUPPORT, {VALUE: UNSTATED}, arr=stated_arr(30_000)),
    ),
    "tell_the_customer": (lambda: of(SUPPORT), lambda: of(MILD)),
    "surprise_test": (
        lambda: of(MILD, surprise_test=SURPRISED),
        lambda: of(MILD),
        lambda: of(SUPPORT, surprise_test=SURPRISED),
    ),
    "impact_hidden": (lambda: of((5, 1, 1, 1)), lambda: of((4, 1, 1, 1)), lambda: of((5, 2, 1, 1))),
    "routing_condition": (
        lambda: of(SUPPORT, routing_condition=condition(Answer.NO)),
        lambda: of(SUPPORT, routing_condition=condition(Answer.NOT_KNOWN)),
        lambda: of(MILD, routing_condition=condition(Answer.NO)),
    ),
    "several_issues": (lambda: of(MILD, other_issues=("the invoice",)), lambda: of(MILD)),
    "arr_disagrees": (
        lambda: of((3, 2, 3, 3), arr=stated_arr(10_000)),
        lambda: of((3, 3, 3, 3), arr=stated_arr(10_000)),
        lambda: of((3, 2, 3, 3)),
        lambda: of((3, 1, 3, 3), arr=stated_arr(90_000, "XXX")),
    ),
    "unstated": (lambda: of(SUPPORT, {TIME: UNSTATED}), lambda: of(SUPPORT, {TIME: {"basis": Basis.INFERRED}})),
    "unsupported": (
        lambda: of(MILD, {TIME: NOT_FOUND}),
        lambda: of(MILD, {TIME: HALF_FOUND}),
        lambda: of(MILD),
        lambda: of(MILD, {TIME: NOT_FOUND | {"scored_by": ScoredBy.CSM}}),
    ),
    "low_confidence": (lambda: of(MILD, {TIME: DOUBTFUL}), lambda: of(MILD)),
    "second_opinion_differs": (
        lambda: seconded(SUPPORT, 5),
        lambda: seconded(SUPPORT, 4),
        lambda: of(SUPPORT),
    ),
    "next_band_near": (lambda: of((2, 2, 2, 2)), lambda: of(MILD), lambda: of((5, 5, 5, 5))),
}


ELSEWHERE = {  # raised by other rooms, and tested there
    WarningCode.DRAFT_REPLACED,
    WarningCode.STANDING_RULE_BROKEN,
    WarningCode.HIDDEN_TEXT,
    WarningCode.INSTRUCTIONS_TO_AI,
    WarningCode.LOOK_ALIKE_LETTERS,
    WarningCode.PROTECTED_DATA,
}


@pytest.mark.parametrize("code", [code for code in WarningCode if code not in ELSEWHERE])
def test_raised_and_not_raised(code):
    """Each warning is raised in its case, and in none of the cases that differ from it in one thing."""
    raising, *silent = RAISED_OR_NOT[code]
    assert code in raising()
    assert silent
    for case in silent:
        assert code not in case()


@pytest.mark.parametrize(
    ("warning", "words"),
    [
        (lambda: of(MILD, attempts=("one", "two"))["too_late"], ("2 attempts", "Tue 2026-12-01")),
        (lambda: of(SUPPORT)["tell_the_customer"], ("by Wed 2026-11-25 17:00",)),
        (lambda: of(MILD, surprise_test=SURPRISED)["surprise_test"], ("'Handle yourself'",)),
        (lambda: of((5, 1, 1, 1))["impact_hidden"], ("impact is 5", "'Handle yourself'")),
        (
            lambda: of(SUPPORT, routing_condition=condition(Answer.NO))["routing_condition"],
            ("'Engineering, through the support platform'", "within the SLA", "First: open or escalate"),
        ),
        (lambda: of(MILD, other_issues=("the invoice", "the login"))["several_issues"], ("the invoice; the login",)),
        (
            lambda: of((3, 1, 3, 3), arr=stated_arr(4_000, period=Period.MONTH))["arr_disagrees"],
            ("EUR 4000", "EUR 48,000 a year", "level 3", "scored 1"),
        ),
        (
            lambda: of((3, 3, 2, 3), {VALUE: UNSTATED, TIME: UNSTATED})["unstated"],
            ("Account value, Time sensitivity", "Handle yourself, Escalate for support, Escalate with urgency"),
        ),
        (lambda: of(MILD, {TIME: NOT_FOUND})["unsupported"], ("Time sensitivity",)),
        (
            lambda: of(MILD, {IMPACT: DOUBTFUL, TIME: DOUBTFUL})["low_confidence"],
            ("Customer impact, Time sensitivity",),
        ),
        (lambda: of((2, 2, 2, 2))["next_band_near"], ("'Escalate for support'",)),
    ],
)
def test_words(warning, words):
    """A warning names what it is about: dates, decisions, dimensions, both figures that disagree."""
    message = warning().message
    assert all(part in message for part in words), message
    assert "$" not in message


@pytest.mark.parametrize(
    ("amount", "score", "disagrees"),
    [
        ("9999.99", 1, False), ("9999.99", 2, False), ("9999.99", 3, True),
        ("10000", 2, True), ("10000", 3, False), ("10000", 4, False), ("10000", 5, True),
        ("50000", 2, True), ("50000", 3, False), ("50000", 5, True),
        ("50000.01", 4, True), ("50000.01", 5, False),
    ],
)  # fmt: skip
def test_arr_against_the_score(amount, score, disagrees):
    """A score below the amount's level disagrees, and so does one two levels above; EUR 10,000 and 50,000 are level 3."""
    assert ("arr_disagrees" in of((3, score, 3, 3), arr=stated_arr(amount))) is disagrees


def test_unstated_needs_a_human_only_where_the_band_could_change():
    """A silent text is always told; a human must look only if some value of it gives another decision."""
    matters, settled = of((2, 2, 2, 2), {VALUE: UNSTATED}), of((1, 3, 1, 1), {VALUE: UNSTATED})
    assert matters["unstated"].human_must_look
    assert not settled["unstated"].human_must_look


def test_what_a_human_must_see_stands_first():
    """First where a human must look, then the rest, each in the policy's order."""
    warnings = decide(
        grounded(
            (4, 1, 4, 4),
            attempts=(),
            arr=stated_arr(90_000),
            other_issues=("the invoice",),
            score_fields={TIME: DOUBTFUL | NOT_FOUND},
        ),
        POLICY,
        NOW,
    ).warnings
    assert [(w.code.value, w.human_must_look) for w in warnings] == [
        ("arr_disagrees", True),
        ("unsupported", True),
        ("low_confidence", True),
        ("nothing_tried", False),
        ("context_missing", False),
        ("tell_the_customer", False),
        ("several_issues", False),
        ("next_band_near", False),
    ]


@pytest.mark.parametrize(
    ("fields", "extraction_fields", "missing"),
    [
        ({}, {}, ()),
        ({}, {"situation": " "}, ("the issue",)),
        ({IMPACT: UNSTATED}, {}, ("customer impact",)),
        ({}, {"attempts": ()}, ("what was tried",)),
        ({VALUE: UNSTATED}, {}, ("account context (ARR, renewal)",)),
        ({VALUE: UNSTATED}, {"arr": stated_arr(30_000)}, ()),
        ({CAPABILITY: UNSTATED}, {}, ("whether the CSM can resolve it",)),
        ({IMPACT: UNSTATED}, {"attempts": ()}, ("customer impact", "what was tried")),
    ],
)
def test_missing_context(fields, extraction_fields, missing):
    """Which of the five things a CSM is asked for the text lacks, in plain words."""
    assert missing_context(grounded(SUPPORT, score_fields=fields, **extraction_fields)) == missing
