"""Two runs on the same cases: what was right before, what is right now, and whether the difference can be chance.

Repeats of a case say little about each other's chance, so a case counts once, with the majority of its repeats.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from agent.policy import Policy
from agent.schema import Dimension
from evals.cases import Case
from evals.results import Run, SuiteReport
from evals.stats import mcnemar

LEVEL = 0.05
Key = tuple[str, str]  # case id and variant
Right = Mapping[Key, bool]


@dataclass(frozen=True)
class Paired:
    """The cases of both runs. `lost` were right before and are not now; `gained` is the other way round."""

    cases: int
    right_before: int
    right_after: int
    lost: tuple[Key, ...]
    gained: tuple[Key, ...]

    @property
    def p(self) -> float:
        """How often chance alone would move this many cases this unevenly."""
        return mcnemar(len(self.lost), len(self.gained))

    @property
    def regressed(self) -> bool:
        return len(self.lost) > len(self.gained) and self.p < LEVEL


def pair(before: Right, after: Right) -> Paired:
    """Only what both runs hold is compared."""
    keys = [key for key in after if key in before]
    return Paired(
        cases=len(keys),
        right_before=sum(before[key] for key in keys),
        right_after=sum(after[key] for key in keys),
        lost=tuple(key for key in keys if before[key] and not after[key]),
        gained=tuple(key for key in keys if after[key] and not before[key]),
    )


def passed(suite: SuiteReport) -> Right:
    """Whether each case passed; a case without an answer did not."""
    return _majority([((v.case_id, v.variant), v.passed) for v in suite.verdicts])


def decided(run: Run, cases: Mapping[str, Case], policy: Policy) -> dict[str, Right]:
    """Per decision whether each answered case has it right: the band, the issue type and every dimension."""
    rights: defaultdict[str, list[tuple[Key, bool]]] = defaultdict(list)
    for result in run.results:
        if result.assessment is None or result.case_id not in cases:
            continue
        key, answer, expected = (result.case_id, result.variant), result.assessment, cases[result.case_id].expected
        accepted = (expected.issue_type, *cases[result.case_id].also_acceptable_issue_types)
        rights["band"].append((key, answer.band is policy.band(expected.total)))
        rights["issue_type"].append((key, answer.issue_type in accepted))
        for dimension, score in answer.scores.items():
            rights[dimension.value].append((key, score.score == expected.level(Dimension(dimension))))
    return {name: _majority(right) for name, right in rights.items()}


def _majority(each: list[tuple[Key, bool]]) -> Right:
    repeats: defaultdict[Key, list[bool]] = defaultdict(list)
    for key, right in each:
        repeats[key].append(right)
    return {key: sum(rights) * 2 > len(rights) for key, rights in repeats.items()}
