"""How sure it is, and what a second opinion says, in sentences that the terminal and the Markdown page share.

Uncalibrated numbers are model weights. They are called a probability only where a calibration is named.
"""

from collections.abc import Iterator

from agent.policy import LEVELS, Policy
from agent.schema import Assessment, Dimension, LevelProbabilities, Likelihood, ProbabilitySource, ScoredBy

_SHOWN = 0.01  # smaller shares are left out
_LIKELY = 0.5
_READ_FROM = {
    ProbabilitySource.LOGPROBS: "the token in which the chat model wrote each score",
    ProbabilitySource.DECISION_MODEL: "the answers of a decision model",
}


def how_sure(assessment: Assessment, policy: Policy) -> Iterator[str]:
    """The decisions by their share, the cheaper one if it is another, the greatest doubt, and the levels."""
    likely = assessment.likelihood
    if likely is None:
        return
    yield f"{_called(likely)}: {bands(likely, policy)}."
    if likely.cheapest_band is not assessment.band:
        costs, label = policy.costs, policy.bands[likely.cheapest_band].label
        yield (
            f"With a decision that is too mild at {costs.under_per_band:g} and one too severe at "
            f"{costs.over_per_band:g} per step, '{label}' has the least expected cost."
        )
    if most := likely.most_doubt:
        yield f"Most of the doubt lies in: {policy.dimensions[most].label}."
    known = dict(_levels(assessment, second=likely.second_opinion))
    for dimension, shares in known.items():
        yield f"{policy.dimensions[dimension].label}: {levels(shares)}"
    if told := [words for source, words in _READ_FROM.items() if source in {each.source for each in known.values()}]:
        yield f"Read from {' and '.join(told)}."
    if certain := [policy.dimensions[d].label for d in Dimension if d not in known]:
        yield f"Counted as certain: {', '.join(certain)}. The dimensions are taken as independent."


def headline(likely: Likelihood, policy: Policy) -> str:
    """One line for the top of a report."""
    return f"{_called(likely)}: {bands(likely, policy)}"


def bands(likely: Likelihood, policy: Policy) -> str:
    """The decisions by their share, the largest first: 'Escalate with urgency 72 %, Escalate for support 25 %'."""
    ranked = sorted(likely.bands.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{policy.bands[band].label} {share:.0%}" for band, share in ranked if share >= _SHOWN)


def levels(shares: LevelProbabilities) -> str:
    """The levels by their share, the largest first: '4 at 60%, 3 at 35%'."""
    ranked = sorted(LEVELS, key=lambda level: -shares.of(level))
    told = ", ".join(f"{level} at {shares.of(level):.0%}" for level in ranked if shares.of(level) >= _SHOWN)
    return f"{told} ({shares.calibration})" if shares.calibration else told


def second_opinion(assessment: Assessment, policy: Policy) -> Iterator[str]:
    """Agreement or difference per dimension, the band it would give, and what it did not answer."""
    second, beside = assessment.second_opinion, assessment.comparison
    if second is None:
        return
    yield f"Asked: {second.model}"
    if second.note:
        yield f"No second opinion: {second.note}"
    if beside:
        for dimension, level in beside.levels.items():
            shares = second.probabilities.of(dimension)
            weighed = f" ({levels(shares)})" if shares else ""
            yield f"{policy.dimensions[dimension].label}: {_beside(assessment, dimension, level)}{weighed}"
        same = "the same decision" if beside.band is assessment.band else "another decision"
        yield f"By its levels: total {beside.total}, {policy.bands[beside.band].label}: {same}."
    if (types := second.probabilities.issue_types) is not None:
        same = "agrees" if types.likeliest is assessment.issue_type else "differs"
        label = policy.issue_types[types.likeliest].label
        yield f"Issue type: {label} at {types.values[types.likeliest]:.0%}: {same}."
    if second.surprised is not None:
        same = "agrees" if (second.surprised >= _LIKELY) == assessment.surprise_test.surprised else "differs"
        yield f"Surprise test: yes at {second.surprised:.0%}: {same}."
    if second.unanswered:
        yield f"Not answered: {', '.join(second.unanswered)}."


def _called(likely: Likelihood) -> str:
    whose = " of the second opinion" if likely.second_opinion else ""
    return f"Probability{whose}" if likely.calibrated else f"Model weights{whose}, not calibrated"


def _levels(assessment: Assessment, *, second: bool) -> Iterator[tuple[Dimension, LevelProbabilities]]:
    """The level probabilities behind the likelihood."""
    for dimension, score in assessment.scores.items():
        shares = score.probabilities
        if second and assessment.second_opinion and score.scored_by is ScoredBy.MODEL:
            shares = assessment.second_opinion.probabilities.of(dimension)
        if shares is not None:
            yield dimension, shares


def _beside(assessment: Assessment, dimension: Dimension, level: int) -> str:
    score = assessment.scores.of(dimension)
    if score.scored_by is ScoredBy.CSM:
        return f"{level}; you set {score.score}"
    step = abs(level - score.score)
    return f"{level}, agrees" if not step else f"{level} instead of {score.score}, {step} apart"
