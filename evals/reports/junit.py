"""A report as JUnit XML: a wrong case is a failed test, a case without an answer is an error, a failed gate fails too.

Baselines in the same run are left out: they are there to be beaten, and their failures would turn a good run red.
"""

import re
from collections.abc import Mapping
from xml.etree import ElementTree as ET

from agent.report.plain import clean
from agent.schema import Assessment
from evals.cases import Case
from evals.gates import Checked, gated
from evals.reports import phrases
from evals.results import CaseResult, CaseVerdict, Contestant, Outcome, Report, SuiteReport

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report, cases: Mapping[str, Case], *, checked: Checked | None = None) -> str:
    """One test suite per contestant and suite, and one for the gates where they were checked."""
    root = ET.Element("testsuites", name="evals")
    for contestant in gated(report):
        results = {(r.case_id, r.variant, r.repeat): r for r in contestant.run.results}
        for suite in contestant.suites:
            element = _suite(root, f"{suite.suite} ({contestant.run.contestant})", suite)
            _properties(element, contestant)
            for verdict in suite.verdicts:
                result = results.get((verdict.case_id, verdict.variant, verdict.repeat))
                _case(element, suite, verdict, result=result, case=cases.get(verdict.case_id))
    if checked is not None:
        _gates(root, checked)
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _text(words: str) -> str:
    return _NOT_XML.sub("", clean(words))


def _suite(root: ET.Element, name: str, suite: SuiteReport) -> ET.Element:
    failures, errors = len(phrases.failing(suite)), len(phrases.unanswered(suite))
    counts = {"tests": str(len(suite.verdicts)), "failures": str(failures), "errors": str(errors)}
    return ET.SubElement(root, "testsuite", {"name": _text(name), **counts})


def _properties(element: ET.Element, contestant: Contestant) -> None:
    """What produced the answers, so that a stale or hand-written one is never read as current."""
    run, properties = contestant.run, ET.SubElement(element, "properties")
    said = {
        "answered by": phrases.answered_by(run),
        "prompts": ", ".join(run.prompts),
        "policy": run.policy,
        "dataset": run.dataset,
        "split": run.split,
    }
    for name, value in said.items():
        ET.SubElement(properties, "property", name=name, value=_text(value))


def _case(
    element: ET.Element, suite: SuiteReport, verdict: CaseVerdict, *, result: CaseResult | None, case: Case | None
) -> None:
    seconds = f"{result.seconds if result else 0:.3f}"
    test = ET.SubElement(
        element, "testcase", classname=_text(suite.suite), name=_text(phrases.case_name(verdict)), time=seconds
    )
    why = [f"why: {case.why}"] if case else []
    expected, actual = f"expected: {verdict.expected}", f"actual: {verdict.actual}"
    if verdict.outcome is not Outcome.DONE:
        reason = (result.error if result else None) or verdict.actual
        error = ET.SubElement(test, "error", type=verdict.outcome.value, message=_text(reason))
        error.text = _text("\n".join((expected, actual, *verdict.findings, *why)))
    elif not verdict.passed:
        message = _text(f"{expected}, {actual}")
        failure = ET.SubElement(test, "failure", type="wrong", message=message)
        quotes = _quotes(result.assessment) if result and result.assessment else []
        failure.text = _text("\n".join((expected, actual, *verdict.findings, *quotes, *why)))


def _quotes(assessment: Assessment) -> list[str]:
    return [
        f'{phrases.words(dimension)} {score.score}: "{evidence.quote}"'
        + ("" if evidence.found else " (not found in the text)")
        for dimension, score in assessment.scores.items()
        for evidence in score.evidence
    ]


def _gates(root: ET.Element, checked: Checked) -> None:
    """Every failed gate is a failed test; where none did, one test says so, or was skipped for want of a gate."""
    failures = len(checked.findings)
    counts = {"tests": str(max(1, failures)), "failures": str(failures), "errors": "0"}
    element = ET.SubElement(root, "testsuite", {"name": "gates", **counts})
    if not checked.findings:
        test = ET.SubElement(element, "testcase", classname="gates", name="no gate fails")
        if not checked.bounds and not checked.compared:
            ET.SubElement(test, "skipped", message=phrases.gates(checked))
    for finding in checked.findings:
        name = _text(f"{finding.suite} {finding.metric or finding.kind} ({finding.contestant})")
        test = ET.SubElement(element, "testcase", classname="gates", name=name)
        failure = ET.SubElement(test, "failure", type=finding.kind.value, message=_text(finding.message))
        failure.text = _text("\n".join(filter(None, (", ".join(finding.cases), finding.message, finding.why))))
