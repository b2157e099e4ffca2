"""The policy proves itself when it is loaded; every broken copy is refused with the path of its fault."""

import re
from datetime import time
from decimal import Decimal

import pytest

from agent.errors import ExitCode, PolicyError
from agent.policy import default_text, load, load_default, parse
from agent.schema import Band, Dimension, IssueType, WarningCode

TEXT = default_text()
POLICY = load_default()


def changed(old, new):
    """The policy's text with its first `old` replaced."""
    assert old in TEXT, old
    return TEXT.replace(old, new, 1)


SUPPORT_ANSWER = "escalate_for_support: [{business_days: 3}, {business_days: 3}, {business_days: 2}"
URGENT_ANSWER = "escalate_with_urgency: [{business_days: 2}"
BROKEN = {
    "a level is missing": (
        "      5: Beyond the CSM's expertise, authority or access; they cannot resolve it alone.\n",
        "",
        "dimensions.csm_capability.levels: no definition for level 5",
    ),
    "a level too many": ("      5: Severe", "      6: Severe", "dimensions.customer_impact.levels.6"),
    "a level says nothing": ("      3: Must be resolved within days.", '      3: ""', "dimensions.time_sensitivity.levels.3"),
    "a dimension is missing": ("  csm_capability:\n", "  csm_luck:\n", "dimensions.csm_luck"),
    "a gap between bands": ("    to: 13", "    to: 12", "bands.escalate_with_urgency.from: is 14, must be 13"),
    "an overlap of bands": ("    from: 9", "    from: 8", "bands.escalate_for_support.from: is 8, must be 9"),
    "bands start late": ("    from: 4", "    from: 5", "bands.handle_yourself.from: is 5, must be 4"),
    "bands end early": ("    to: 20", "    to: 19", "bands: end at 19, must end at 20"),
    "an empty band": ("    to: 13", "    to: 8", "bands.escalate_for_support.to: is 8"),
    "an unknown band": ("  escalate_immediately:\n    label", "  escalate_never:\n    label", "bands.escalate_never"),
    "a route is missing": (
        "      escalate_for_support: {owner: product, inform: [cs_leadership]}\n",
        "",
        "issue_types.feature_gap.routes: no row for 'escalate_for_support'",
    ),
    "an unknown owner": (
        "{owner: engineering, inform",
        "{owner: engineers, inform",
        "issue_types.product_defect.routes.escalate_for_support: team 'engineers' is not under teams",
    ),
    "an unknown team to inform": ("inform: [cro]}", "inform: [cto]}", "issue_types.product_defect.routes.escalate_immediately: team 'cto' is not under teams"),
    "the CSM owns an escalation": (
        "{owner: product, inform",
        "{owner: csm, inform",
        "issue_types.feature_gap.routes.escalate_for_support.owner",
    ),
    "a team without an English name": (
        "customer_name: {en: our finance team, de:",
        "customer_name: {de:",
        "teams.finance.customer_name: needs at least 'en'",
    ),
    "more time at a higher time sensitivity": (
        SUPPORT_ANSWER,
        SUPPORT_ANSWER.replace("days: 2", "days: 4"),
        "deadlines.owner_answer.rows.escalate_for_support: time sensitivity 3 is given more time than 2",
    ),
    "more time in a worse band": (
        URGENT_ANSWER,
        URGENT_ANSWER.replace("days: 2", "days: 4"),
        "deadlines.owner_answer.rows.escalate_with_urgency: time sensitivity 1",
    ),
    "a slower unit in a worse band": (
        "escalate_immediately: [{same_day_hours: 1}",
        "escalate_immediately: [{business_days: 1}",
        "deadlines.customer_word.rows.escalate_immediately: time sensitivity 1",
    ),
    "an office hour may end after an hour by the clock": (
        "{business_hours: 2}, {same_day_hours: 1}]",
        "{same_day_hours: 1}, {business_hours: 1}]",
        "deadlines.customer_word.rows.escalate_with_urgency: time sensitivity 5 is given more time than 4",
    ),
    "a $word that the engine does not fill": (
        "and by when they hear back.",
        "and by when they hear back, $name.",
        "warnings.tell_the_customer.message: a $word that is not filled; it knows $customer_word",
    ),
    "two units in one deadline": (
        "[{business_days: 3}, ",
        "[{business_days: 3, business_hours: 1}, ",
        "deadlines.owner_answer.rows.escalate_for_support.0: give exactly one of",
    ),
    "a row of deadlines is missing": (
        "      handle_yourself: [{business_days: 2}, {business_days: 2}, {business_days: 1}, {business_hours: 4}, {same_day_hours: 2}]\n",
        "",
        "deadlines: customer_word.rows: no row for 'handle_yourself'",
    ),
    "a standing rule that rises": ("[10, 5, 3, 1, 0]", "[10, 5, 6, 1, 0]", "standing_rule.business_days_by_severity"),
    "a standing rule before today": ("[10, 5, 3, 1, 0]", "[10, 5, 3, 1, -1]", "standing_rule.business_days_by_severity"),
    "ARR levels that do not rise": (
        "up_to_eur: {amount: 50000, level: 3}",
        "up_to_eur: {amount: 50000, level: 1}",
        "account_value_by_arr: levels must rise",
    ),
    "ARR amounts that do not rise": (
        "below_eur: {amount: 10000",
        "below_eur: {amount: 50000",
        "account_value_by_arr: below_eur.amount must be smaller",
    ),
    "an office that closes before it opens": ('opens: "09:00"', 'opens: "18:00"', "calendar: opens must be before closes"),
    "an unknown weekday": ("[mon, tue,", "[mon, tuesday,", "calendar.working_days.1"),
    "a wrong decision that costs nothing": ("  over_per_band: 1\n", "  over_per_band: 0\n", "costs.over_per_band"),
    "too severe that costs more than too mild": ("  over_per_band: 1\n", "  over_per_band: 3\n", "costs: under_per_band"),
    "a rate of nothing": ("    USD: 1.1172", "    USD: 0", "rates.per_eur.USD"),
    "a warning is missing": ("  next_band_near:\n", "  next_band_far:\n", "warnings.next_band_far"),
    "no reason given": ("    why: Delay is what turns an issue into an entrenched one.\n", "", "dimensions.time_sensitivity.why"),
    "an unknown key": ("schema: 1\n", "schema: 1\ncolour: red\n", "colour: Extra inputs are not permitted"),
    "an unknown key deep inside": ("{owner: csm}", "{owner: csm, cc: []}", "issue_types.product_defect.routes.handle_yourself.cc"),
    "a key given twice": ("schema: 1\n", "schema: 1\nname: Mine\n", "line 5: 'name' is given twice"),
    "another version of the form": ("schema: 1\n", "schema: 2\n", "schema"),
}  # fmt: skip


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_copy_is_refused_with_the_path_of_its_fault(fault):
    """A copy with one fault does not load, and the message names the file and the place in it."""
    old, new, path = BROKEN[fault]
    with pytest.raises(PolicyError) as refused:
        parse(changed(old, new), origin="mine.yaml")
    assert str(refused.value).startswith(f"mine.yaml: {path}")
    assert "\n" not in str(refused.value)
    assert refused.value.exit_code is ExitCode.USAGE


