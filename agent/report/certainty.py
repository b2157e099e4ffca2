"""How sure it is, and what a second opinion says, in sentences that the terminal and the Markdown page share.

Uncalibrated numbers are model weights. They are called a probability only where a calibration is named.
"""

from collections.abc import Iterator, Mapping

from agent.policy import LEVELS, Policy
from agent.schema import Assessment, Dimension, LevelProbabilities, Likelihood, ProbabilitySource, ScoredBy
from agent.schema.probabilities import NEARLY_CERTAIN, percent

_SHOWN = 0.01  # smaller shares are left out
_LIKELY = 0.5
_READ_FROM = {
    ProbabilitySource.LOGPROBS: "how the chat model weighed the digit of each score",
    ProbabilitySource.DECISION_MODEL: "the answers of a decision model",
}

Known = Mapping[Dimension, LevelProbabilities]


def how_sure(assessment: Assessment, policy: Policy) -> Iterator[str]:
    """The decisions by their share, the cheaper one if it is another, the greatest doubt, and the levels."""
    likely = assessment.likelihood
    if likely is None:
        return
    known = dict(_levels(assessment, second=likely.second_opinion))
    yield f"{headline(assessment, policy)}."
    if not likely.calibrated:
        yield "Model weights say how far the model leans to a decision, not how often it is right."
    if assessment.provenance.embedded and not likely.second_opinion:
        yield "On labelled threads that it had not seen, the built-in model was right less often than it says here."
    yield from _other_decisions(assessment, likely, policy)
    if (most := likely.most_doubt) and max(likely.bands.values()) < NEARLY_CERTAIN:
        yield f"The greatest doubt lies in: {policy.dimensions[most].label}."
    for dimension, shares in known.items():
        yield f"{policy.dimensions[dimension].label}: {levels(shares)}"
    if told := [words for source, words in _READ_FROM.items() if source in {each.source for each in known.values()}]:
        yield f"Read from {' and '.join(told)}."
    yield from _calibrations(known, policy)
    yield from _taken_for_granted(assessment, known, policy)


def headline(assessment: Assessment, policy: Policy) -> str:
    """One line for the top of a report: the shares, and what they hang on that nobody knows."""
    likely = assessment.likelihood
    assert likely is not None, "asked only where something is known"
    known = dict(_levels(assessment, second=likely.second_opinion))
    silent = [
        f"{policy.dimensions[d].label} is {score.score}"
        for d, score in assessment.scores.items()
        if score.unstated and d not in known
    ]
    told = shares_of(likely, policy)
    return f"{told}, if {' and '.join(silent)}, which the text does not say" if silent else told


def shares_of(likely: Likelihood, policy: Policy) -> str:
    """The shares of the decisions under the name that they deserve."""
    return f"{_called(likely)}: {bands(likely, policy)}"


def bands(likely: Likelihood, policy: Policy) -> str:
    """The decisions by their share, the largest first: 'Escalate with urgency 72 %, Escalate for support 25 %'."""
    ranked = sorted(likely.bands.items(), key=lambda pair: -pair[1])
    return ", ".join(f"{policy.bands[band].label} {percent(share)}" for band, share in ranked if share >= _SHOWN)


def levels(shares: LevelProbabilities) -> str:
    """The levels by their share, the largest first: '4 at 60%, 3 at 35%'."""
    ranked = sorted(LEVELS, key=lambda level: -shares.of(level))
    return ", ".join(f"{level} at {percent(shares.of(level))}" for level in ranked if shares.of(level) >= _SHOWN)


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
        yield f"Issue type: {label} at {percent(types.values[types.likeliest])}: {same}."
    if second.surprised is not None:
        same = "agrees" if (second.surprised >= _LIKELY) == assessment.surprise_test.surprised else "differs"
        yield f"Surprise test: yes at {percent(second.surprised)}: {same}."
    if second.unanswered:
        yield f"Not answered: {', '.join(second.unanswered)}."


def _other_decisions(assessment: Assessment, likely: Likelihood, policy: Policy) -> Iterator[str]:
    """Where the shares lean to another decision than that of the scores, or the costs do."""
    likeliest = max(likely.bands, key=lambda band: likely.bands[band])
    if likeliest is not assessment.band:
        leaning = policy.bands[likeliest].label
        yield f"The decision goes by the sum of the four scores; the shares lean to '{leaning}'."
    if likely.cheapest_band is not assessment.band:
        costs, label = policy.costs, policy.bands[likely.cheapest_band].label
        yield (
            f"The policy counts a decision that is a step too mild as {costs.under_per_band:g} and one that is a step "
            f"too severe as {costs.over_per_band:g}: by that, '{label}' costs least on average."
        )


def _calibrations(known: Known, policy: Policy) -> Iterator[str]:
    """Every calibration with the dimensions it was made for, where not all share it."""
    for reference in dict.fromkeys(each.calibration for each in known.values() if each.calibration):
        held = [policy.dimensions[d].label for d, each in known.items() if each.calibration == reference]
        yield f"Calibrated by {reference}{'' if len(held) == len(known) else ': ' + ', '.join(held)}."


def _taken_for_granted(assessment: Assessment, known: Known, policy: Policy) -> Iterator[str]:
    """What has no shares of its own: guessed where the text is silent, else certain. And what the sums assume."""
    rest = [(policy.dimensions[d].label, score) for d, score in assessment.scores.items() if d not in known]
    if silent := [f"{label} as {score.score}" for label, score in rest if score.unstated]:
        yield f"Not in the text, and counted as its likeliest level: {', '.join(silent)}."
    if certain := [label for label, score in rest if not score.unstated]:
        yield f"Counted as certain: {', '.join(certain)}."
    yield "The dimensions are taken as independent."


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
