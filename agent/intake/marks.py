"""What the first line of a message looks like: mail headers, attributions, chat, transcript and ticket lines, notes.

Every pattern is tried on one line at a time, from its start, and is bounded, so that a hostile line costs little.
"""

import re
from enum import StrEnum
from typing import NamedTuple

from agent.intake.dates import WHEN, may_follow_a_name, may_stand_first
from agent.intake.headings import FROM, forwards, header_field, wrote
from agent.late import late

LONGEST_LINE = 2_000


class Kind(StrEnum):
    """How a message announces itself."""

    PLAIN = "plain"  # not at all
    MAIL = "mail"  # a header block
    QUOTED = "quoted"  # "On … wrote:"
    SPEECH = "speech"  # a name and a time
    BARE_SPEECH = "bare_speech"  # a name and a colon: speech only where the whole text is a conversation
    NOTE = "note"  # a heading under which the CSM comments
    DOUBT = "doubt"  # such a heading where it may as well be the words of whoever wrote the mail around it
    LETTER = "letter"  # by a greeting and a name below its closing
    CUT = "cut"  # a line that parts messages and names no one


class Opening(NamedTuple):
    """A line that may start a message. `body_at` is the place in the line where its words start."""

    kind: Kind
    body_at: int
    author: str | None = None
    when: str | None = None
    lines: int = 1
    """how many lines the opening itself takes, where a mail program wrapped it"""
    sure: bool = True
    """False for a note's label that anybody may write in a letter: "Note: …", "Internal: …"""


_CSM = r"(?:our |the |die |der |la |le |el |del |de la )?csm"
_NOTE_WORDS = (
    r"(?:csm|my|own|internal|private)[ -](?:comment|note|remark|line|page|jotting|view)s?|comment|kommentar|commentaire"
    r"|comentario|commento|notiz|aktennotiz|vermerk|aantekening|notitie|scribble|jotting|own (?:notes?|page)|remark"
    r"|(?:to|for) (?:self|myself|himself|herself|the file|file|my file|the record)|an mich selbst"
    r"|internal|interne?|intern[ao]|privat|private|privé|privado|note (?:to|after|de|di)"
    r"|(?-i:Notes? [A-Z][\w.]{1,20})|note (?:pour|für|per|para|voor|van)|pour mémoire|para dentro"
    r"|para mí|per me|voor mezelf|für mich|zur einordnung|(?:account|contract|customer|client) (?:record"
    r"|sheet|card|file|page|entry)|crm|sidebar|to-do|my lines"
    r"|(?:typed (?:straight )?|added )?after (?:the )?call|(?:typed (?:straight )?|added )after"
    r"|filed under|\w{1,30}['’]s (?:notes?|comment|remark|scribble|page|view)"
)
_NAME = r"[^\W\d_][\w.'’&+-]{0,30}(?: [\w.'’&+/>→-]{1,30}){0,4}"
_NAME_WORD = r"[^\W\d_][\w.'’-]{0,30}"
_LABEL = rf"{_NAME}(?: ?\([^()]{{1,80}}\))?"

