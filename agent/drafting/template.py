"""The plain deterministic wording: no model, the same words for the same case, in six languages.

It says only what is known: the customer's own words, who has it, and when they hear next. The ask carries the facts of
the case verbatim, for colleagues, in English.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex

from agent.drafting import own_words
from agent.drafting.dates import say_when
from agent.drafting.placeholders import CSM
from agent.drafting.tickets import tickets
from agent.drafting.wording import LanguageWording, Wording, load
from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import Ask, Brief, CustomerMessage, Dimension, Draft, DraftSource, Finding, Side, Written

MOST_ACTION_CHARACTERS = 800
LEAST_FACT_CHARACTERS, MOST_FACT_CHARACTERS = 40, 180

_PLACEHOLDER_LIKE = regex.compile(r"\[[A-Z][A-Z_]*\]")


class TemplateDrafter:
    """The `Drafter` that needs no model; it cannot fail, so it stands in wherever a model's draft does."""

    def draft(
        self,
        brief: Brief,
        policy: Policy,  # noqa: ARG002  # the port's signature; names and dates are filled in afterwards
        deadline: Deadline,  # noqa: ARG002
        findings: Sequence[Finding] = (),  # noqa: ARG002
    ) -> Written:
        """Word the draft with its placeholders still in it. The same brief always gives the same words."""
        wording = load()
        issue = wording.issue_types[brief.decision.issue_type]
        escalates = brief.decision.band.escalates
        draft = Draft(
            ask=Ask(action=_with_facts(issue.action, brief, wording), done_when=issue.done_when) if escalates else None,
            next_step=None if escalates else _with_facts(issue.next_step, brief, wording),
            customer_message=_customer_message(brief, wording),
        )
        return Written(draft=draft, source=DraftSource.TEMPLATE)


def _customer_message(brief: Brief, wording: Wording) -> CustomerMessage:
    language = wording.language(brief.language)
    say, escalates = wording.languages[language], brief.decision.band.escalates
    name, words = own_words.name(brief, wording), own_words.sentence(brief, wording)
    written = any(message.side is Side.CUSTOMER for message in brief.situation.messages)
    paragraphs = (
        say.greeting_named.format(name=name) if name else say.greeting,
        f"{say.thanks_quoting}\n{_quotation(words, say)}" if words else say.thanks if written else say.without_message,
        *([say.promised.format(date=say_when(brief.promised, language))] if brief.promised else []),
        f"{say.with_owner if escalates else say.by_myself} {say.update}",
        say.open_door,
        f"{say.sign_off}\n{CSM}",
    )
    return CustomerMessage(
        language=language,
        subject=say.subject_owner if escalates else say.subject_myself,
        body="\n\n".join(paragraphs),
    )


def _quotation(words: str, say: LanguageWording) -> str:
    return say.quote.format(words=own_words.inside_quotes(words, say.inner_quote))


class _Fact(NamedTuple):
    """A fact behind an action; `place` is where it stands among the others."""

    place: int
    label: str
    words: str
    quoted: bool = False

    def say(self, most_characters: int) -> str | None:
        """The fact within that many characters, its words cut at a word's end; None where too little would be left."""
        form = f'{self.label}: "{{}}".' if self.quoted else f"{self.label}: {{}}."
        words = _cut(self.words.rstrip("."), min(MOST_FACT_CHARACTERS, most_characters - len(form) + len("{}")))
        return form.format(words) if words else None


def _with_facts(sentence: str, brief: Brief, wording: Wording) -> str:
    """The sentence and as many facts as there is room for; ticket and deadline are placed before any quote."""
    room = MOST_ACTION_CHARACTERS - len(sentence)
    taken: dict[int, str] = {}
    for fact in _facts(brief, wording):
        if said := fact.say(room - 1):
            taken[fact.place] = said
            room -= len(said) + 1
    return " ".join([sentence, *(taken[place] for place in sorted(taken))])


def _facts(brief: Brief, wording: Wording) -> Iterator[_Fact]:
    """The facts, the least dispensable first."""
    label, extraction = wording.facts, brief.grounded.extraction
    deadline = _usable(extraction.customer_deadline)
    if numbers := tickets(brief):
        yield _Fact(4, label.tickets, ", ".join(numbers))
    if deadline:
        yield _Fact(3, label.deadline, deadline, quoted=True)
    quotes = list(_quotes(brief, Dimension.CUSTOMER_IMPACT))
    impact = next(iter(quotes), None) or own_words.sentence(brief, wording)
    if impact:
        yield _Fact(0, label.impact, impact, quoted=True)
    elif still_open := next(filter(None, map(_usable, extraction.open_now)), None):
        yield _Fact(0, label.open, still_open)
    request = _usable(extraction.customer_request)
    if request and request != impact:
        yield _Fact(1, label.request, request)
    said = {impact}
    for place, words, dimension in (
        (5, label.time, Dimension.TIME_SENSITIVITY),
        (6, label.needed, Dimension.CSM_CAPABILITY),
        (7, label.also, Dimension.CUSTOMER_IMPACT),
    ):
        new = (quote for quote in _quotes(brief, dimension) if quote not in said)
        if quote := next(new, None):
            said.add(quote)
            yield _Fact(place, words, quote, quoted=True)


def _quotes(brief: Brief, dimension: Dimension) -> Iterator[str]:
    """The quotes that stand in the text, the most telling first."""
    quotes = (e.quote for e in brief.grounded.scores.of(dimension).evidence if e.found)
    return filter(None, map(_usable, quotes))


def _usable(words: str | None) -> str | None:
    """The words on one line; None if there are none or they would be filled in as a placeholder."""
    line = " ".join((words or "").split())
    return line if line and not _PLACEHOLDER_LIKE.search(line) else None


def _cut(words: str, most_characters: int) -> str | None:
    """The words, or their beginning up to a word's end; None where that would be a mere scrap."""
    if len(words) <= most_characters:
        return words
    if most_characters < LEAST_FACT_CHARACTERS:
        return None
    return words[: most_characters - 2].rsplit(" ", 1)[0] + " …"
