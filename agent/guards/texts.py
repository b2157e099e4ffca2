"""The texts of a draft, each with its name and once more without what is not its own wording."""

import re
from typing import NamedTuple

from agent.schema import Draft, Placeholder

# A mark that belongs to no word, so that what stands left and right of a placeholder never reads as neighbours.
_GAP = "\N{HORIZONTAL ELLIPSIS}"
_PLACEHOLDER = re.compile("|".join(map(re.escape, Placeholder)))


class Text(NamedTuple):
    """`where` is 'ask', 'next_step', 'subject' or 'body'; `plain` is the text with its placeholders taken out."""

    where: str
    words: str
    plain: str


def for_customer(draft: Draft) -> tuple[Text, Text]:
    """Subject and body of the customer message."""
    message = draft.customer_message
    return _text("subject", message.subject), _text("body", message.body)


def for_us(draft: Draft) -> tuple[Text, ...]:
    """The ask or the next step, whichever is there."""
    ask = [_text("ask", f"{draft.ask.action}\n{draft.ask.done_when}")] if draft.ask else []
    return (*ask, *([_text("next_step", draft.next_step)] if draft.next_step else []))


def _text(where: str, words: str) -> Text:
    return Text(where, words, _PLACEHOLDER.sub(_GAP, words))
