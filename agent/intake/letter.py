"""How a letter begins and ends, and what somebody else wrote below it."""

import re
from typing import NamedTuple

from agent.intake.voices import from_inside, names
from agent.intake.wording import all_of, languages, one_of
from agent.late import late

GREETING = late(
    rf"(?:{one_of(all_of('greeting'))}(?![^\W\d_\u3040-\u30ff\u4e00-\u9fff])|[^\W\d_]{{1,20}} ?様(?!\w))", re.IGNORECASE
)
_GREETED = late(
    rf"(?:(?P<honoured>[^\W\d_]{{1,20}}) ?様(?!\w)|{GREETING.pattern}[ ,]{{0,2}}(?P<greeted>[^\n,.!:;]{{2,40}})"
    r"|(?P<called>[^\W\d_][\w'’-]{1,30}),)",
    re.IGNORECASE,
)
_SUBJECT = late(
    one_of(name for words in languages().values() for name in words.fields["subject"]) + r" ?[:：]", re.IGNORECASE
)
_CLOSING = late(
    r"(?:" + "|".join(all_of("closing")) + r")"
    r"(?:[ ,.!–-]{1,3}(?P<name>(?-i:[^\W\d_a-zß-ÿ])[^\n.!?,:;]{0,40}))?[ ,.!。]{0,3}",
    re.IGNORECASE,
)
_COMPANY_FIRST = late(r"(?:株式|有限|合同)会社|.{1,20}(?:株式|有限)会社")
_LONGEST_SIGNATURE = 8
_LONGEST_SIGNATURE_LINE = 8
_WORDS_OF_A_NAME = 4
_WORDS_OF_A_REMARK = 6
_POINTER = late(r"(?:=+>|-+>|→|>>|//|~~|\*\*\*|!!)")
_SHORT_BRACKET = late(r"\([^()\n]{1,30}\) ?\S")
_MY_NOTE = late(r"(?:my|own|csm) notes?(?: |$)", re.IGNORECASE)
_POSTSCRIPT = late(r"p\.? ?p?\.?s\b", re.IGNORECASE)


class Signed(NamedTuple):
    """Who signs, and where the signature ends."""

    author: str | None
    end: int
    start: int
    """where its closing line begins"""


def begins(words: str) -> bool:
    """A greeting or a subject line stands at the top."""
    return bool(GREETING.match(words) or _SUBJECT.match(words))


def greeted(words: str) -> frozenset[str]:
    """The names of whom the first words greet."""
    match = _GREETED.match(words)
    return names(match["honoured"] or match["greeted"] or match["called"]) if match else frozenset()


def _lines(words: str) -> list[tuple[int, str]]:
    lines, start = list[tuple[int, str]](), 0
    for raw in words.splitlines(keepends=True):
        lines.append((start, raw.strip()))
        start += len(raw)
    return lines


def signed(words: str) -> Signed | None:
    """The last closing line with a name on it or below it; company, title and telephone belong to the signature."""
    lines = _lines(words)
    for n in range(len(lines) - 1, 0, -1):
        closing = _CLOSING.fullmatch(lines[n][1])
        if not closing:
            continue
        author, last = closing["name"], n
        for m in range(n + 1, min(len(lines), n + 1 + _LONGEST_SIGNATURE)):
            line = lines[m][1]
            if line and (line.startswith(("(", "[", "=", "-")) or not _of_a_signature(line)):
                break
            author = author or (line if _is_name(line) else None)
            last = m if line else last
        if author:
            start, _ = lines[last]
            end = lines[last + 1][0] if last + 1 < len(lines) else len(words)
            return Signed(author.strip(), max(start, end), lines[n][0])
    return None


def _of_a_signature(line: str) -> bool:
    words = len(line.split())
    sentence = line[-1] in "?!:" or (line[-1] == "." and words > _WORDS_OF_A_NAME)
    return words <= _LONGEST_SIGNATURE_LINE and not sentence and not from_inside(line)


def _is_name(line: str) -> bool:
    if _COMPANY_FIRST.match(line):
        return False
    words = line.split(",", maxsplit=1)[0].split()
    capital = words and words[0][0].isalpha() and not words[0][0].islower()
    return bool(capital) and len(words) <= _WORDS_OF_A_NAME and not re.search(r"[\d@?!:]", line)


def below(words: str) -> int | None:
    """Where a remark starts that is not the writer's: bracketed, behind an arrow, after the name or on our revenue."""
    lines = _lines(words)
    filled = [n for n, (_, line) in enumerate(lines) if line]
    if len(filled) < 2:  # noqa: PLR2004  # a message and a remark
        return None
    paragraphs = [n for n in filled if n and not lines[n - 1][1]]
    found = [lines[n][0] for n in {filled[-1], *paragraphs[-1:]} if _in_brackets(words[lines[n][0] :].strip())]
    found += [lines[n][0] for n in paragraphs if _POINTER.match(lines[n][1])]
    found += [lines[n][0] for n in paragraphs[-1:] if _SHORT_BRACKET.match(lines[n][1])]
    found += [lines[n][0] for n in filled[1:] if _MY_NOTE.match(lines[n][1]) and lines[n][1][0].islower()]
    if paragraphs and from_inside(words[lines[paragraphs[-1]][0] :]):
        found.append(lines[paragraphs[-1]][0])
    if end := signed(words):  # what stands above the name is the writer's
        found = [at for at in found if at >= end.start]
        found += [end.end] * _is_remark(words[end.end :].strip())
    return min(found, default=None)


def _in_brackets(words: str) -> bool:
    """The whole of it stands in one pair of brackets."""
    pairs = {"[": "]", "(": ")"}
    close = pairs.get(words[:1])
    if not close or not words.endswith(close):
        return False
    depth = 0
    for n, character in enumerate(words):
        depth += (character == words[0]) - (character == close)
        if not depth:
            return n == len(words) - 1
    return False


def _is_remark(words: str) -> bool:
    return len(words.split()) >= _WORDS_OF_A_REMARK and not _POSTSCRIPT.match(words)
