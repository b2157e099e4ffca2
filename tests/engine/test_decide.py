"""The engine against the framework's tables, written here by hand and not read from the policy."""

from itertools import product

import pytest

from agent.engine import decide
from agent.errors import ConfigurationError
from agent.policy import load_default
from agent.schema import Answer, Band, IssueType, Period, RoutingCondition
from tests.builders import NOW, grounded, stated_arr

POLICY = load_default()
ALL_SCORES = tuple(product(range(1, 6), repeat=4))

HANDLE, SUPPORT = "Handle yourself", "Escalate for support"
URGENCY, IMMEDIATE = "Escalate with urgency", "Escalate immediately"
LABELS = {
    **dict.fromkeys((4, 5, 6, 7, 8), HANDLE),
    **dict.fromkeys((9, 10, 11, 12, 13), SUPPORT),
    **dict.fromkeys((14, 15, 16, 17), URGENCY),
    **dict.fromkeys((18, 19, 20), IMMEDIATE),
}
BAND_VALUES = {
    HANDLE: "handle_yourself",
    SUPPORT: "escalate_for_support",
    URGENCY: "escalate_with_urgency",
    IMMEDIATE: "escalate_immediately",
}
ENGINEERING = "Engineering, through the support platform"
EXECUTIVES = "CRO or CEO office"  # "through CS leadership" while it owns; beside CS leadership from 14 on
# Issue type: the owner at 9-13 and who acts beside it; then who acts beside CS leadership from 14 on.
ROUTES = {
    "product_defect": (ENGINEERING, (), (ENGINEERING,)),
    "feature_gap": ("Product management", (), ("Product management",)),
    "service_failure": ("CS leadership", ("Support leadership",), ("Support leadership",)),
    "commercial_dispute": ("CS leadership", ("Finance",), ("Finance",)),
    "relationship_risk": ("CS leadership", (), ()),
    "executive_intervention": (f"{EXECUTIVES}, through CS leadership", (), (EXECUTIVES,)),
    "cross_functional": ("The relevant team leads", (), ("The relevant team leads",)),
}


def expected_route(issue_type: str, label: str) -> tuple[str, tuple[str, ...]]:
    owner, beside_owner, beside_leadership = ROUTES[issue_type]
    if label == HANDLE:
        return "CSM", ()
    return (owner, beside_owner) if label == SUPPORT else ("CS leadership", beside_leadership)


@pytest.mark.parametrize("issue_type", ROUTES)
def test_all_inputs(issue_type):
    """All 625 score combinations of an issue type give the framework's total, decision, owner and companions."""
    for scores in ALL_SCORES:
        decision = decide(grounded(scores, IssueType(issue_type)), POLICY, NOW)
        label = LABELS[sum(scores)]
        route = decision.route
        assert (decision.total, decision.label, decision.band) == (sum(scores), label, BAND_VALUES[label]), scores
        assert (route.owner, route.together_with) == expected_route(issue_type, label), scores
        assert ("CRO" in route.inform) is (label == IMMEDIATE), scores
        assert not {route.owner, *route.together_with} & set(route.inform), scores


def test_all_inputs_are_4375():
    """The table above covers every input there is."""
    assert set(ROUTES) == set(IssueType)
    assert len(ALL_SCORES) * len(ROUTES) == 4375


@pytest.mark.parametrize(
    ("scores", "label"),
    [
        ((2, 2, 2, 2), HANDLE),
        ((3, 2, 2, 2), SUPPORT),
        ((4, 3, 3, 3), SUPPORT),
        ((4, 4, 3, 3), URGENCY),
        ((5, 4, 4, 4), URGENCY),
        ((5, 5, 4, 4), IMMEDIATE),
    ],
)
def test_borders(scores, label):
    """8, 13 and 17 are the last totals of their band; 9, 14 and 18 the first of the next."""
    assert decide(grounded(scores), POLICY, NOW).label == label


def test_no_worse_input_gives_a_milder_band():
    """Raising any one score by one level never lowers the band."""
    order = [HANDLE, SUPPORT, URGENCY, IMMEDIATE]
    labels = {scores: decide(grounded(scores), POLICY, NOW).label for scores in ALL_SCORES}
    for scores, label in labels.items():
        for place in (p for p in range(4) if scores[p] < 5):
            worse = (*scores[:place], scores[place] + 1, *scores[place + 1 :])
            assert order.index(labels[worse]) >= order.index(label)


@pytest.mark.parametrize("met", Answer)
def test_route_carries_the_condition(met):
    """The route says when it is right to route there, and whether the text meets that."""
    reading = grounded(routing_condition=RoutingCondition(reason="because", met=met))
    route = decide(reading, POLICY, NOW).route
    assert route.condition == "standard support channels cannot resolve it within the SLA"
    assert route.condition_met is met


def test_owner_is_named_as_the_company_names_it():
    """A company's own team name and channel stand in the route; the key stays the policy's."""
    teams = POLICY.teams | {
        "engineering": POLICY.teams["engineering"].model_copy(update={"name": "Core squad", "channel": "#core"})
    }
    route = decide(grounded((3, 3, 3, 3)), POLICY.model_copy(update={"teams": teams}), NOW).route
    assert (route.owner_team, route.owner, route.channel) == ("engineering", "Core squad", "#core")


@pytest.mark.parametrize(
    ("arr", "euros"),
    [
        (None, None),
        (stated_arr(48_000), 48_000),
        (stated_arr(4_000, period=Period.MONTH), 48_000),
        (stated_arr("0.5"), 1),
        (stated_arr(100, "XXX"), None),
    ],
)
def test_arr_in_euros(arr, euros):
    """Stated ARR is whole EUR per year; what is unstated or has no rate stays unknown."""
    assert decide(grounded(arr=arr), POLICY, NOW).arr_eur == euros


def test_warnings_never_change_band_or_route():
    """Everything that can be warned of leaves total, band and route as the four scores make them."""
    calm = decide(grounded((3, 3, 3, 3)), POLICY, NOW)
    alarmed = decide(
        grounded((3, 3, 3, 3), attempts=(), arr=stated_arr(900_000), other_issues=("the invoice",)), POLICY, NOW
    )
    assert len(alarmed.warnings) > len(calm.warnings)
    assert (alarmed.total, alarmed.band, alarmed.route) == (calm.total, Band.ESCALATE_FOR_SUPPORT, calm.route)


def test_pure():
    """The same reading, policy and time give the same decision."""
    reading = grounded((5, 1, 1, 1))
    assert decide(reading, POLICY, NOW) == decide(reading, POLICY, NOW)


def test_now_needs_a_time_zone():
    """A time without a zone is refused in words that name the cure, never guessed."""
    with pytest.raises(ConfigurationError, match="no time zone"):
        decide(grounded(), POLICY, NOW.replace(tzinfo=None))
