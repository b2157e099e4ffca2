"""Whom a run asks, as its flags say: a live model, or recordings of one."""

from dataclasses import dataclass
from pathlib import Path

from agent.cli import settings as user_settings
from agent.cli import wiring
from agent.errors import ConfigurationError
from evals import contest
from evals.contest import Setting, Source


@dataclass(frozen=True)
class Asking:
    """The flags that choose who answers. Raises ConfigurationError where they exclude each other."""

    model: str | None = None
    base_url: str | None = None
    record: Path | None = None
    replay: Path | None = None
    only_recorded: bool = False
    fresh: bool = False
    concurrency: int | None = None

    def __post_init__(self) -> None:
        if self.record and self.replay:
            raise ConfigurationError("--record and --replay exclude each other: a replayed call is recorded already")
        if self.only_recorded and not self.replay:
            raise ConfigurationError("--only-recorded needs --replay: a live model can be asked about every case")

    def source(self, setting: Setting, settings: user_settings.Settings) -> Source:
        """Who answers; a model is not loaded before it is first asked."""
        if self.replay:
            return contest.replayed(self.replay, self.model)
        choice = wiring.choice(self.model, self.base_url, settings)
        return contest.live(choice, setting, record=self.record, fresh=self.fresh, concurrency=self.concurrency)
