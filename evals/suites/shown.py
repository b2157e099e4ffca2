"""Drafts as shown, made readable for the product's guards, which read drafts whose placeholders are still open.

What code filled in is opened again: a date that is the engine's own is not an invented one. Drafts are expected to be
signed by nobody, as the runner leaves them.
"""

import re
from collections.abc import Mapping
from datetime import datetime

from agent import by_hand, money
from agent.drafting.dates import say_when
from agent.policy import Policy
from agent.schema import (
    Ask,
    Assessment,
    Brief,
    CustomerMessage,
    Decision,
    DimensionReading,
    Draft,
    Extraction,
    Grounded,
    Placeholder,
    StatedArr,
)
from evals.cases import Case

_ASK = re.compile(r".*?: (?P<action>.*) For: .*\. Done when: (?P<done>.*) Answer by: .*\.", re.DOTALL)
_NAME_GAP = re.compile(r"\[(?:your name|Ihr Name|votre nom|su nombre|uw naam|il suo nome)\]")
_COMPANY_GAP = re.compile(r"\[(?:your company|Ihr Unternehmen|votre entreprise|su empresa|uw bedrijf|la sua azienda)\]")


def for_us(given: Assessment) -> str | None:
    """The ask, or the next step where the CSM handles it."""
    if given.escalation:
        return given.escalation.ask
    return given.next_step.action if given.next_step else None


def instant(moment: datetime, code: str) -> re.Pattern[str]:
    """The words of an instant, whatever its zone is called: a kept result remembers the offset alone."""
    return re.compile(re.escape(say_when(moment, code).rpartition(" (")[0]) + r" \([^()]{1,20}\)")


def opened(given: Assessment, written: CustomerMessage, policy: Policy) -> Draft:
    """The draft before code filled it in: owner, dates, account and signature are open again."""
    code, team, due = written.language, policy.teams.get(given.route.owner_team), given.deadlines
    outward = {_NAME_GAP: Placeholder.CSM, instant(due.customer_update, code): Placeholder.UPDATE_BY} | (
        {re.compile(re.escape(team.for_customer(code))): Placeholder.OWNER} if team else {}
    )
    outward[_COMPANY_GAP] = Placeholder.ACCOUNT
    message = written.model_copy(
        update={"subject": _open(written.subject, outward), "body": _open(written.body, outward)}
    )
    inward = {instant(due.customer_update, "en"): Placeholder.UPDATE_BY}
    if due.owner_answer:
        inward[instant(due.owner_answer, "en")] = Placeholder.ANSWER_BY
    words = for_us(given) or ""
    if not given.band.escalates:
        return Draft(ask=None, next_step=_open(words, inward)[:500], customer_message=message)
    parts = _ASK.fullmatch(words)
    ask = (parts["action"], parts["done"]) if parts else (words, words)  # free text
    action, done_when = (_open(part, inward) for part in ask)
    return Draft(ask=Ask(action=action[:500], done_when=done_when[:240]), next_step=None, customer_message=message)


def _open(text: str, values: Mapping[re.Pattern[str], Placeholder]) -> str:
    for said, placeholder in values.items():
        text = said.sub(placeholder.value, text)
    return text


def brief(case: Case, given: Assessment) -> Brief:
    """What the guards may know, taken from the case itself where the model's reading could hide a fault."""
    return Brief(
        situation=case.situation,
        grounded=Grounded(extraction=_extraction(case, given), scores=given.scores),
        decision=Decision(
            total=given.total,
            band=given.band,
            label=given.decision,
            issue_type=given.issue_type,
            route=given.route,
            deadlines=given.deadlines,
            robustness=given.robustness,
        ),
        language=case.customer_language,
    )


def _extraction(case: Case, given: Assessment) -> Extraction:
    amount = money.find_arr(case.text)
    stated = amount and StatedArr(
        words=amount.words[:120], amount=amount.amount, currency=amount.currency, period=amount.period
    )
    readings = {
        dimension.value: DimensionReading(quotes=(), basis=s.basis, rationale=s.rationale, score=s.score, question=None)
        for dimension, s in given.scores.items()
    }
    return by_hand.extraction(given.issue_type, readings).model_copy(
        update={
            "account": given.account,
            "situation": given.situation,
            "arr": stated,
            "issue_type_reason": given.issue_type_reason,
            "issue_type_runner_up": given.issue_type_runner_up,
        }
    )
