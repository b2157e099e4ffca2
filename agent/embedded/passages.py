"""Verbatim passages of a situation: the sentences that carried a reading, the deadline's words, the attempts, the name.

Every passage is a slice of a message body, so it stands in the text by construction.
"""

import math
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from statistics import pstdev

from agent import strict_yaml
from agent.intake import instructions, signature
from agent.late import late
from agent.schema import Message, Side, Situation

# A title's point ends no sentence, and neither does that of "1. Januar".
_SENTENCE_END = late(
    r"(?<=[.!?…])(?<!\b[DMS]r\.)(?<!\bdr\.)(?<!\bMrs\.)(?<!\bMs\.)(?<!\b[Dd]ott\.)(?<!\bProf\.)(?<!\bM\.)[\"”»')]*\s+"
    r"(?!(?<=\d\. )(?:Jan|Feb|März|Apr|Mai\b|Juni|Juli|Aug|Sept|Okt|Nov|Dez))(?=[^\W\d_a-zß-ÿ]|[\d\"“„«¿¡(])"
)
_QUOTE_MARKS = late(r"^(?:\s*>)+\s?")
_STARTS_ANEW = late(r"^(?:[-*•|#\[(]|\d{1,2}[.:)]|[^\W\d_][\w .'’-]{0,30}:)")
_WRAPPED = 55  # a line at least this long goes on in the next one
_SHORTEST, _LONGEST, _FEWEST_WORDS = 12, 240, 3

_TIME_WORDS = (
    r"today|tonight|tomorrow|noon|midnight|(?:mon|tues|wednes|thurs|fri|satur|sun)day|heute|morgen|mittag|mitternacht|"
    r"montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag|aujourd'hui|demain|ce soir|midi|lundi|mardi|mercredi|"
    r"jeudi|vendredi|samedi|dimanche|hoy|mañana|mediodía|lunes|martes|miércoles|jueves|viernes|sábado|domingo|oggi|domani|"
    r"mezzogiorno|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|vandaag|maandag|dinsdag|woensdag|donderdag|"
    r"vrijdag|zaterdag|zondag|weekend|wochenende|end of (?:the )?(?:week|month)|ende (?:der|des) (?:woche|monats)|"
    r"next (?:week|month)|"
    r"\d{1,2}(?::\d{2}| ?[ap]m| ?h\b| ?uhr)|\d{1,2}\.(?:\d{1,2}\.)?|\d{1,2}(?:st|nd|rd|th)|\d{4}-\d{2}-\d{2}"
)
_DEADLINE = late(
    r"\b(?:by|before|until|no later than|bis|vor|spätestens|avant|d'ici|antes del?|para el|hasta|entro|prima di"
    r"|voor|tot)\b"
    rf"(?!\s+(?:hand|phone|name|number|me|then|that|it|their|the way|e-?mail|mail)\b)"
    rf"(?:[ \n]+[^\s.,;:!?]+){{0,4}}?[ \n]+(?:{_TIME_WORDS})(?!\w)"
    rf"(?:\s+(?:{_TIME_WORDS}|evening|morning|afternoon|noon)(?!\w))*",
    re.IGNORECASE,
)


@cache
def cues() -> dict[str, tuple[str, ...]]:
    """The cue words by name."""
    document = strict_yaml.load(resources.files("agent.embedded").joinpath("cues.yaml").read_text(encoding="utf-8"))
    return {name: tuple(str(word).lower() for word in words) for name, words in document.items()}


@cache
def _pattern(name: str) -> re.Pattern[str]:
    words = sorted(cues()[name], key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(word.strip()) for word in words) + r")", re.IGNORECASE)


def hits(name: str, text: str) -> int:
    """How many different cue words of a kind stand in the text."""
    return len({match.lower() for match in _pattern(name).findall(text)})


def sentences(message: Message) -> tuple[str, ...]:
    """The sentences of a message that can be shown as a quote: wrapped lines joined, no text that addresses an AI."""
    runs = _runs(instructions.quotable(message))
    found = (part.strip(" \t*-•|") for run in runs for part in _SENTENCE_END.split(run))
    return tuple(
        sentence[:_LONGEST].rsplit(" ", 1)[0] if len(sentence) > _LONGEST else sentence
        for sentence in found
        if _says_something(sentence)
    )


def _says_something(sentence: str) -> bool:
    """False for greetings, names, contact and bank lines: too short, or capitalised throughout without an end mark."""
    words = sentence.split()
    if signature.CONTACT_LINE.match(sentence):
        return False
    if len(sentence) < _SHORTEST or len(words) < _FEWEST_WORDS:
        return False
    capitalised = sum(word[:1].isupper() for word in words)
    return sentence[-1] in ".!?…" or capitalised * 2 < len(words)


