"""Whether probabilities come true as often as they say: figures, plots, and the map that is fitted to them."""

import json

import pytest

from agent.calibration import load
from agent.policy import load_default
from agent.schema import Band, Dimension, LevelProbabilities, Likelihood, ProbabilitySource
from evals import reliability
from evals.reliability import Told
from evals.reports import html, reliability_plots
from evals.results import Contestant, ModelClass, Report, Run
from evals.suites import calibration
from tests.builders import grounded
from tests.decisions import assessment
from tests.evals.commands import dataset, entry, environment, evals
from tests.evals.report_builders import NOW, case, cases, done
from tests.models import decision_replies as said
from tests.models.conftest import endpoint

__all__ = ["endpoint", "environment", "evals"]

POLICY = load_default()
TYPES = ("product_defect", "feature_gap", "service_failure", "commercial_dispute", "relationship_risk",
         "executive_intervention", "cross_functional")  # fmt: skip


def levels(*values):
    return LevelProbabilities(values=values, source=ProbabilitySource.HEADS)


def run(*results):
    return Run(
        contestant="somebody", model_class=ModelClass.HOSTED, policy=POLICY.reference, dataset="0" * 64, split="test",
        made_at=NOW, results=results,
    )  # fmt: skip


def answered(name, *shares):
    """A labelled case of level 3 throughout, read with these shares of customer impact."""
    known = {Dimension.CUSTOMER_IMPACT: {"probabilities": levels(*shares)}} if shares else {}
    bands = dict(zip(Band, (0.1, 0.7, 0.2, 0.0), strict=True))
    likely = Likelihood(
        totals=(0.0,) * 16 + (1.0,), bands=bands, calibrated=False, cheapest_band=Band.ESCALATE_FOR_SUPPORT, doubt={}
    )
    given = assessment(grounded(score_fields=known), POLICY, likelihood=likely if shares else None)
    return done(given, name)


def test_brier_is_the_squared_distance_from_what_came_true():
    """Certain and right is 0, certain and wrong 2; a hand-made value between."""
    assert reliability.brier(Told((0, 0, 1, 0, 0), 2)) == 0
    assert reliability.brier(Told((1, 0, 0, 0, 0), 2)) == 2
    assert reliability.brier(Told((0.5, 0.5, 0, 0, 0), 0)) == pytest.approx(0.5)


def test_the_calibration_error_is_the_gap_between_said_and_come_true():
    """Ten readings at 90 %, of which six came true, are 0.3 off; two bins weigh by their readings."""
    sure = [Told((0.9, 0.1), 0 if n < 6 else 1) for n in range(10)]
    assert reliability.calibration_error(sure) == pytest.approx(0.3)
    even = [Told((0.55, 0.45), 0), Told((0.55, 0.45), 1)] * 5
    assert reliability.calibration_error(sure + even) == pytest.approx((10 * 0.3 + 10 * 0.05) / 20)


def test_only_what_was_told_is_measured():
    """A dimension without probabilities has no value and no n; the band has its own figures."""
    both = cases(case("one"), case("two"))
    report = calibration.report(run(answered("one", 0, 0.2, 0.6, 0.2, 0), answered("two")), both, POLICY)
    by_name = {metric.name: metric for metric in report.metrics}
    assert (by_name["customer_impact_brier"].n, by_name["time_sensitivity_brier"].value) == (1, None)
    assert by_name["customer_impact_brier"].value == pytest.approx(0.04 + 0.16 + 0.04)
    assert by_name["band_calibration_error"].value == pytest.approx(0.3)
    assert {verdict.case_id: verdict.passed for verdict in report.verdicts} == {"one": True, "two": False}
    assert report.tables["reliability"][1] == ("customer_impact", "0.60", "1.00", "1")


def test_the_page_draws_what_was_told():
    """One plot per dimension with probabilities and one for the band, as inline SVG; none without probabilities."""
    one = cases(case("one"))
    told = run(answered("one", 0, 0.2, 0.6, 0.2, 0))
    plots = reliability_plots.plots(told, one, POLICY)
    assert [plot.title for plot in plots] == ["customer impact", "band"]
    assert (plots[0].points[0].x, plots[0].points[0].y) == (pytest.approx(0.6 * reliability_plots.SIDE), 0)
    suite = calibration.report(told, one, POLICY)
    page = html.render(Report(contestants=(Contestant(run=told, suites=(suite,)),)), one, policy=POLICY)
    assert "Reliability of the probabilities" in page
    silent = run(answered("one"))
    quiet = Report(contestants=(Contestant(run=silent, suites=(calibration.report(silent, one, POLICY),)),))
    assert "Reliability of the probabilities" not in html.render(quiet, one, policy=POLICY)


def weighed(sure):
    """A decision model that is sure of level 3 everywhere."""
    rest = (1 - sure) / 4
    shares = (rest, rest, sure, rest, rest)
    kinds = {kind: 0.4 if kind == TYPES[0] else 0.1 for kind in TYPES}
    answers = [said.score(dimension.value, *shares) for dimension in Dimension]
    return said.decisions(*answers, said.choice("issue_type", kinds), said.predicate("surprised", 0.9))


def test_a_map_is_fitted_on_the_tune_split_and_written(evals, endpoint, tmp_path):
    """20 tune cases, half of them as the model says: the map flattens, names its model, and loads again."""
    labels = [(3, 3, 3, 3) if n % 2 else (5, 3, 1, 5) for n in range(20)]
    entries = [entry(f"case-{n}", levels, split="tune") for n, levels in enumerate(labels)]
    endpoint.plays(*[weighed(0.96)] * len(entries))
    out = tmp_path / "map.json"
    ran = evals(
        "calibrate", "--cases", dataset(tmp_path / "cases.yaml", *entries, entry("other")), "--model",
        "decisions/luna", "--base-url", endpoint.base_url, "--out", out, "--name", "team", "--version", "2",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    fitted = load(out)
    assert (fitted.reference, fitted.model, fitted.pairs[Dimension.CUSTOMER_IMPACT]) == ("team@2", "decisions/luna", 20)
    assert fitted.temperatures[Dimension.CUSTOMER_IMPACT] > 1
    assert "calibration error 0.460 -> " in ran.out
    assert json.loads(out.read_text())["source"] == "decision_model"


def test_too_few_cases_are_told(evals, endpoint, tmp_path):
    """Nothing is fitted to a handful of readings: exit 2, how many there are, and no file."""
    endpoint.plays(weighed(0.9))
    out = tmp_path / "map.json"
    ran = evals(
        "calibrate", "--cases", dataset(tmp_path / "cases.yaml", entry(split="tune")), "--model", "decisions/luna",
        "--base-url", endpoint.base_url, "--out", out,
    )  # fmt: skip
    assert ran.code == 2
    assert "at most 1" in ran.err
    assert not out.exists()
