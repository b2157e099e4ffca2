"""`triage preview`: exactly what call 1 would send, and to whom. Sends nothing."""

import json

import typer

from agent import intake, prompts, report
from agent.cli import options, streams, wiring
from agent.cli import settings as user_settings
from agent.embedded import scorer
from agent.extraction.hosted import build_request
from agent.models.choose import ModelKind
from agent.models.wire import response_schema
from agent.schema import Extraction


def preview(  # noqa: PLR0913 - one parameter per flag
    file: options.Input = None,
    *,
    account: options.Account = None,
    arr: options.Arr = None,
    renewal: options.Renewal = None,
    strategic: options.Strategic = False,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    policy_file: options.PolicyFile = None,
) -> None:
    """Print what would be sent; sends nothing.

    JSON with the model, whether the text leaves this machine, the messages of call 1 and the response schema.

    \b
    Example:
      triage preview thread.eml --model openai/gpt-5-mini | less
    """
    settings = user_settings.load()
    policy = wiring.policy(policy_file, settings)
    context = wiring.context(account=account, arr=arr, renewal=renewal, strategic=strategic)
    chosen = wiring.choice(model, base_url, settings, will_ask=False)
    situation = streams.read(file, context)
    about = {
        "model": chosen.reference,
        "leaves_this_machine": chosen.remote,
        "endpoint": chosen.base_url,
        "input_digest": intake.digest(situation),
    }
    if chosen.kind is ModelKind.BUILTIN:
        sent: dict[str, object] = {"prompts": scorer.prompts(situation)}
    else:
        situation = intake.fit(situation, wiring.context_characters(chosen))
        request = build_request(situation, policy, prompts.fresh_nonce())
        sent = {
            "messages": [message.model_dump() for message in request.messages],
            "response_schema": response_schema(Extraction, limits=not chosen.remote),
        }
    typer.echo(report.inert(json.dumps(about | sent, indent=2, ensure_ascii=False)))
