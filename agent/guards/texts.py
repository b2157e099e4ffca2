"""The texts of a draft, each with its name and once more without what is not its own wording."""

import re
import unicodedata
from typing import NamedTuple

from agent.schema import Draft, Placeholder

# A mark that belongs to no word, so that what stands left and right of a placeholder never reads as neighbours.
_GAP = "\N{HORIZONTAL ELLIPSIS}"
_PLACEHOLDER = re.compile("|".join(map(re.escape, Placeholder)))
# Letters in disguise: full-width, mathematical and circled forms read as what they stand for.
_DISGUISED = re.compile(r"[\u2460-\u24ff\uff01-\uffee\U0001d400-\U0001d7ff]+")
_UNSEEN = re.compile(
    r"[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff"
    r"\uffa0\U000e0000-\U000e0fff]"
)


class Text(NamedTuple):
    """`where` is 'ask', 'next_step', 'subject' or 'body'; `plain` is undisguised and has its placeholders taken out."""

    where: str
    words: str
    plain: str


def undisguised(words: str) -> str:
    """The words as a reader sees them: without invisible marks, full-width letters as plain ones."""
    return _DISGUISED.sub(lambda match: unicodedata.normalize("NFKC", match[0]), _UNSEEN.sub("", words))


def for_customer(draft: Draft) -> tuple[Text, Text]:
    """Subject and body of the customer message."""
    message = draft.customer_message
    return _text("subject", message.subject), _text("body", message.body)


def for_us(draft: Draft) -> tuple[Text, ...]:
    """The ask or the next step, whichever is there."""
    ask = [_text("ask", f"{draft.ask.action}\n{draft.ask.done_when}")] if draft.ask else []
    return (*ask, *([_text("next_step", draft.next_step)] if draft.next_step else []))


def _text(where: str, words: str) -> Text:
    return Text(where, words, _PLACEHOLDER.sub(_GAP, undisguised(words)))