_GMAIL = late(
    rf"(?P<author>[^<>]{{0,80}}<[^<>\s@]{{1,80}}@[^<>\s]{{1,80}}>)\s{{1,9}}(?P<when>{WHEN})\s*$", re.IGNORECASE
)
_FROM_AND_WORDS = late(rf"\s{{0,8}}(?:{FROM}) ?: (?P<author>[^:,]{{1,60}}), (?P<when>{WHEN}): (?=\S)", re.IGNORECASE)
_RULE = re.compile(r"[-_=*~]{3,}\s*[-_=*~]*\s*$")
_CAPTION = re.compile(r"[-_=*~]{3,}\s*(?P<words>[^\W_](?:.{0,60}[\w)])?)\s*[-_=*~]*\s*$")
_PARTS_MESSAGES = re.compile(
    r"(?:our|internal|intern\w{0,2}|support|csm?|account|slack|teams|chat|crm|conversation|original|nachricht|antwort"
    r"|verlauf|réponse|respuesta|risposta|antwoord|(?:older |next |previous )?"
    r"(?:messages?|mails?|e-?mails?|repl(?:y|ies)|threads?))(?!\w)",
    re.IGNORECASE,
)
_TIME_FIRST = late(
    rf"[\[(*_ ]{{0,3}}(?P<when>{WHEN})[\])]?(?: ?[,|–—-])?\s{{0,3}}(?:(?:from|von|de|da|van) )?\[?"
    rf"(?P<author>{_LABEL}(?:, [^:,|]{{1,60}})?)[\])*_]{{0,3}} ?(?P<end>[:|](?:\s|$)|$)",
    re.IGNORECASE,
)
_NAME_FIRST = late(
    rf"[\[(]?(?P<mark>[*_]{{0,2}})(?P<author>{_LABEL})[*_]{{0,2}}"
    rf"(?P<gap>[ \u00a0\t]{{0,6}}[,(\[|]?[ \u00a0\t]{{0,3}})(?<!\w)(?P<when>{WHEN})(?P<bracket>[)\]]?)"
    r"(?: ?\([^()]{1,40}\))?(?P<end> ?[:|](?:\s|$)|\s{1,9}|$)",
    re.IGNORECASE,
)
_BARE = re.compile(rf"(?:[—–-] )?[*_]{{0,2}}(?P<author>{_LABEL})[*_]{{0,2}} ?:[*_]{{0,2}}\s{{1,3}}(?=\S)")
_LABEL_CHARACTER = r"(?:[^:.!?\[\]]|(?<=\d)[:.](?=\d)|(?-i:(?<=[A-Z])\.(?=[A-Z: ])))"
_NOTE = re.compile(
    rf"[\[(~*_#-]{{0,6}} ?(?P<label>{_LABEL_CHARACTER}{{0,40}}?(?<!\w)(?:{_NOTE_WORDS})(?!\w)"
    rf"{_LABEL_CHARACTER}{{0,50}})(?P<end>:(?:\s|$)|\](?=\s)|$)",
    re.IGNORECASE,
)
_BY_CSM = re.compile(
    rf"(?:[\[(~-]{{1,4}} ?)?(?P<label>{_CSM}(?: ?\([^()]{{1,40}}\))?(?:, [^:,]{{1,30}})?"
    rf"|{_NAME} \({_CSM}\)(?:, [^:,]{{1,30}})?)"
    r" ?(?::(?:\s|$)|\](?=\s))",
    re.IGNORECASE,
)
_BARE_NOTE = re.compile(
    r"(?P<label>[\[(]?(?:notes?|nota|notas|notiz|notitie)(?: ?\([^()]{1,30}\))?[\])]?)(?: ?:(?=\s)|(?<=[\])])(?=\s))",
    re.IGNORECASE,
)
_TO_A_COLLEAGUE = late(
    rf"(?P<label>{_NAME_WORD}(?: {_NAME_WORD})? ?(?:->|→|=>|>) ?(?:(?:the|my|our) )?(?:head of|lead|vp"
    rf"|manager|director|cs|csm"
    rf"|finance|legal|file|self|me|engineering|product)(?!\w)[^:,]{{0,30}}(?:, ?{WHEN})?) ?(?::(?=\s)|$)",
    re.IGNORECASE,
)
_ASIDE = re.compile(r"(?:[\[(] ?|--+ ?)(?P<label>[^\W\d_][\w.'’-]{0,30}(?: [\w.'’-]{1,30})?(?:, [^:,]{1,40})?) ?:\s")
_ALONE = late(WHEN, re.IGNORECASE)
_LONGEST_SHORT_DAY = 2
_WORDS_IN_A_HEADING = 6
_MARKED = re.compile(r"\s*(?:[-~*_#=—–]{2,}|[\[(])")
_ANY_WHEN = late(rf"(?<!\w){WHEN}(?!\w)", re.IGNORECASE)
_CSM_WORD = re.compile(r"(?<!\w)csm(?!\w)", re.IGNORECASE)
_OF_OUR_CSM = re.compile(r"(?:our|unser\w*|notre|nuestr[oa]|nostr[oa]|onze?) csm", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\([^()]{0,60}\)")
_NOUN = re.compile(
    r"(?:note|comment|remark|line|jotting|scribble|view|page)s?|nota|notas|notiz(?:en)?|aktennotiz|vermerk|kommentar|commentaire"
    r"|comentario|commento|aantekening|notitie|opmerking|self|myself|himself|herself|file",
    re.IGNORECASE,
)
_PRIVATE = re.compile(r"internal|interne?[rs]?|intern[ao]|privat[eo]?|privé|privado|fyi", re.IGNORECASE)
_RECORD = re.compile(
    r"our|your|unsere?|account|contract|customer|client|kunden?|record|sheet|card|entry|crm|sidebar|to-do",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"csm|my|own|eigene?|meine?|the|de|la|del|der|die|to|for|an|für|pour|para|per|voor|cc|only|nur|from|von|on|under|thread",
    re.IGNORECASE,
)
_GAP_BETWEEN_COLUMNS = 2


def opening(line: str) -> Opening | None:
    """What the line opens, if anything; whether it truly does is for the whole text to say."""
    if len(line) > LONGEST_LINE:
        line = line[:LONGEST_LINE]
    return _mail(line) or _note(line) or _cut(line) or _speech(line)


def _mail(line: str) -> Opening | None:
    field = header_field(line)
    if field and field[0] == "from":
        if inline := _FROM_AND_WORDS.match(line):
            return Opening(Kind.MAIL, inline.end(), inline["author"], inline["when"])
        return Opening(Kind.MAIL, len(line), field[1] or None)
    if match := _GMAIL.match(line):
        return Opening(Kind.MAIL, len(line), match["author"].strip(), match["when"])
    if told := wrote(line):
        return Opening(Kind.QUOTED, len(line), told.who, told.when)
    return None


def _note(line: str) -> Opening | None:
    if match := _BY_CSM.match(line) or _ASIDE.match(line):
        return Opening(Kind.NOTE, match.end(), match["label"].strip())
    if match := _BARE_NOTE.match(line) or _TO_A_COLLEAGUE.match(line):
        sure = bool(_MARKED.match(line) or _CSM_WORD.search(match["label"]))
        return Opening(Kind.NOTE, match.end(), match["label"].strip(), sure=sure)
    match = _NOTE.match(line)
    if not match or not _titles(line[: match.end()], alone=not match["end"]):
        return None
    label = match["label"].strip(" -~*_")
    dated = not match["end"] and _ANY_WHEN.search(label)
    sure = bool(_MARKED.match(line) or _CSM_WORD.search(label) or dated)
    return Opening(Kind.NOTE, match.end(), label, sure=sure)


def _titles(heading: str, *, alone: bool) -> bool:
    """Whether the words are a note's title: "private" in front of any other word is part of a sentence.

    A title without a colon stands `alone` on its line and holds nothing but a title's words and one name.
    """
    words = re.findall(r"[^\W\d_][\w'’.-]*", _IN_BRACKETS.sub(" ", _ANY_WHEN.sub(" ", heading)))
    known = [_NOUN.fullmatch(w) or _PRIVATE.fullmatch(w) or _OWN.fullmatch(w) for w in words]
    if not alone:
        return not any(_PRIVATE.fullmatch(w) and not k for w, k in zip(words, known[1:], strict=False))
    if len(heading.split()) > _WORDS_IN_A_HEADING:
        return False
    noun = any(map(_NOUN.fullmatch, words)) or bool(re.search(rf"\({_NOUN.pattern}\)", heading, re.IGNORECASE))
    told = bool(_MARKED.match(heading) or _ANY_WHEN.search(heading) or _CSM_WORD.search(heading))
    whose = any(_PRIVATE.fullmatch(w) or _OWN.fullmatch(w) for w in words) or bool(re.search("['’]s ", heading))
    by_csm = _CSM_WORD.search(heading)
    names = known.count(None)
    return (noun or by_csm or (told and not names)) and (told or whose) and names <= 1


def names_somebody(label: str) -> bool:
    """Whether a note's label says whose it is: "Note Paul", not "My note" or "Client record"."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", _ANY_WHEN.sub(" ", label))
    return not all(
        _NOUN.fullmatch(w) or _PRIVATE.fullmatch(w) or _OWN.fullmatch(w) or _RECORD.fullmatch(w) for w in words
    )


def poses_as_ours(label: str) -> bool:
    """Whether a note's label claims to be the CSM's or an internal one: "Interne Notiz"; "My note" is anybody's."""
    words = re.findall(r"[^\W\d_][\w'’.-]*", label)
    private = any(map(_PRIVATE.fullmatch, words)) and any(map(_NOUN.fullmatch, words))
    return private or bool(_CSM_WORD.search(label) and not _OF_OUR_CSM.match(label))


def _cut(line: str) -> Opening | None:
    if (by := forwards(line)) is not None:
        return Opening(Kind.CUT, len(line), by or None)
    if _RULE.match(line):
        return Opening(Kind.CUT, len(line))
    caption = _CAPTION.match(line)  # "----- Error log -----" parts nothing
    return Opening(Kind.CUT, 0) if caption and _PARTS_MESSAGES.match(caption["words"]) else None


def _speech(line: str) -> Opening | None:
    match = _TIME_FIRST.match(line) if may_stand_first(line) else None
    if match:
        return Opening(Kind.SPEECH, match.end(), match["author"], match["when"])
    match = _NAME_FIRST.match(line) if may_follow_a_name(line) else None
    if (
        match and match["bracket"] == "]" and _ALONE.fullmatch(match["author"])
    ):  # "[ma 08:20] words": a moment and nobody's name
        return Opening(Kind.SPEECH, match.end(), None, line[match.start("author") : match.end("when")])
    vague = match and len(match["when"]) <= _LONGEST_SHORT_DAY and not (match["mark"] or match["bracket"])
    if match and (match["mark"] or match["gap"]) and not vague:
        column = match["mark"] or match["bracket"] == "]" or len(match["gap"] + match["end"]) > _GAP_BETWEEN_COLUMNS
        sure = match["end"].strip() or column or match.end() == len(line)
        return Opening(Kind.SPEECH if sure else Kind.BARE_SPEECH, match.end(), match["author"], match["when"])
    if match := _BARE.match(line):
        return Opening(Kind.BARE_SPEECH, match.end(), match["author"])
    return None
