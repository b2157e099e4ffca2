"""A reading that says no more than levels, their reasons and an issue type: all that a baseline has to say."""

from collections.abc import Mapping

from agent import by_hand
from agent.schema import Basis, Dimension, DimensionReading, Extraction, IssueType, Level, StatedArr

_RATIONALE = 400  # characters, the schema's limit


def extraction(  # noqa: PLR0913 - the fields in which baselines differ
    levels: Mapping[Dimension, Level],
    issue_type: IssueType,
    *,
    reasons: Mapping[Dimension, str],
    quotes: Mapping[Dimension, tuple[str, ...]] | None = None,
    account: str | None = None,
    situation: str = "Not read.",
    arr: StatedArr | None = None,
    unstated: tuple[Dimension, ...] = (),
) -> Extraction:
    """The reading with everything else left empty."""
    readings = {
        dimension.value: DimensionReading(
            quotes=(quotes or {}).get(dimension, ()),
            basis=Basis.UNSTATED if dimension in unstated else Basis.INFERRED,
            rationale=reasons[dimension][:_RATIONALE],
            score=level,
            question=None,
        )
        for dimension, level in levels.items()
    }
    read = by_hand.extraction(issue_type, readings)
    return read.model_copy(update={"account": account, "situation": situation, "arr": arr})
