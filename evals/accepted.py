"""The last accepted report per model, in `evals/baselines/`: figures and verdicts, and none of a customer's words."""

import re
from pathlib import Path

from agent.errors import ConfigurationError
from agent.schema import Assessment, Scores
from evals.gates import gated
from evals.reports import files, json_form
from evals.results import Contestant, ModelClass, Report, Run

FOLDER = Path(__file__).parent / "baselines"


def path_for(report: Report, folder: Path = FOLDER) -> Path:
    """Where the accepted report of this report's model stands, whether or not there is one."""
    contestants = gated(report)
    if not contestants:
        raise ConfigurationError("a report of baselines alone has no accepted run")
    run = next((c.run for c in contestants if c.run.model_class is not ModelClass.NONE), contestants[0].run)
    return folder / f"{re.sub(r'[^a-z0-9.]+', '-', run.contestant.lower()).strip('-.')}.{run.model_class}.json"


def find(report: Report, folder: Path = FOLDER) -> Report | None:
    """The accepted report to compare with; None if none was accepted yet, or none for any of these suites."""
    path = path_for(report, folder)
    if not path.exists():
        return None
    accepted = json_form.load(path)
    return accepted if _suites(accepted) & _suites(report) else None


def _suites(report: Report) -> set[tuple[str, str, str]]:
    return {(c.run.contestant, suite.suite, c.run.split) for c in gated(report) for suite in c.suites}


def accept(report: Report, folder: Path = FOLDER) -> Path:
    """Keep the report as the one to beat; suites that it does not measure stay as they were accepted before.

    Stale answers are refused: they measure a prompt nobody runs any more.
    """
    if stale := sum(c.run.stale_answers for c in gated(report)):
        raise ConfigurationError(f"{stale} answers are stale; record them again before accepting the report")
    path = path_for(report, folder)
    kept = _others(json_form.load(path), report) if path.exists() else ()
    new = trimmed(report)
    files.write(path, json_form.render(Report(contestants=(*new.contestants, *kept))))
    return path


def _others(earlier: Report, report: Report) -> tuple[Contestant, ...]:
    """What was accepted earlier of suites that the report does not measure, under its policy and its prompts."""
    new = gated(report)
    measured = {(c.run.contestant, suite.suite) for c in new for suite in c.suites}
    left = [
        (c, tuple(s for s in c.suites if (c.run.contestant, s.suite) not in measured))
        for c in gated(earlier)
        if all(_agree(c.run, other.run) for other in new)
    ]
    return tuple(contestant.model_copy(update={"suites": suites}) for contestant, suites in left if suites)


def _agree(earlier: Run, later: Run) -> bool:
    """The same policy, and no prompt in two versions: figures of both may stand side by side."""
    versions = set(earlier.prompts) | set(later.prompts)
    return earlier.policy == later.policy and len(versions) == len({prompt.partition("@")[0] for prompt in versions})


def told(report: Report) -> str:
    """What an accepted report holds, in one line: suites with their numbers of cases."""
    return ", ".join(
        f"{suite.suite} ({len({v.case_id for v in suite.verdicts})} cases)" for c in gated(report) for suite in c.suites
    )


def trimmed(report: Report) -> Report:
    """The gated contestants with every free text taken out; scores, bands, routes and verdicts stay."""
    return Report(contestants=tuple(_trimmed(c) for c in gated(report)))


def _trimmed(contestant: Contestant) -> Contestant:
    results = tuple(
        r.model_copy(
            update={"assessment": _bare(r.assessment) if r.assessment else None, "error": None, "failed_call": None}
        )
        for r in contestant.run.results
    )
    suites = tuple(
        s.model_copy(update={"verdicts": tuple(v.model_copy(update={"findings": ()}) for v in s.verdicts)})
        for s in contestant.suites
    )
    return Contestant(run=contestant.run.model_copy(update={"results": results}), suites=suites)


def _bare(assessment: Assessment) -> Assessment:
    silent = {"rationale": "", "evidence": (), "question": None}
    scores = {dimension.value: score.model_copy(update=silent) for dimension, score in assessment.scores.items()}
    emptied = dict.fromkeys(("draft_findings", "warnings", "questions", "facts", "intake_notes"), ())
    unsaid = dict.fromkeys(("account", "escalation", "next_step", "draft_note", "hand_over"))
    return assessment.model_copy(
        update={
            **emptied,
            **unsaid,
            "situation": "",
            "issue_type_reason": "",
            "scores": Scores(**scores),
            "provenance": assessment.provenance.model_copy(update={"calls": ()}),
        }
    )
