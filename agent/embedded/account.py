"""The customer's name as a text gives it: labelled, spelled by a mail address, or standing before the amount."""

import re

from agent import money
from agent.late import late
from agent.schema import Side, Situation

_KIND = r"(?:kunde|kundin|customer|client|cliente|klant|account)"
_LABELLED = late(rf"(?:^|[|#\n(])[^\S\n]*(?:{_KIND}|compte)[^\S\n]{{0,9}}:\s*([^\n|,;(]{{2,60}})", re.IGNORECASE)
_CAPITAL = r"[^\W\d_a-zß-ÿ][\w&'’-]{0,30}"
_BEFORE_AMOUNT = late(
    rf"(?:^|\n|[:.\]] |(?i:{_KIND}) )({_CAPITAL}(?: (?:{_CAPITAL}|&|of|de|la|und|and|et)){{0,4}})"
    r" ?[(,|] ?[^\n.:]{0,40}?(?=\d|€|EUR|USD|GBP|CHF|\$|£)"
)
_NO_NAME = late(
    r"(?:call|notes?|notiz|nota|ticket|case|re|fwd?|csm|cs|mrr|arr|it|there|they|we|he|she|this|since|hi|hello|dear|guten"
    r"|hallo|bonjour|hola|ciao|buongiorno|beste|bis|unser|ihr|seit|wir|kunde|client|customer|cliente|klant|internal|intern"
    r"|from|von|de|mon|tue|wed|thu|fri|sat|sun|\w+day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)(?!\w)",
    re.IGNORECASE,
)
_KIND_OF_NAME = late(rf"(?:(?:unser\w{{0,2}}|our) )?{_KIND} (?=(?-i:[^\W\d_a-zß-ÿ]))", re.IGNORECASE)
_SHORTEST_NAME = 4
_DOMAIN = late(r"@([\w-]+)\.[\w.]+")


def name(situation: Situation) -> str | None:
    """The customer's name: labelled, or spelled by an address, or standing before the amount."""
    labelled = (match.group(1).split(". ")[0].strip(" .*") for match in _LABELLED.finditer(situation.text))
    if found := next((words for words in labelled if _is_name(words)), None):
        return found
    domains = [
        d for m in situation.messages if m.side is Side.CUSTOMER and m.address for d in _DOMAIN.findall(m.address)
    ]
    for domain in domains:
        if found := _spelled(domain, situation.text):
            return found
    arr = money.find_arr(situation.text)
    line = situation.text[: arr.start].rpartition("\n")[2] + arr.words if arr else ""
    people = {word for m in situation.messages for word in (m.author or "").split()}
    names = (_KIND_OF_NAME.sub("", match.group(1).strip(), count=1) for match in _BEFORE_AMOUNT.finditer(line))
    return next((words for words in names if _is_name(words) and not people & set(words.split())), None)


def _is_name(words: str) -> bool:
    return (
        words[:1].isupper()
        and not set("!?") & set(words)
        and len(words) >= _SHORTEST_NAME
        and not _NO_NAME.match(words)
    )


def _spelled(domain: str, text: str) -> str | None:
    """The run of capitalised words whose letters spell the domain: 'tidewater-care' is spelled by 'Tidewater Care'."""
    wanted = re.sub(r"\W", "", domain.lower())
    for match in re.finditer(r"[A-ZÀ-Þ][\w&'’-]*(?: (?:[A-ZÀ-Þ&][\w&'’-]*|of|de|and|und|et)){0,4}", text):
        words = match.group().split()
        for end in range(len(words), 0, -1):
            letters = re.sub(r"\W", "", "".join(words[:end]).lower())
            if len(letters) >= _SHORTEST_NAME and (
                letters == wanted or (letters.startswith(wanted) and end == len(words))
            ):
                return " ".join(words[:end])
    return None
