"""The suites: each reads one run and says one thing about it. Pure; nothing here runs a model."""

from collections.abc import Callable, Mapping

from agent.policy import Policy
from evals.cases import Case
from evals.results import Run, SuiteReport
from evals.suites import attack, calibration, chat, drafting, end_to_end, extraction, stability

Suite = Callable[[Run, Mapping[str, Case], Policy], SuiteReport]

SUITES: dict[str, Suite] = {
    suite.NAME: suite.report for suite in (extraction, end_to_end, drafting, attack, stability, chat, calibration)
}
