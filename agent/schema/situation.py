"""What comes in: the messages of a thread, who wrote them, and what the CSM adds."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from agent.schema.noun import Noun
from agent.schema.screening import Mark, Removed

_SHORTEST_NAME = 4
"""letters of a mail domain that a company's name must spell"""


class Side(StrEnum):
    """Who speaks. What cannot be told is `unknown`, never guessed."""

    CUSTOMER = "customer"
    US = "us"
    CSM_NOTE = "csm_note"
    UNKNOWN = "unknown"


class Message(Noun):
    """One message of the thread. `number` 1 is the newest.

    Every line of `body` stands in the input as it is, without the `>` marks of a quotation.
    """

    number: int = Field(ge=1)
    side: Side = Side.UNKNOWN
    author: str | None = None
    address: str | None = None
    to: str | None = Field(default=None, description="recipients as written, copies included")
    sent: datetime | None = None
    sent_as_written: str | None = None
    subject: str | None = None
    body: str
    signature: str | None = Field(default=None, description="closing, name and contact lines; no model reads them")
    disclaimer: str | None = Field(default=None, description="legal text below the words; no model reads it")


class OwnCompany(Noun):
    """Whose people are us, as the CSM's settings say. Where both are empty it is inferred from the text."""

    name: str | None = None
    domains: tuple[str, ...] = Field(default=(), description="mail domains such as ours.example, lower case")
    csm: str | None = Field(default=None, description="the CSM's own name, as it stands in chats and tickets")

    def owns(self, domain: str | None) -> bool:
        """Whether a mail domain is the company's: one of its domains or below one, or spelled by its name."""
        if not domain:
            return False
        if any(domain == own or domain.endswith(f".{own}") for own in self.domains):
            return True
        words = [word for raw in (self.name or "").lower().split() if (word := "".join(filter(str.isalnum, raw)))]
        label = "".join(filter(str.isalnum, domain.split(".")[-2] if "." in domain else domain))
        return len(label) >= _SHORTEST_NAME and any(label == "".join(words[:n]) for n in range(1, len(words) + 1))


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
    original: str | None = Field(default=None, description="the text before hidden marks were taken out; None if equal")
    removed: tuple[Removed, ...] = ()
    marks: tuple[Mark, ...] = ()
    people: tuple[str, ...] = Field(default=(), description="who a ticket's own list of users names")

    @property
    def newest(self) -> Message:
        """The message that decides what is still open."""
        return self.messages[0]

    def bodies(self, *sides: Side) -> str:
        """The words of the given sides, or of everyone, newest first."""
        return "\n\n".join(m.body for m in self.messages if not sides or m.side in sides)
