"""Suite 3: is the decision right? Band, route, and which way and how far the wrong ones are off."""

from collections.abc import Iterator, Mapping

from agent.policy import Policy
from agent.schema import Assessment, Band
from evals.cases import Case
from evals.results import CaseResult, CaseVerdict, Metric, Outcome, Run, SuiteReport
from evals.suites import measure

NAME = "end_to_end"

Row = tuple[str, ...]
_FAR = 2  # bands; and points from the border that was crossed


def report(run: Run, cases: Mapping[str, Case], policy: Policy) -> SuiteReport:
    results = measure.clean(run)
    decided = [(cases[d.result.case_id], d.assessment) for d in measure.done(results)]
    return SuiteReport(
        suite=NAME,
        metrics=(measure.answered(results), *_metrics(decided, policy), *_tokens([given for _, given in decided])),
        outcomes=measure.outcomes(results),
        verdicts=tuple(_verdict(result, cases[result.case_id], policy) for result in results),
        tables={
            "confusion": _confusion(results, cases, policy),
            "missed": _missed(decided, policy),
            "totals": (
                ("case", "expected", "given"),
                *((case.id, str(case.expected.total), str(given.total)) for case, given in decided),
            ),
        },
    )


def _tokens(answers: list[Assessment]) -> Iterator[Metric]:
    """What both calls of a case took, where a provider counted."""
    for name in ("input", "cached", "output"):
        counted = [count for given in answers if (count := getattr(given.provenance.tokens, name)) is not None]
        if counted:
            yield measure.mean(f"{name}_tokens_per_case", counted)


def expected_band(case: Case, policy: Policy) -> Band:
    return policy.band(case.expected.total)


def expected_owners(case: Case, policy: Policy) -> tuple[str, ...]:
    """Team keys that may own it: the labelled issue type's in the labelled band, then those of accepted types."""
    types = (case.expected.issue_type, *case.also_acceptable_issue_types)
    band = expected_band(case, policy)
    return tuple(dict.fromkeys(policy.issue_types[kind].routes[band].owner for kind in types))


def points_past_border(case: Case, given: Band, policy: Policy) -> int:
    """How many points the labelled total lies from the given band's side; 0 if it is the right band."""
    total, right = case.expected.total, expected_band(case, policy)
    if given is right:
        return 0
    rule = policy.bands[right]
    return rule.to + 1 - total if given.severity > right.severity else total - rule.from_ + 1


def _metrics(decided: list[tuple[Case, Assessment]], policy: Policy) -> Iterator[Metric]:
    pairs = [(expected_band(case, policy).severity, given.band.severity) for case, given in decided]
    past = [points_past_border(case, given.band, policy) for case, given in decided]
    yield measure.share("band_exact", [a == b for a, b in pairs])
    yield measure.kappa("band_kappa", [(a + 1, b + 1) for a, b in pairs], levels=len(Band))
    yield measure.share("under_escalated", [b < a for a, b in pairs], higher_is_better=False)
    yield measure.share("over_escalated", [b > a for a, b in pairs], higher_is_better=False)
    yield measure.share("off_by_two_bands_or_more", [abs(a - b) >= _FAR for a, b in pairs], higher_is_better=False)
    yield measure.share("missed_far_from_border", [points >= _FAR for points in past], higher_is_better=False)
    yield measure.mean("border_distance_of_missed", [points for points in past if points])
    yield measure.mean("total_mean_error", [abs(case.expected.total - given.total) for case, given in decided])
    owners = [given.route.owner_team in expected_owners(case, policy) for case, given in decided]
    yield measure.share("route_exact", owners)


def _confusion(results: list[CaseResult], cases: Mapping[str, Case], policy: Policy) -> tuple[Row, ...]:
    """Labelled bands down, given bands across; every kind of failure that occurred is a column of its own."""
    failures = [outcome for outcome in measure.outcomes(results) if outcome is not Outcome.DONE]
    columns = [*(band.value for band in Band), *(outcome.value for outcome in failures)]
    counts = {(band, column): 0 for band in Band for column in columns}
    for result in results:
        answer = measure.answer(result)
        given = answer.band.value if answer else result.outcome.value
        counts[expected_band(cases[result.case_id], policy), given] += 1
    rows = ((band.value, *(str(counts[band, column]) for column in columns)) for band in Band)
    return ("expected", *columns), *rows


def _missed(decided: list[tuple[Case, Assessment]], policy: Policy) -> tuple[Row, ...]:
    rows = [
        (case.id, expected_band(case, policy).value, given.band.value, str(case.expected.total), str(given.total),
         str(points_past_border(case, given.band, policy)))
        for case, given in decided
        if given.band is not expected_band(case, policy)
    ]  # fmt: skip
    return ("case", "expected", "given", "expected total", "given total", "points to the border"), *sorted(rows)


def _verdict(result: CaseResult, case: Case, policy: Policy) -> CaseVerdict:
    band, owners = expected_band(case, policy), expected_owners(case, policy)
    expected = f"{band} ({case.expected.total}) to {' or '.join(owners)}"
    given = measure.answer(result)
    if given is None:
        return measure.failed(result, expected)
    findings = []
    if given.band is not band:
        way = "under" if given.band.severity < band.severity else "over"
        points = points_past_border(case, given.band, policy)
        findings.append(f"{way}-escalated: {given.band} instead of {band}, {points} points from the border")
    elif given.route.owner_team not in owners:
        findings.append(f"routed to {given.route.owner_team} as {given.issue_type}, instead of {' or '.join(owners)}")
    actual = f"{given.band} ({given.total}) to {given.route.owner_team}"
    return measure.verdict(result, findings, expected=expected, actual=actual)
