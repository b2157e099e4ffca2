"""`triage score`: the framework alone. No model, no text; the four scores come from a person."""

from typing import Annotated

import typer

from agent import by_hand, engine, triage
from agent.cli import options, streams, terminal, wiring
from agent.cli import settings as user_settings
from agent.drafting.template import TemplateDrafter
from agent.errors import ConfigurationError
from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import AccountContext, Dimension, IssueType, Level, Reading, Signature, Situation

LevelOption = Annotated[int | None, typer.Option(min=1, max=5, metavar="1-5", show_default=False)]


def score(  # noqa: PLR0913 - one parameter per flag
    *,
    customer_impact: LevelOption = None,
    account_value: LevelOption = None,
    time_sensitivity: LevelOption = None,
    csm_capability: LevelOption = None,
    issue_type: Annotated[IssueType | None, typer.Option(show_default=False)] = None,
    account: options.Account = None,
    policy_file: options.PolicyFile = None,
    now: options.Now = None,
    output: options.Output = None,
) -> None:
    """Decide from your own scores, without a model.

    Without scores at a terminal it asks, with the level definitions on screen.

    \b
    Example:
      triage score --customer-impact 3 --account-value 5 --time-sensitivity 3 --csm-capability 4
      --issue-type product_defect
    """
    settings = user_settings.load()
    policy = wiring.policy(policy_file, settings)
    given = dict(zip(Dimension, (customer_impact, account_value, time_sensitivity, csm_capability), strict=True))
    levels = _complete(given, policy)
    issue = issue_type or _ask_issue_type(policy)
    situation = Situation(text=by_hand.NO_TEXT, messages=(), context=AccountContext(account=account), source="scores")
    moment = user_settings.now(now, settings)
    grounded = by_hand.grounded(levels, issue, policy)
    reading, decision = Reading(extraction=grounded.extraction), engine.decide(grounded, policy, moment)
    case = triage.Case(situation, reading, grounded, decision, policy, moment)
    plain = TemplateDrafter()  # without a text it has no facts to claim: the ask of the issue type, and who has it now
    wording = triage.word(
        case,
        plain,
        plain,
        language="en",
        signature=Signature(name=settings.csm_name, company=settings.company),
        deadline=Deadline(),
    )
    assessment = triage.assemble(case, wording, model=None)
    streams.show(assessment, policy, streams.style(output))


def _complete(given: dict[Dimension, Level | None], policy: Policy) -> dict[Dimension, Level]:
    missing = [dimension for dimension, level in given.items() if level is None]
    if missing and not terminal.can_ask():
        flags = ", ".join("--" + dimension.replace("_", "-") for dimension in missing)
        raise ConfigurationError(f"give {flags} (1 to 5 each), or run `triage score` at a terminal to be asked")
    return {
        dimension: terminal.ask_level(policy, dimension, prefilled=None) if level is None else level
        for dimension, level in given.items()
    }


def _ask_issue_type(policy: Policy) -> IssueType:
    if not terminal.can_ask():
        raise ConfigurationError(f"give --issue-type, one of {', '.join(IssueType)}")
    terminal.errors.print("\n[bold]What kind of issue is it?[/bold]")
    types = list(IssueType)
    for number, issue_type in enumerate(types, 1):
        terminal.errors.print(f"   {number}  {policy.issue_types[issue_type].label}")
    return types[terminal.ask_number(f"1-{len(types)}", highest=len(types)) - 1]
