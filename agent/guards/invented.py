"""Nothing is invented: every date, amount and name in a draft stands in the text."""

import re
from collections.abc import Iterator

from agent import money
from agent.guards import dates, words
from agent.guards.addresses import addresses
from agent.guards.hearing import Hearing
from agent.guards.texts import Text
from agent.intake.dates import MONTHS, WEEKDAYS
from agent.late import late
from agent.policy import Policy
from agent.schema import Brief, Finding, FindingCode

_PERCENT = late(
    r"(?<![\w.,])(?P<n>\d{1,3}(?:[.,]\d{1,2})?)"
    r"\s?(?:%|(?:percent|per cent|prozent|pour cent|por ciento|procent|per cento)\b)",
    re.IGNORECASE,
)
_CAPITAL = r"[A-ZÀ-ÖØ-Þ][\w’'-]*\w"
_WORD = late(r"[^\W\d_](?:[\w’'-]*\w)?")
_PAIR = late(rf"(?<![\w’'-])(?P<first>{_CAPITAL}) (?P<second>{_CAPITAL})")
# Whom an ask turns to, by a verb that only people follow: "a report with Root Cause Analysis" turns to nobody.
_TURNS_TO = late(
    r"(?<!\w)(?:ask|contact|call|tell|involve|(?:speak|talk|work|agree|check|together) (?:to|with)"
    r"|(?:hand|assign|pass|escalate|give)(?: it| this| that)?(?: on| over)? to|(?:have|get|let)(?=(?: \w+){2} (?:to )?"
    r"(?:look|check|find|see|take|explain|confirm|review|fix|call|write|test|send|help|join|decide|reproduce)\b))"
    rf" (?P<name>(?-i:{_CAPITAL} {_CAPITAL}))(?!(?-i: {_CAPITAL}))",
    re.IGNORECASE,
)
_STARTS_SENTENCE = late(r"(?:^|[.!?¿¡:;…\n>•])[\s\"'“”„«»‚‘’(*-]*$")
_SALUTATION = late(r"\s*(?P<line>[^\n,.!:;…]{1,60})[,!:\n]")
_ABBREVIATION = 4
_NAMES_OF_DAYS = frozenset(" ".join((*WEEKDAYS, *MONTHS)).split())
# Here one capital inside a sentence is a name. Elsewhere nouns or pronouns have one too, as in German and Polish, and
# only two in a row, or one after a title, are.
_A_CAPITAL_IS_A_NAME = {"en", "fr", "es", "nl", "it"}


def check_dates(text: Text, heard: Hearing, *, to_customer: bool) -> Iterator[Finding]:
    """Days, dates, times and spans that the text cannot account for, or that the customer was never told."""
    known, shared = dates.accounted_for(heard.everything), dates.accounted_for(heard.shared)
    for mention in dict.fromkeys(dates.mentions(text.plain)):
        if mention.key not in known:
            yield _finding(
                FindingCode.INVENTED_DATE, text, mention.said, "not in the text; use [UPDATE_BY] or leave it out"
            )
        elif to_customer and mention.key not in shared:
            yield _finding(FindingCode.INTERNAL, text, mention.said, "a date the customer has not been told")


def check_amounts(text: Text, heard: Hearing, *, to_customer: bool) -> Iterator[Finding]:
    """Money and percentages that the text does not state, or that the customer never read."""
    known, shared = _figures(heard.everything), _figures(heard.shared)
    for said, figure in _amounts(text.plain):
        if figure not in known:
            yield _finding(FindingCode.INVENTED_AMOUNT, text, said, "this figure is not in the text")
        elif to_customer and figure not in shared:
            yield _finding(FindingCode.INTERNAL, text, said, "a figure the customer has not read")


def check_addresses(text: Text, heard: Hearing, *, to_customer: bool) -> Iterator[Finding]:
    """Links, mail addresses, bank accounts and telephone numbers that the text, or the customer, does not have."""
    known = (heard.shared if to_customer else heard.everything).lower()
    for said in addresses(text.plain):
        if said.lower() not in known:
            yield _finding(FindingCode.INVENTED_NAME, text, said, "an address that nobody gave")


def check_names(text: Text, brief: Brief, policy: Policy, *, heard: Hearing) -> Iterator[Finding]:
    """Names of people, companies and products that stand nowhere in the text, or only where the customer never read."""
    ours, shared, known = _ours(brief, policy), _names(heard.shared), _names(heard.everything)
    greeted = tuple(_salutation(text))
    singles = text.where == "body" and brief.language in _A_CAPITAL_IS_A_NAME
    others = (*_titled(text.plain), *(_singles(text.plain) if singles else _pairs(text.plain)))
    for said in dict.fromkeys((*greeted, *others)):
        parts = {_bare(name) for name in said.split()} - ours
        if parts and not parts & known:
            yield _finding(FindingCode.INVENTED_NAME, text, said, "this name is not in the text")
        elif parts and not parts & shared and said not in greeted:
            yield _finding(FindingCode.INTERNAL, text, said, "a name the customer has not read")