def _runs(body: str) -> list[str]:
    """Lines that mail programs wrapped, as the one line they were written as."""
    runs: list[str] = []
    goes_on = False
    for line in (_QUOTE_MARKS.sub("", raw).strip() for raw in body.splitlines()):
        if goes_on and line and not _STARTS_ANEW.match(line):
            runs[-1] += f" {line}"
        elif line:
            runs.append(line)
        goes_on = bool(line) and len(line) >= _WRAPPED
    return runs


def all_sentences(messages: Iterable[Message]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentence for message in messages for sentence in sentences(message)))


def past(situation: Situation) -> frozenset[str]:
    """The sentences from before the customer's newest message; a note of the CSM looks back from today."""
    today = next((m.number for m in situation.messages if m.side is Side.CUSTOMER), situation.newest.number)
    before = [m.number > today and m.side is not Side.CSM_NOTE for m in situation.messages]
    older, newer = (
        all_sentences(m for m, is_past in zip(situation.messages, before, strict=True) if is_past is wanted)
        for wanted in (True, False)
    )
    return frozenset(older) - frozenset(newer)


def said(situation: Situation) -> str:
    """The sentences of all messages, one a line: the text without headers, signatures and legal text."""
    return "\n".join(all_sentences(situation.messages)) or situation.text


@dataclass(frozen=True)
class Cut:
    """A text in pieces that together are the text, and which piece each sentence is."""

    pieces: tuple[str, ...]
    places: Mapping[str, int]

    @property
    def said(self) -> frozenset[int]:
        """The pieces that are sentences, and no headers, signatures or legal text."""
        return frozenset(self.places.values())


def cut(text: str, wanted: Iterable[str]) -> Cut:
    """The text cut at the sentences that stand in it, line breaks and quote marks inside them aside."""
    spans: dict[str, tuple[int, int]] = {}
    taken: list[tuple[int, int]] = []
    for sentence in wanted:
        match = re.search(r"[\s>]+".join(map(re.escape, sentence.split())), text)
        if match and all(match.end() <= start or match.start() >= end for start, end in taken):
            spans[sentence] = match.span()
            taken.append(match.span())
    borders = sorted({0, len(text)}.union(*taken))
    pieces = tuple(text[start:end] for start, end in pairwise(borders))
    return Cut(pieces, {sentence: borders.index(start) for sentence, (start, _) in spans.items()})


_GREETING = late(
    r"(?:hi|hello|dear|sorry|i am sorry|i'm sorry|thanks|thank you|hallo|guten|danke|bonjour|merci|hola|gracias|ciao"
    r"|buongiorno|grazie|beste)(?!\w)",
    re.IGNORECASE,
)
_USUAL_LENGTH = 60  # characters


def strongest(
    candidates: Iterable[str], pull: Callable[[str], float], *, told: Container[str], most: int
) -> tuple[str, ...]:
    """What shows a reading best: one sentence, as no score stands without words, and further ones with a pull above 0.

    `told` are sentences that already stand for another score: a new one says more.
    """
    pulls = {sentence: pull(sentence) for sentence in candidates}
    if not pulls:
        return ()
    spread = pstdev(pulls.values()) or 1.0

    def worth(sentence: str) -> float:
        return pulls[sentence] / spread + _concreteness(sentence) - (sentence in told)

    ranked = sorted(pulls, key=worth, reverse=True)[:most]
    return tuple(sentence for place, sentence in enumerate(ranked) if pulls[sentence] > 0 or place == 0)


def _concreteness(sentence: str) -> float:
    """How much a sentence tells besides its reading, in the same standard deviations.

    Chosen on the `tune` cases: key facts that a quote covers 0.63 -> 0.68 at 5.8 quotes a case instead of 5.6.
    """
    length = min(2.0, math.sqrt(len(sentence) / _USUAL_LENGTH))
    figure = 0.6 * any(map(str.isdigit, sentence))
    return length + figure - bool(_GREETING.match(sentence))


def with_cue(name: str, candidates: Iterable[str], *, most: int) -> tuple[str, ...]:
    """The first sentences that carry a cue of a kind, in the text's order."""
    return tuple(sentence for sentence in candidates if _pattern(name).search(sentence))[:most]


def deadline(situation: Situation) -> str | None:
    """The words of the deadline, from the customer's messages first; None where none is found."""
    for sides in ((Side.CUSTOMER,), (Side.UNKNOWN, Side.CSM_NOTE, Side.US)):
        for message in situation.messages:
            if message.side in sides and (match := _DEADLINE.search(message.body)):
                return " ".join(match.group().split("\n")[0].split(" "))[:120]
    return None
