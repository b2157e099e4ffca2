"""The words that leave the tool: the ask to the owner, and the message to the customer."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from agent.schema.call import CallRecord
from agent.schema.decision import Decision
from agent.schema.extraction import Grounded
from agent.schema.noun import Noun
from agent.schema.situation import Situation


class Signature(Noun):
    """Who signs the customer message; what is unknown stays a visible gap for the CSM to fill."""

    name: str | None = None
    company: str | None = None


class Brief(Noun):
    """All that a drafter and the guards may know."""

    situation: Situation
    grounded: Grounded
    decision: Decision
    language: str = Field(pattern=r"^[a-z]{2}$", description="ISO 639-1 of the customer message")
    signature: Signature = Signature()
    promised: datetime | None = Field(
        default=None, description="by when an earlier message said that the customer would hear"
    )


class Ask(Noun):
    """What the owner is asked for. Who, for whom and by when are added by code."""

    action: str = Field(
        max_length=800,
        description="what exactly the owner should do, one imperative sentence, with the facts needed to start",
    )
    done_when: str = Field(max_length=240, description="what 'done' means: what must be true or delivered")


class CustomerMessage(Noun):
    """What the customer reads."""

    language: str = Field(pattern=r"^[a-z]{2}$", description="ISO 639-1 code of the language it is written in")
    subject: str = Field(max_length=120)
    body: str = Field(max_length=1800)


class DraftSource(StrEnum):
    """Who worded a draft: a model, or the plain deterministic wording."""

    MODEL = "model"
    TEMPLATE = "template"


class FindingCode(StrEnum):
    """What a guard may find in a draft."""

    PLACEHOLDER_MISSING = "placeholder_missing"
    PLACEHOLDER_UNKNOWN = "placeholder_unknown"
    INTERNAL = "internal"
    PROMISE = "promise"
    INVENTED_DATE = "invented_date"
    INVENTED_AMOUNT = "invented_amount"
    INVENTED_NAME = "invented_name"
    TOO_BROAD = "too_broad"
    NO_ASK = "no_ask"
    LANGUAGE = "language"
    LENGTH = "length"
    INSTRUCTION_ECHO = "instruction_echo"


class Finding(Noun):
    """One thing a draft may not say, with the words at fault."""

    code: FindingCode
    where: str = Field(description="'ask', 'next_step', 'subject' or 'body'")
    words: str
    message: str


class Placeholder(StrEnum):
    """What a draft leaves open; code fills it in, no model does."""

    OWNER = "[OWNER]"
    ANSWER_BY = "[ANSWER_BY]"
    UPDATE_BY = "[UPDATE_BY]"
    ACCOUNT = "[ACCOUNT]"
    CSM = "[CSM]"


class Draft(Noun):
    """A draft with its placeholders still in it: exactly one of `ask` and `next_step`, by the band."""

    ask: Ask | None
    next_step: str | None = Field(max_length=800)
    customer_message: CustomerMessage


class Written(Noun):
    """What a drafter hands on."""

    draft: Draft
    source: DraftSource
    calls: tuple[CallRecord, ...] = ()


class Drafts(Noun):
    """The drafts as shown: placeholders filled, guards passed, or the plain wording and why."""

    ask: str | None
    next_step: str | None
    customer_message: CustomerMessage
    source: DraftSource
    findings: tuple[Finding, ...] = Field(
        default=(), description="why a model's wording was replaced; empty if none was"
    )
    note: str | None = Field(
        default=None, description="why a plain wording stands in, or what of a model's went unchecked"
    )