def check_colleagues(text: Text, brief: Brief, policy: Policy, *, heard: Hearing) -> Iterator[Finding]:
    """People whom an ask turns to and no text names. Among colleagues "Root Cause" has capitals and names nobody."""
    ours = _names(" ".join((brief.grounded.extraction.account or "", *(team.name for team in policy.teams.values()))))
    known = _ours(brief, policy) | ours | _names(heard.everything)
    turned_to = (match["name"] for match in _TURNS_TO.finditer(text.plain))
    people = (name for name in turned_to if not any(map(_is_no_name, name.split())))
    for said in dict.fromkeys((*_titled(text.plain), *people)):
        if not {_bare(name) for name in said.split()} & known:
            yield _finding(FindingCode.INVENTED_NAME, text, said, "this name is not in the text")


def _finding(code: FindingCode, text: Text, said: str, why: str) -> Finding:
    return Finding(code=code, where=text.where, words=said, message=why)


def _amounts(text: str) -> Iterator[tuple[str, str]]:
    for amount in money.read_amounts(text):
        yield amount.words, f"{amount.amount.normalize():f}"
    for match in _PERCENT.finditer(text):
        yield match[0], f"{match['n'].replace(',', '.')}%"


def _figures(text: str) -> set[str]:
    """Amounts with a currency, and bare numbers: '23,400' accounts for 'EUR 23,400'."""
    bare = (re.sub(r"[.,]00$", "", number) for number in re.findall(r"\d[\d.,'’\u00a0\u202f]*\d|\d", text))
    return {figure for _, figure in _amounts(text)} | {re.sub(r"\D", "", number) for number in bare}


def _ours(brief: Brief, policy: Policy) -> frozenset[str]:
    """Names that may always be said: the account's as typed, the signature's, public names of teams, days and months.

    An account that was only read may be anybody's name; a draft has [ACCOUNT] for it.
    """
    names = (
        brief.situation.context.account or "",
        brief.signature.name or "",
        brief.signature.company or "",
        *(team.for_customer(brief.language) for team in policy.teams.values()),
    )
    return _names(" ".join(names)) | _NAMES_OF_DAYS


def _names(text: str) -> frozenset[str]:
    return frozenset(_bare(word) for word in _WORD.findall(text))


def _bare(name: str) -> str:
    """A name without its genitive, in lower case."""
    return re.sub(r"['’]?s$", "", name.lower())


def _salutation(text: Text) -> Iterator[str]:
    greetings = words.load().greetings
    match = _SALUTATION.match(text.plain) if text.where == "body" else None
    spoken = _WORD.findall(match["line"]) if match else []
    if spoken and (greetings.fullmatch(spoken[0]) or len(spoken) == 1):
        no_name = words.load().titles
        yield from (w for w in spoken if w[0].isupper() and not greetings.fullmatch(w) and not no_name.fullmatch(w))


def _titled(text: str) -> Iterator[str]:
    titled = re.compile(rf"{words.load().titles.pattern}\.? (?P<name>(?-i:{_CAPITAL}))", re.IGNORECASE)
    yield from (match["name"] for match in titled.finditer(text))


def _singles(text: str) -> Iterator[str]:
    """Capitals in the middle of a sentence; abbreviations in capitals and formal pronouns are no names."""
    start = match.end() if (match := _SALUTATION.match(text)) else 0
    for word in _WORD.finditer(text, start):
        said = word[0]
        opens = word.start() == start or _STARTS_SENTENCE.search(text[start : word.start()])
        if said[0].isupper() and not opens and not _is_no_name(said):
            yield said


def _pairs(text: str) -> Iterator[str]:
    for pair in _PAIR.finditer(text):
        opens = _STARTS_SENTENCE.search(text[: pair.start()])
        titled = words.load().titles.fullmatch(pair["first"])
        if not opens and not titled and not _is_no_name(pair["first"]) and not _is_no_name(pair["second"]):
            yield pair[0]


def _is_no_name(word: str) -> bool:
    bare = re.split(r"['’]", word)[0]
    short = bare.isupper() and len(bare) <= _ABBREVIATION
    return short or bool(words.load().capitals_that_are_no_names.fullmatch(bare))
