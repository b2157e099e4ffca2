"""One call of `python -m evals run`: which suites, on which items, against whom; and the report that comes of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.cli.terminal import errors
from agent.errors import ConfigurationError
from agent.policy import Policy
from evals import contest, contrasts, flags, items
from evals.against import chat as chat_baseline
from evals.cases import Case, Split
from evals.contest import ALL_SUITES, Setting, Source
from evals.items import Item
from evals.results import Comparison, Contestant, ModelClass, Report, Run
from evals.suites import attack, benign, chat, engine, stability

_REPEATS_FOR_STABILITY = 3


@dataclass(frozen=True)
class Plan:
    """What a run was asked for. `every` are all cases, whatever the split; `beat` the baselines in the same run."""

    suites: tuple[str, ...]
    setting: Setting
    every: tuple[Case, ...]
    beat: tuple[str, ...] = ()
    repeat: int | None = None
    attacks: int = 4
    seed: int = 1

    @property
    def measured(self) -> list[str]:
        """The suites that need answers."""
        return [name for name in self.suites if name != engine.NAME]

    @property
    def cases(self) -> dict[str, Case]:
        """Every case that a report may speak of."""
        twins = benign.load() if attack.NAME in self.suites else ()
        return {case.id: case for case in (*(pair.case(benign.SAID) for pair in twins), *self.every)}

    def items(self) -> tuple[Item, ...]:
        """Clean cases with their repeats; for the suite attack their attacked copies and the benign texts as well."""
        default = _REPEATS_FOR_STABILITY if stability.NAME in self.suites else 1
        wanted = items.clean(self.setting.cases, repeat=self.repeat or default)
        if attack.NAME not in self.suites:
            return wanted
        attacked = attack.attacks(self.setting.cases, self.seed, self.attacks)
        return (
            *wanted,
            *(Item(case, variant=name) for name, case in attacked),
            *benign.items(benign.load()),
        )

    def report(self, source: Source | None) -> Report:
        """Run it. `source` answers; None where only the engine is measured."""
        contestants: list[Contestant] = []
        baselines: list[Contestant] = []
        if source:
            wanted = self.items()
            # All are made ready before the first one runs: what is wrong with a flag must not cost an hour.
            ready = [contest.baseline(name, source, wanted, self.setting, cases=self.every) for name in self.beat]
            contestants += [self._judged(made) for made in contest.measured(source, wanted, self.setting)]
            baselines += [self._judged(run_baseline()) for run_baseline in ready]
        if engine.NAME in self.suites:
            # Nothing is tuned on a case here, so every case counts, whatever the split and the limit.
            whole = replace(self.setting, cases=self.every, split=items.ALL)
            made = whole.run(engine.NAME, ModelClass.NONE, ())
            contestants.append(whole.judged(made, [engine.NAME], self.cases))
        return Report(contestants=(*contestants, *baselines), comparisons=self._compared(contestants, baselines))

    def _compared(self, contestants: Sequence[Contestant], baselines: Sequence[Contestant]) -> tuple[Comparison, ...]:
        """The model beside each baseline, on the cases that both answered."""
        made = (
            contrasts.compare(one.run, model.run, self.cases, self.setting.policy)
            for one in baselines
            for model in contestants
            if model.run.model_class is not ModelClass.NONE
        )
        return tuple(comparison for comparison in made if comparison.contrasts)

    def _judged(self, made: Run) -> Contestant:
        return self.setting.judged(made, self.measured, self.cases)


def suites(given: Sequence[str] | None, beat: Sequence[str] | None) -> tuple[str, ...]:
    """The suites by name, each once. Raises ConfigurationError for one that does not exist."""
    names = tuple(dict.fromkeys(given or flags.DEFAULT_SUITES))
    for name in names:
        if name not in ALL_SUITES:
            raise ConfigurationError(f"'{name}' is neither a command nor one of the suites {', '.join(ALL_SUITES)}")
    if beat and names == (engine.NAME,):
        raise ConfigurationError(f"--against: the suite {engine.NAME} measures nobody; name another suite")
    priced = chat_baseline.NAME in (beat or ()) and chat.NAME not in names
    return (*names, chat.NAME) if priced else names  # what a chat contradicts in itself is what it costs


def chosen(
    every: Sequence[Case], policy: Policy, *, split: str, limit: int | None = None, recorded: Source | None = None
) -> tuple[Case, ...]:
    """The cases of a split, at most so many, and where `recorded` is given only those that it holds answers for.

    Raises ConfigurationError for an unknown split, and where nothing is left.
    """
    if split not in {*Split, items.ALL}:
        raise ConfigurationError(f"--split: '{split}' is not one of test, tune, all")
    found = tuple(case for case in every if split in {items.ALL, case.split})
    if not found:
        raise ConfigurationError(f"no case is in the split '{split}'; --split all takes every case")
    return items.stratified(_recorded(found, recorded) if recorded else found, limit, policy)


def _recorded(cases: Sequence[Case], source: Source) -> tuple[Case, ...]:
    """The cases that the recordings hold, and a word on the others."""
    kept = tuple(case for case in cases if source.answering.holds(Item(case)))
    if not kept:
        raise ConfigurationError("--only-recorded: the recordings hold none of these cases; look at --split")
    errors.print(f"{len(kept)} of {len(cases)} cases are recorded; the others are left out")
    return kept
