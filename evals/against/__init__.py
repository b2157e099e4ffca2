"""What a contestant has to beat, answering the same items in the same run.

`constant` and `rules` are scorers in the product's own pipeline, with the plain wording; `chat` is the whole framework
pasted into a chat with a model, and needs one.
"""

from collections.abc import Callable, Iterable

from agent.cli.wiring import Minds
from agent.drafting.template import TemplateDrafter
from agent.errors import ConfigurationError
from agent.extraction import Scorer
from agent.models.port import Model
from agent.models.wire import CONTEXT_CHARACTERS
from agent.policy import Policy
from evals.against import chat, constant, rules
from evals.cases import Case
from evals.contender import Contender
from evals.items import Item
from evals.run import Pipeline

NAMES = (constant.NAME, rules.NAME, chat.NAME)


def contender(
    name: str,
    cases: Iterable[Case],
    *,
    policy: Policy,
    model_for: Callable[[Item], Model] | None = None,
    deadline_seconds: float | None = None,
) -> Contender:
    """The baseline of that name; `cases` are all there are, of which it may look at the tune split.

    Raises ConfigurationError for an unknown name, and for `chat` without a model that writes.
    """
    if name == chat.NAME:
        if model_for is None:
            raise ConfigurationError(f"--against {name} needs a model that writes, or its recordings")
        return chat.Chat(model_for, policy, deadline_seconds)
    if name not in NAMES:
        raise ConfigurationError(f"--against: '{name}' is not one of {', '.join(NAMES)}")
    minds = _minds(constant.ConstantScorer(cases) if name == constant.NAME else rules.RulesScorer(), name)
    return Pipeline(lambda _: minds, policy, deadline_seconds)


def _minds(scorer: Scorer, name: str) -> Minds:
    plain = TemplateDrafter()
    return Minds(
        scorer=scorer,
        drafter=plain,
        plain=plain,
        reference=name,
        embedded=False,
        remote=False,
        context_characters=CONTEXT_CHARACTERS,
    )
