"""Two runs on the same cases: what was right before, what is right now, and whether the difference can be chance.

Repeats of a case say little about each other's chance, so a case counts once, with the majority of its repeats.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from evals import stats
from evals.results import SIGNIFICANT, SuiteReport

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
        return stats.mcnemar(len(self.lost), len(self.gained))

    @property
    def regressed(self) -> bool:
        return len(self.lost) > len(self.gained) and self.p < SIGNIFICANT


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
    return majority(((v.case_id, v.variant), v.passed) for v in suite.verdicts)


def majority(each: Iterable[tuple[Key, bool]]) -> Right:
    """Each case once; a tie of its repeats is not right."""
    repeats: defaultdict[Key, list[bool]] = defaultdict(list)
    for key, right in each:
        repeats[key].append(right)
    return {key: sum(rights) * 2 > len(rights) for key, rights in repeats.items()}
