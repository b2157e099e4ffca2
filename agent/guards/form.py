"""Form and substance: placeholders, one ask to one team, the customer's language, length, no echo of instructions."""

import re
from collections.abc import Iterator

from agent import language
from agent.guards import words
from agent.guards.hearing import Hearing
from agent.guards.texts import Text, for_customer, for_us, undisguised
from agent.policy import Policy
from agent.schema import Brief, Draft, Finding, FindingCode, Placeholder

LEAST_WORDS, MOST_WORDS, MOST_SUBJECT_CHARACTERS = 20, 200, 90
LEAST_ASK_WORDS = 4
_FOR_CUSTOMER = frozenset(Placeholder) - {Placeholder.ANSWER_BY}
_BRACKETS = re.compile(r"\[[^\]\n]{1,60}\]|\{\{?[^}\n]{0,60}\}\}?|<[A-Za-z_/][^>\n]{0,40}>")


def check_placeholders(draft: Draft, brief: Brief, *, heard: Hearing) -> Iterator[Finding]:
    """Everything that code fills in is left open, and nothing else is."""
    subject, body = for_customer(draft)
    escalates = brief.decision.band.escalates
    for needed in (Placeholder.OWNER, Placeholder.UPDATE_BY, Placeholder.CSM) if escalates else (Placeholder.CSM,):
        if needed not in body.words:
            yield Finding(
                code=FindingCode.PLACEHOLDER_MISSING, where=body.where, words=needed, message=f"must contain {needed}"
            )
    for text, allowed in (
        (subject, _FOR_CUSTOMER),
        (body, _FOR_CUSTOMER),
        *((t, set(Placeholder)) for t in for_us(draft)),
    ):
        for match in _BRACKETS.finditer(text.words):
            if match[0] not in allowed and undisguised(match[0]) not in heard.everything:
                yield Finding(
                    code=FindingCode.PLACEHOLDER_UNKNOWN,
                    where=text.where,
                    words=match[0],
                    message="no such placeholder here",
                )


def check_ask(draft: Draft, brief: Brief, policy: Policy, *, heard: Hearing) -> Iterator[Finding]:
    """An ask where it escalates, a next step where it does not; something to do, for one team."""
    where, other = ("ask", "next_step") if brief.decision.band.escalates else ("next_step", "ask")
    wanted = (draft.ask.action if draft.ask else None) if where == "ask" else draft.next_step
    if not wanted or not wanted.strip():
        yield Finding(code=FindingCode.NO_ASK, where=where, words="", message=f"{where} is missing")
        return
    if getattr(draft, other) is not None:
        yield Finding(code=FindingCode.NO_ASK, where=other, words="", message=f"{other} must be null")
    if complaint := _complaint(wanted, where):
        yield Finding(code=FindingCode.NO_ASK, where=where, words=wanted[:80], message=complaint)
    if draft.ask and not draft.ask.done_when.strip():
        yield Finding(code=FindingCode.NO_ASK, where=where, words="", message="done_when is empty")
    yield from _too_broad(wanted, where, brief, policy, heard=heard)


def _complaint(wanted: str, where: str) -> str | None:
    if len(wanted.split()) < LEAST_ASK_WORDS:
        return "too short to act on: name what to do and with what"
    if wanted.rstrip().endswith("?"):
        return "a question is not an ask: say what to do"
    if where == "ask" and words.load().describing.match(wanted.lstrip(" \"'*-")):
        return "describes instead of asking: open with a verb"
    return None


def _too_broad(wanted: str, where: str, brief: Brief, policy: Policy, *, heard: Hearing) -> Iterator[Finding]:
    """Another team is named, and not because the text does."""
    route = brief.decision.route
    named = " ".join((route.owner, *route.together_with))
    others = [
        name for team in policy.teams.values() if (name := team.name.split(",")[0]) not in named and name != "CSM"
    ]
    found = [
        name
        for name in others
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", wanted) and name not in heard.everything
    ]
    if (match := words.load().too_broad.search(wanted)) and match[0].lower() not in heard.everything.lower():
        found.append(match[0])
    for name in found:
        yield Finding(
            code=FindingCode.TOO_BROAD, where=where, words=name, message="one team, one ask: leave the others out"
        )


def check_language(draft: Draft, brief: Brief) -> Iterator[Finding]:
    """The customer reads their own language."""
    _, body = for_customer(draft)
    written = language.detect(body.plain)
    for found in {draft.customer_message.language, written or brief.language} - {brief.language}:
        yield Finding(
            code=FindingCode.LANGUAGE, where=body.where, words=found, message=f"must be written in '{brief.language}'"
        )


def check_length(draft: Draft) -> Iterator[Finding]:
    """Long enough to say something, short enough to be read."""
    subject, body = for_customer(draft)
    count = len(body.words.split())
    if not LEAST_WORDS <= count <= MOST_WORDS:
        why = f"{count} words; write {LEAST_WORDS} to {MOST_WORDS}"
        yield Finding(code=FindingCode.LENGTH, where=body.where, words="", message=why)
    if not 0 < len(subject.words.strip()) <= MOST_SUBJECT_CHARACTERS:
        why = f"a subject has 1 to {MOST_SUBJECT_CHARACTERS} characters"
        yield Finding(code=FindingCode.LENGTH, where=subject.where, words="", message=why)


def check_echo(text: Text) -> Iterator[Finding]:
    """No sign of a model or of its instructions."""
    if match := words.load().echo.search(text.plain):
        yield Finding(
            code=FindingCode.INSTRUCTION_ECHO,
            where=text.where,
            words=match[0],
            message="speaks of a model or its instructions",
        )