@pytest.mark.parametrize("text", ["", "- a list", "just words"])
def test_what_is_no_mapping_is_refused(text):
    """A file that is no mapping is refused with the way to get a right one."""
    with pytest.raises(PolicyError, match=r"mine\.yaml: a policy is a mapping; start from `triage policy init FILE`"):
        parse(text, origin="mine.yaml")


def test_unreadable_file_is_refused(tmp_path):
    """A file that is absent, or no text, is refused with its name."""
    binary = tmp_path / "policy.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (binary, tmp_path / "absent.yaml"):
        with pytest.raises(PolicyError, match=re.escape(str(path))):
            load(path)


def test_own_copy_loads(tmp_path):
    """A company's copy with other teams, thresholds, office hours and country loads, under another reference."""
    path = tmp_path / "policy.yaml"
    text = changed("name: Product management", "name: Roadmap board")
    text = text.replace("    to: 8", "    to: 7").replace("    from: 9", "    from: 8")
    text = text.replace('opens: "09:00"', 'opens: "07:30"').replace("  country:\n", "  country: DE-BY\n")
    path.write_text(text, encoding="utf-8")
    own = load(path)
    assert own.teams["product"].name == "Roadmap board"
    assert own.band(8) is Band.ESCALATE_FOR_SUPPORT
    assert (own.calendar.opens, own.calendar.country) == (time(7, 30), "DE-BY")
    assert own.reference != POLICY.reference


def test_default_is_complete():
    """The policy that ships covers every dimension, band, issue type and warning, and nothing in it is without a reason."""
    assert set(POLICY.dimensions) == set(Dimension)
    assert set(POLICY.bands) == set(Band)
    assert set(POLICY.issue_types) == set(IssueType)
    assert set(POLICY.warnings) == set(WarningCode)
    assert re.fullmatch(r"Escalation decision framework@\d+\.\d+\.\d+#[0-9a-f]{12}", POLICY.reference)


def test_no_on_is_a_country_code():
    """Norway's code is text and not a truth value."""
    assert parse(changed("  country:\n", "  country: no\n"), origin="x").calendar.country == "no"


def test_team_is_named_in_the_customers_language():
    """A team has a name for customers in their language, and the English one elsewhere."""
    team = POLICY.teams["product"]
    assert team.for_customer("de") == "unserem Produktteam"
    assert team.for_customer("pl") == team.for_customer("en") == "our product team"


def test_rates():
    """Amounts are divided by the units for one EUR; a currency without a rate is not known."""
    assert POLICY.rates.to_eur(Decimal("1.1172"), "USD") == 1
    assert POLICY.rates.to_eur(Decimal(7), "EUR") == 7
    assert POLICY.rates.to_eur(Decimal(7), "XXX") is None


def test_rubric_holds_what_a_model_scores_by():
    """The rubric has every question, level definition, issue type and condition."""
    rubric = POLICY.rubric()
    for rule in POLICY.dimensions.values():
        assert rule.question in rubric
        assert all(f"{level}: {words}" in rubric for level, words in rule.levels.items())
    for key, issue in POLICY.issue_types.items():
        assert f"{key}: {issue.label}. Condition: {issue.condition}." in rubric


def test_rubric_holds_nothing_of_the_decision():
    """Bands, totals and routes stay with the engine: neither a model nor a customer's email can aim at one."""
    rubric = POLICY.rubric().lower()
    hidden = [*Band, *(rule.label for rule in POLICY.bands.values()), *(rule.meaning for rule in POLICY.bands.values())]
    hidden += [rule.route for rule in POLICY.issue_types.values()]
    hidden += [team.name for key, team in POLICY.teams.items() if key != "csm"]
    hidden += ["4-8", "9-13", "14-17", "18-20", "total", "points", "escalate", "route"]
    # Whole words: 'cross-functional' does not name the CRO.
    assert [words for words in hidden if re.search(rf"\b{re.escape(words.lower())}\b", rubric)] == []
