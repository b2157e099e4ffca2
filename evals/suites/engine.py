"""Every case's labels through the real engine: total, band and route. No model answers, so nothing below 100 % will do.

What is expected is written here by hand from the framework's tables and shares nothing with the policy file. A
company's own policy may differ from the framework on purpose: then this suite tells where.
"""

from collections.abc import Iterable, Mapping

from agent import by_hand, engine
from agent.policy import Policy
from agent.schema import (
    Band,
    Decision,
    Dimension,
    Grounded,
    IssueType,
)
from evals.cases import Case, Labels
from evals.results import CaseVerdict, Metric, Outcome, Run, SuiteReport

NAME = "engine"

# The framework's four bands, by the lowest total of each.
_BANDS = (
    (18, Band.ESCALATE_IMMEDIATELY),
    (14, Band.ESCALATE_WITH_URGENCY),
    (9, Band.ESCALATE_FOR_SUPPORT),
    (4, Band.HANDLE_YOURSELF),
)
_CS = "CS leadership"
# The framework's routing table: the team of each issue type, and who acts beside it where the table names two.
_TEAMS: Mapping[IssueType, tuple[str, ...]] = {
    IssueType.PRODUCT_DEFECT: ("Engineering, through the support platform",),
    IssueType.FEATURE_GAP: ("Product management",),
    IssueType.SERVICE_FAILURE: (_CS, "Support leadership"),
    IssueType.COMMERCIAL_DISPUTE: (_CS, "Finance"),
    IssueType.RELATIONSHIP_RISK: (_CS,),
    IssueType.EXECUTIVE_INTERVENTION: ("CRO or CEO office, through CS leadership",),
    IssueType.CROSS_FUNCTIONAL: ("The relevant team leads",),
}
# Who acts beside CS leadership from 14 on: "and the relevant functional team".
_FUNCTIONAL: Mapping[IssueType, tuple[str, ...]] = {
    IssueType.PRODUCT_DEFECT: ("Engineering, through the support platform",),
    IssueType.FEATURE_GAP: ("Product management",),
    IssueType.SERVICE_FAILURE: ("Support leadership",),
    IssueType.COMMERCIAL_DISPUTE: ("Finance",),
    IssueType.RELATIONSHIP_RISK: (),
    IssueType.EXECUTIVE_INTERVENTION: ("CRO or CEO office",),
    IssueType.CROSS_FUNCTIONAL: ("The relevant team leads",),
}
_ON_NOTICE = "CRO"  # from 18 on: "and potentially the CRO"


def report(run: Run, cases: Mapping[str, Case], policy: Policy) -> SuiteReport:  # noqa: ARG001 - no model, no results
    """Total, band and route of every case's labels, each exact or not."""
    verdicts, hits = [], {"total_exact": 0, "band_exact": 0, "route_exact": 0}
    for case in cases.values():
        decision = engine.decide(_labelled(case.expected, policy), policy, case.now)
        wanted, given = expected(case.expected), _decided(decision)
        for name, same in zip(hits, (w == g for w, g in zip(wanted, given, strict=True)), strict=True):
            hits[name] += same
        verdicts.append(
            CaseVerdict(
                case_id=case.id,
                outcome=Outcome.DONE,
                passed=wanted == given,
                expected=_words(wanted),
                actual=_words(given),
                findings=tuple(
                    f"expected {w}, the engine says {g}" for w, g in zip(wanted, given, strict=True) if w != g
                ),
            )
        )
    return SuiteReport(
        suite=NAME,
        metrics=tuple(_share(name, count, len(verdicts)) for name, count in hits.items()),
        outcomes={Outcome.DONE: len(verdicts)},
        verdicts=tuple(verdicts),
    )


def expected(labels: Labels) -> tuple[int, Band, str]:
    """What the framework says about these labels: the plain sum, the band, the route in words."""
    total = labels.customer_impact + labels.account_value + labels.time_sensitivity + labels.csm_capability
    band = next(band for lowest, band in _BANDS if total >= lowest)
    if band is Band.HANDLE_YOURSELF:
        return total, band, _route("CSM", ())
    if band is Band.ESCALATE_FOR_SUPPORT:
        owner, *beside = _TEAMS[labels.issue_type]
        return total, band, _route(owner, beside)
    on_notice = band is Band.ESCALATE_IMMEDIATELY
    return total, band, _route(_CS, _FUNCTIONAL[labels.issue_type], on_notice=on_notice)


def _decided(decision: Decision) -> tuple[int, Band, str]:
    route = decision.route
    words = _route(route.owner, route.together_with, on_notice=_ON_NOTICE in route.inform)
    return decision.total, decision.band, words


def _route(owner: str, beside: Iterable[str], *, on_notice: bool = False) -> str:
    return " with ".join((owner, *beside)) + (f", {_ON_NOTICE} on notice" if on_notice else "")


def _words(judged: tuple[int, Band, str]) -> str:
    total, band, route = judged
    return f"{total}, {band}, {route}"


def _share(name: str, hits: int, n: int) -> Metric:
    return Metric(name=name, value=hits / n if n else None, n=n)


def _labelled(labels: Labels, policy: Policy) -> Grounded:
    """The labels as scores of record, with nothing else for the engine to judge."""
    levels = {dimension: labels.level(dimension) for dimension in Dimension}
    return by_hand.grounded(levels, labels.issue_type, policy)
