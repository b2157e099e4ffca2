"""One case as the page shows it: the scores that stand on it, and what the engine makes of them."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException

from agent import verdicts
from agent.policy import LEVELS, Policy
from agent.schema import Band, Decision, Dimension, Level, TriageWarning
from agent.schema.record import Entry, EntryKind, Run, Summary, Verdict
from agent.web.desk import Desk
from agent.web.passages import Piece, pieces

_ASKED = "asked on the page"  # a verdict needs a reason; this one is shown and not kept


@dataclass(frozen=True)
class Stand:
    """Scores as they stand on the page, the engine's decision on them, and what they change."""

    levels: Mapping[Dimension, Level]
    by_hand: Band | None
    decision: Decision
    warnings: tuple[tuple[TriageWarning, bool], ...]  # each with whether the tool's own scores did not give it
    moved: Mapping[Dimension, Level]

    @property
    def changed(self) -> bool:
        return bool(self.moved) or self.by_hand is not None


@dataclass(frozen=True)
class CasePage:
    """Everything of a case that the page shows."""

    run: Run
    policy: Policy
    stand: Stand
    history: tuple[Entry, ...]

    @property
    def standing(self) -> tuple[Entry, ...]:
        """The verdicts that nobody took back, oldest first; the last one counts."""
        return tuple(entry for entry in self.history if entry.kind is EntryKind.VERDICT and not entry.undone)

    def last_of(self, reviewer: str) -> Entry | None:
        """The reviewer's newest verdict or outcome that stands: what `u` takes back."""
        kinds = (EntryKind.VERDICT, EntryKind.OUTCOME)
        own = (e for e in reversed(self.history) if e.kind in kinds and e.by == reviewer and not e.undone)
        return next(own, None)

    def thread(self) -> tuple[tuple[Piece, ...], ...]:
        """The messages as pieces, newest first; empty where no text is kept."""
        situation = self.run.situation
        return tuple(pieces(message, self.run.assessment.scores) for message in situation.messages) if situation else ()


def standing_levels(case: Summary) -> tuple[Mapping[Dimension, Level], Band | None]:
    """The scores that stand: the newest verdict's, else the tool's; and the band that was set by hand."""
    if case.rescored and case.verdict:
        return case.rescored.scores, case.verdict.decision
    return case.scores, None


def page(desk: Desk, run: Run, levels: Mapping[Dimension, Level], by_hand: Band | None) -> CasePage:
    """The case with these scores on the page; nothing is kept."""
    return CasePage(run, desk.policy_of(run), stand(desk, run, levels, by_hand), desk.store.history(run.summary.id))


def stand(desk: Desk, run: Run, levels: Mapping[Dimension, Level], by_hand: Band | None) -> Stand:
    """What the real engine decides on the scores, with the warnings that the text itself gave."""
    policy = desk.policy_of(run)
    asked = Verdict(scores=dict(levels), decision=by_hand, reason=_ASKED)
    decision = verdicts.rescore(run, policy, asked)
    own = verdicts.rescore(run, policy, Verdict()).warnings
    of_the_text = tuple(warning for warning in run.assessment.warnings if warning not in own)
    shown = tuple((warning, warning not in own) for warning in decision.warnings)
    return Stand(
        levels=levels,
        by_hand=by_hand,
        decision=decision,
        warnings=tuple((warning, False) for warning in of_the_text) + shown,
        moved=verdicts.moved(run, asked),
    )


def levels_in(form: Mapping[str, object], run: Run) -> tuple[dict[Dimension, Level], Band | None]:
    """The scores and the band in a form; what it does not name stays the tool's. Raises HTTPException 400."""
    try:
        levels = {d: int(str(form.get(d.value, run.summary.scores[d]))) for d in Dimension}
        by_hand = Band(str(form["decision"])) if form.get("decision") else None
    except ValueError as error:
        raise HTTPException(400, f"The form holds what it never offered: {error}") from error
    if not set(levels.values()) <= set(LEVELS):
        raise HTTPException(400, "A score is a whole number from 1 to 5.")
    return levels, by_hand


def seen(case: Summary) -> str:
    """What a form says it was made from: the verdict and the outcome that stood."""
    return f"{case.verdict_id or 'none'}.{case.outcome or 'open'}"
