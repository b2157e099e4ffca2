import pytest

from agent.policy import load_default
from evals.cases import Case, load
from evals.lint import Severity, lint

from .commands import TEXT, entry

LONG = " ".join(f"word{n}" for n in range(80))


def findings(*entries, severity=None):
    found = lint([Case.model_validate(made) for made in entries], load_default())
    return [f for f in found if f.case_ids and severity in (None, f.severity)]


def test_the_golden_cases_have_no_errors():
    """What the reported figures stand on is clean."""
    assert [str(f) for f in lint(load(), load_default()) if f.severity is Severity.ERROR] == []


def test_a_sound_case_has_no_findings():
    """Lint that cries at everything is not read."""
    sound = entry(
        levels=(5, 3, 2, 4), why="Orders are lost (5), EUR 20k (3), by Friday (2), not ours (4); a total of 14."
    )
    assert findings(sound | {"must_not_reach_customer": ["we lose orders"]}) == []


def test_a_must_not_string_that_is_absent_is_an_error():
    """A passage that does not stand in the text can never leak, so the check would always pass."""
    (found,) = findings(entry(must_not_reach_customer=["EUR 50k"]))
    assert (found.severity, found.case_ids) == (Severity.ERROR, ("case-1",))
    assert "EUR 50k" in found.message


def test_a_label_outside_the_raters_range_is_an_error():
    """The median of the raters lies between them."""
    ranges = entry()["rated_range"] | {"customer_impact": [4, 5]}
    (found,) = findings(entry(rated_range=ranges))
    assert "customer_impact: expected 3 is outside the raters' range 4-5" in found.message


@pytest.mark.parametrize(
    ("why", "severity"),
    [
        ("Orders are lost, so the total is 17.", Severity.ERROR),
        ("Orders are lost, a sum of 13.", Severity.WARNING),
        ("Orders are lost, so the total stays at 12.", None),
        ("The total of 61 orders is lost every day.", None),
        ("In total 17 orders are lost every day.", None),
    ],
)
def test_a_total_at_odds_with_the_labels_is_found(why, severity):
    """An error where no rater's scores add up to it, a warning where the median differs; other numbers are no totals."""
    wide = entry()["rated_range"] | {"time_sensitivity": [3, 4]}
    found = findings(entry(why=why, rated_range=wide))
    assert [f.severity for f in found] == ([] if severity is None else [severity])


@pytest.mark.parametrize(
    ("why", "levels", "severity"),
    [
        ("Orders are lost (5) every single day.", (3, 3, 3, 2), Severity.ERROR),
        ("Impact (3), value (3), time (3), and help (4).", (3, 4, 4, 3), Severity.WARNING),
        ("The CSM needs help (4), impact (3), time (3), value (3).", (3, 3, 3, 4), None),
        ("Orders are lost (3) and the CSM needs help (4).", (3, 3, 3, 4), None),
        ("See the ticket (12) and the order (2026).", (3, 3, 3, 3), None),
    ],
)
def test_a_level_at_odds_with_the_labels_is_found(why, levels, severity):
    """An error where no rater gave it at all; a warning where four named levels fit in no order."""
    found = findings(entry(levels=levels, why=why))
    assert [f.severity for f in found] == ([] if severity is None else [severity])


def test_the_same_text_twice_is_an_error():
    """White space and capitals do not make another case."""
    (found,) = findings(entry("one"), entry("two", text=TEXT.replace(" fails", "  fails") + "\n"))
    assert (found.severity, found.case_ids) == (Severity.ERROR, ("one", "two"))


@pytest.mark.parametrize(
    ("second", "severity"),
    [
        ({"split": "tune"}, Severity.ERROR),
        ({"split": "test"}, Severity.WARNING),
        ({"split": "test", "tags": ["pair-1"]}, None),
        ({"text": " ".join(f"other{n}" for n in range(80)), "split": "tune"}, None),
    ],
)
def test_nearly_the_same_text_is_found(second, severity):
    """An error across the splits, where tuning would see the test; fine for a pair that is one on purpose."""
    one = entry("one", text=LONG, key_facts=[], tags=["pair-1"])
    two = entry("two", key_facts=[]) | {"text": f"{LONG} and one more thing"} | second
    found = findings(one, two)
    assert [f.severity for f in found] == ([] if severity is None else [severity])


def test_an_unbalanced_set_is_named():
    """A label that takes over, one that is missing, one that stands in one split only."""
    cases = [
        Case.model_validate(entry(f"case-{n}", text=f"{n} {TEXT}", split="tune" if n < 5 else "test"))
        for n in range(10)
    ]
    cases += [
        Case.model_validate(
            entry(f"de-{n}", text=f"{n} auf Deutsch: {TEXT}", customer_language="de", split="tune", levels=(5, 5, 5, 5))
        )
        for n in range(4)
    ]
    told = [f.message for f in lint(cases, load_default()) if not f.case_ids]
    assert "10 of 14 cases have the band 'escalate_for_support'" in told
    assert "no case has the band 'handle_yourself' or 'escalate_with_urgency'" in told
    assert "the language 'de' is spread unevenly: 4 of 9 in tune, 0 of 5 in test" in told
