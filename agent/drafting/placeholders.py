"""What no model may word: owner, dates, account and signature are filled in here, after the draft is written."""

import re
from collections.abc import Mapping, Sequence

from agent.drafting.dates import say_when
from agent.policy import Policy
from agent.schema import Ask, Brief, Drafts, Finding, Placeholder, Written

OWNER, ANSWER_BY, UPDATE_BY, ACCOUNT, CSM = Placeholder
_PLACEHOLDER = re.compile("|".join(map(re.escape, Placeholder)))
# A gap stays visible, so that nobody sends a message signed by no one.
_GAPS = {
    "en": ("[your name]", "[your company]"),
    "de": ("[Ihr Name]", "[Ihr Unternehmen]"),
    "fr": ("[votre nom]", "[votre entreprise]"),
    "es": ("[su nombre]", "[su empresa]"),
    "nl": ("[uw naam]", "[uw bedrijf]"),
    "it": ("[il suo nome]", "[la sua azienda]"),
}


def fill(
    written: Written, brief: Brief, policy: Policy, *, findings: Sequence[Finding] = (), note: str | None = None
) -> Drafts:
    """The drafts as shown. `findings` and `note` say what was held against a model's wording."""
    draft, escalates = written.draft, brief.decision.band.escalates
    message = draft.customer_message
    for_us, for_customer = _internal_values(brief), _customer_values(brief, policy, message.language)
    return Drafts(
        ask=_put(_compose(draft.ask, brief), for_us) if escalates and draft.ask else None,
        next_step=_put(draft.next_step, for_us) if not escalates and draft.next_step else None,
        customer_message=message.model_copy(
            update={"subject": _put(message.subject, for_customer), "body": _put(message.body, for_customer)}
        ),
        source=written.source,
        findings=tuple(findings),
        note=note,
    )


def _compose(ask: Ask, brief: Brief) -> str:
    together = brief.decision.route.together_with
    who = f"{OWNER} (with {' and '.join(together)})" if together else OWNER
    done_when = _sentence(ask.done_when)
    return f"{who}: {_sentence(ask.action)} For: {ACCOUNT}. Done when: {done_when} Answer by: {ANSWER_BY}."


def _sentence(text: str) -> str:
    text = text.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _put(text: str, values: Mapping[str, str]) -> str:
    """One pass, so that a filled-in value is never read as a placeholder again."""
    return _PLACEHOLDER.sub(lambda match: values[match[0]], text)


def _internal_values(brief: Brief) -> dict[str, str]:
    decision = brief.decision
    answer = decision.deadlines.owner_answer or decision.deadlines.customer_update
    return {
        OWNER: decision.route.owner,
        ANSWER_BY: say_when(answer, "en"),
        UPDATE_BY: say_when(decision.deadlines.customer_update, "en"),
        ACCOUNT: _account(brief) or "the customer (name not given)",
        CSM: brief.signature.name or "the CSM",
    }


def _customer_values(brief: Brief, policy: Policy, language: str) -> dict[str, str]:
    signature = brief.signature
    name_gap, company_gap = _GAPS.get(language, _GAPS["en"])
    lines = [signature.name or name_gap, *([signature.company] if signature.company else [])]
    return {
        OWNER: policy.teams[brief.decision.route.owner_team].for_customer(language),
        UPDATE_BY: say_when(brief.decision.deadlines.customer_update, language),
        ACCOUNT: _account(brief) or company_gap,
        CSM: "\n".join(lines),
    }


def _account(brief: Brief) -> str | None:
    """The account's name without a full stop of its own, since the ask adds one."""
    name = brief.situation.context.account or brief.grounded.extraction.account
    return name.strip().rstrip(".") if name else None
