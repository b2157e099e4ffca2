"""Which message is the newest: by dates where they tell, else by how the text itself runs."""

import re
from itertools import pairwise

from agent.intake.dates import WHEN, instant, later, month_comes_first, surely_later
from agent.intake.letter import greeted
from agent.intake.marks import Kind
from agent.intake.parts import Part
from agent.intake.voices import names
from agent.late import late
from agent.schema import Side

Told = list[tuple[Part, Side]]

_WHEN_ON_TOP = late(rf"(?P<when>{WHEN})[.:] ", re.IGNORECASE)
_ANSWERS = re.compile(
    r"\b(?:thanks?|thank you|sorry|apolog\w+|I see|got it|noted|danke|vielen dank|tut mir leid|merci|désolée?|gracias"
    r"|grazie|bedankt|obrigad[oa]|dziękuj\w+|tack|tak|takk|kiitos|děkuji)(?!\w)",
    re.IGNORECASE,
)
_TOP_OF_A_MAIL = 100
_MOST_PASSES = 20
_MAILS = {Kind.MAIL, Kind.QUOTED, Kind.LETTER}


def newest_first(told: Told) -> Told:
    """The CSM's own note above or below a thread looks back on it, so it is the newest; a title is the oldest."""
    notes, titles, thread = Told(), Told(), Told()
    for part, side in told:
        undated_note = side is Side.CSM_NOTE and not part.when
        place = notes if undated_note else titles if part.kind in {Kind.PLAIN, Kind.CUT} else thread
        place.append((part, side))
    groups = _groups(thread)
    if _rises(groups, [part for part, _ in told]):
        groups.reverse()
    return notes + _corrected([pair for group in groups for pair in group]) + titles


def _groups(thread: Told) -> list[Told]:
    """The messages of the surface, each with what it quotes: quoted words are older than those that quote them."""
    surface = min((part.depth for part, _ in thread), default=0)
    groups: list[Told] = []
    for part, side in thread:
        if part.depth > surface and groups:
            groups[-1].append((part, side))
        else:
            groups.append([(part, side)])
    return groups


def _rises(groups: list[Told], parts: list[Part]) -> bool:
    """Whether the text runs from the oldest message to the newest: by its dates, else mail falls and talk rises."""
    heads = [group[0] for group in groups]
    dated = [when for part, side in heads if part.kind is not Kind.NOTE and (when := _moment(part))]
    month_first = month_comes_first(dated)
    trend = sum(later(a, b, month_first=month_first) for a, b in pairwise(dated))
    if trend:
        return trend > 0
    if not any(part.kind in _MAILS for part in parts):
        return True
    if any(part.when for part, _ in heads if part.kind in _MAILS):
        return False
    return _ends_inward(heads) or _answers_follow(heads)


def _moment(part: Part) -> str | None:
    return part.when or _on_top(part.body)


def _on_top(body: str) -> str | None:
    match = _WHEN_ON_TOP.match(body)
    return match["when"] if match and any(map(str.isdigit, match["when"])) else None


def _ends_inward(heads: Told) -> bool:
    """Whether an undated thread ends in our mail to somebody who is not the customer: that one looks back."""
    mails = [(part, side) for part, side in heads if part.kind in {Kind.MAIL, Kind.QUOTED}]
    if not mails:
        return False
    (_, first), (last, side) = mails[0], mails[-1]
    customers = frozenset[str]().union(*(names(part.author) for part, side in mails if side is Side.CUSTOMER))
    recipients = names((last.to or "").partition(":")[2])
    return first is Side.CUSTOMER and side is Side.US and last.to is not None and not recipients & customers


def _answers_follow(heads: Told) -> bool:
    """Whether of two neighbours rather the lower one answers: it thanks the other by name, or is asked above."""
    signs = 0
    for (upper, _), (lower, _) in pairwise(heads):
        signs += _thanks(lower, upper) - _thanks(upper, lower)
        asked = [part.body.rstrip().endswith("?") for part in (upper, lower)]
        signs += names(upper.author) != names(lower.author) and asked[0] - asked[1]
    return signs > 0


def _thanks(answer: Part, earlier: Part) -> bool:
    return bool(_ANSWERS.search(answer.body[:_TOP_OF_A_MAIL]) and greeted(answer.body) & names(earlier.author))


def _corrected(ordered: Told) -> Told:
    """By their exact moments where all have one; else neighbours change places where dates leave no doubt."""
    month_first = month_comes_first([part.when for part, _ in ordered if part.when])
    exact = [(instant(part.when or "", month_first=month_first), part, side) for part, side in ordered]
    if all(moment for moment, _, _ in exact) and len({bool(m and m.tzinfo) for m, _, _ in exact}) == 1:
        exact.sort(key=lambda told: told[0].timestamp() if told[0] else 0.0, reverse=True)
        return [(part, side) for _, part, side in exact]
    for _ in range(_MOST_PASSES):
        for n in range(len(ordered) - 1):
            upper, lower = ordered[n][0], ordered[n + 1][0]
            if upper.when and lower.when and surely_later(upper.when, lower.when, month_first=month_first):
                ordered[n], ordered[n + 1] = ordered[n + 1], ordered[n]
    return ordered
