"""`triage preview`: exactly what call 1 would send, and to whom. Sends nothing."""

import json

import typer

from agent import intake, prompts, redaction, report
from agent.cli import keeping, options, outgoing, streams, wiring
from agent.cli import settings as user_settings
from agent.embedded import scorer
from agent.extraction.decisions import fresh_request
from agent.extraction.hosted import build_request
from agent.models.choose import ModelChoice, ModelKind
from agent.models.decision_forms import resolve
from agent.models.port import Request
from agent.models.wire import CONTEXT_CHARACTERS, response_schema
from agent.policy import Policy
from agent.redaction import Redactor
from agent.schema import Extraction, Situation
from agent.schema.record import Precedent


def preview(  # noqa: PLR0913 - one parameter per flag
    files: options.Input = None,
    *,
    clipboard: options.Clipboard = False,
    account: options.Account = None,
    arr: options.Arr = None,
    renewal: options.Renewal = None,
    strategic: options.Strategic = False,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    second_opinion: options.SecondOpinion = None,
    second_url: options.SecondUrl = None,
    policy_file: options.PolicyFile = None,
    redact: options.Redact = None,
    precedents: options.Precedents = None,
) -> None:
    """Print what would be sent; sends nothing.

    JSON with the model, whether the text leaves this machine, the messages of call 1, the response schema, and in
    `request_body` the bytes of the request; only the random word around the blocks is drawn anew for each.

    \b
    Example:
      triage preview thread.eml --model openai/gpt-5-mini | less
    """
    settings = user_settings.load()
    policy = wiring.policy(policy_file, settings)
    context = wiring.context(account=account, arr=arr, renewal=renewal, strategic=strategic)
    chosen = wiring.choice(model, base_url, settings, will_ask=False)
    second = wiring.second_choice(second_opinion, second_url, settings, will_ask=False)
    outgoing.check(settings, asked=redact)
    situation = streams.read(files, context, clipboard=clipboard)
    writes = chosen.kind in wiring.WRITING
    shown = keeping.precedents(precedents, situation, settings, before=None, writes=writes)
    about = _about(chosen, situation)
    redactor = outgoing.redactor(situation, settings, asked=redact)
    goes_out = bool(outgoing.servers(chosen, second))
    if goes_out:
        situation = outgoing.noted(situation, redactor)
    if second:
        about["second_opinion"] = _decisions(second, situation, policy, second=True, redactor=redactor)
    sent = _sent(chosen, situation, policy, shown=shown, redactor=redactor)
    if redactor and goes_out:
        about["replaced"] = [one.model_dump(mode="json") for one in redactor.replaced()]
    typer.echo(report.inert(json.dumps(about | sent, indent=2, ensure_ascii=False)))


def _about(chosen: ModelChoice, situation: Situation) -> dict[str, object]:
    return {
        "model": chosen.reference,
        "leaves_this_machine": chosen.remote,
        "endpoint": chosen.base_url,
        "input_digest": intake.digest(situation),
    }


def _sent(
    chosen: ModelChoice,
    situation: Situation,
    policy: Policy,
    *,
    shown: tuple[Precedent, ...],
    redactor: Redactor | None,
) -> dict[str, object]:
    """What this kind of model is given."""
    if chosen.kind is ModelKind.DECISIONS:
        return _decisions(chosen, situation, policy, second=False, redactor=redactor)
    if chosen.kind is ModelKind.BUILTIN:
        return {"prompt": scorer.prompt(situation)}
    fitting = intake.fit(situation, wiring.context_characters(chosen))
    request = build_request(fitting, policy, prompts.fresh_nonce(), precedents=shown)
    return _written(chosen, request, redactor if chosen.kind is ModelKind.HOSTED else None)


def _written(chosen: ModelChoice, request: Request, redactor: Redactor | None) -> dict[str, object]:
    """Call 1 of a model that writes; to the byte where it goes to a server."""
    request = redaction.redacted(request, redactor) if redactor else request
    sent: dict[str, object] = {
        "messages": [message.model_dump() for message in request.messages],
        "response_schema": response_schema(Extraction, limits=not chosen.remote),
    }
    if chosen.kind is ModelKind.HOSTED:
        from agent.models import rehearsal  # noqa: PLC0415 - openai takes over a second

        body = rehearsal.body(chosen.reference, chosen.base_url, request, Extraction, remote=chosen.remote)
        sent["request_body"] = body
    return sent


def _decisions(
    chosen: ModelChoice, situation: Situation, policy: Policy, *, second: bool, redactor: Redactor | None
) -> dict[str, object]:
    """Where a decision model would be asked, and the body of the one request."""
    assert chosen.base_url is not None
    form, name = resolve(chosen.reference, chosen.base_url)
    request = fresh_request(intake.fit(situation, CONTEXT_CHARACTERS), policy, second=second)
    request = redaction.redacted_decisions(request, redactor) if redactor else request
    return {
        "model": chosen.reference,
        "leaves_this_machine": chosen.remote,
        "endpoint": form.path(chosen.base_url),
        "body": form.body(name, request),
    }
