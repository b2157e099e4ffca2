"""What comes in: the messages of a thread, who wrote them, and what the CSM adds."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from agent.schema.noun import Noun


class Side(StrEnum):
    """Who speaks. What cannot be told is `unknown`, never guessed."""

    CUSTOMER = "customer"
    US = "us"
    CSM_NOTE = "csm_note"
    UNKNOWN = "unknown"


class Message(Noun):
    """One message of the thread. `number` 1 is the newest; `body` is verbatim text of the input."""

    number: int = Field(ge=1)
    side: Side = Side.UNKNOWN
    author: str | None = None
    address: str | None = None
    to: str | None = Field(default=None, description="recipients as written, copies included")
    sent: datetime | None = None
    sent_as_written: str | None = None
    subject: str | None = None
    body: str


class AccountContext(Noun):
    """What the CSM adds on the command line because the text lacks it."""

    account: str | None = Field(default=None, max_length=120)
    arr: str | None = Field(default=None, max_length=120, description="as typed, such as 'EUR 48k'")
    renewal: date | None = None
    strategic: bool = False


def context_note(context: AccountContext) -> str:
    """The CSM's additions as one English line that can be quoted; empty if there are none."""
    parts = (
        f"Account: {context.account}." if context.account else None,
        f"ARR: {context.arr}." if context.arr else None,
        f"Renewal: {context.renewal.isoformat()}." if context.renewal else None,
        "Strategically important account." if context.strategic else None,
    )
    return " ".join(part for part in parts if part)


class LeftOut(Noun):
    """What no model sees because the text is longer than its context."""

    messages: int = Field(ge=0)
    characters: int = Field(ge=0)


class Situation(Noun):
    """A situation as read: messages newest first, and the CSM's own additions.

    `text` is the whole input as read; every quote is checked against the message bodies and the context note.
    """

    text: str
    messages: tuple[Message, ...]
    context: AccountContext = AccountContext()
    source: str = Field(default="text", description="file name, or 'stdin'")
    language: str | None = Field(
        default=None, description="ISO 639-1 of the customer's words; None where no claim is made"
    )
    left_out: LeftOut | None = None
    notes: tuple[str, ...] = Field(default=(), description="what intake could not tell, in words for the reader")

    @property
    def newest(self) -> Message:
        """The message that decides what is still open."""
        return self.messages[0]

    def bodies(self, *sides: Side) -> str:
        """The words of the given sides, or of everyone, newest first."""
        return "\n\n".join(m.body for m in self.messages if not sides or m.side in sides)
