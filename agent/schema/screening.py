"""What was taken out of a text before it was read, marked in it, or replaced before it left the machine."""

from enum import StrEnum

from pydantic import Field

from agent.schema.noun import Noun


class HiddenKind(StrEnum):
    """How words or marks were kept from a reader's eye."""

    ZERO_WIDTH = "zero_width"
    BIDI = "bidi"
    TAGS = "tag_characters"
    PRIVATE_USE = "private_use"
    CONTROL = "control"
    TYPOGRAPHIC = "typographic"  # soft hyphens, byte order marks, symbol fonts: no trick, and no warning
    NOT_DISPLAYED = "not_displayed"
    INVISIBLE = "invisible"
    TRANSPARENT = "transparent"
    TINY = "tiny"
    SAME_COLOUR = "same_colour"
    OFF_SCREEN = "off_screen"
    HIDDEN_ATTRIBUTE = "hidden_attribute"
    ARIA_HIDDEN = "aria_hidden"
    COMMENT = "comment"
    ALT_TEXT = "alt_text"


class Removed(Noun):
    """Something that no reader saw, taken out before any model could read it."""

    kind: HiddenKind
    characters: int = Field(ge=1)
    where: str = Field(description="'line 3' of the text as read, or 'the HTML'")
    words: str | None = Field(default=None, max_length=200, description="what it says, as far as it says anything")


class MarkKind(StrEnum):
    """What a marked passage does. A mark moves no score and stops nothing."""

    TO_AN_AI = "to_an_ai"
    SYSTEM_MESSAGE = "system_message"
    TOOL_RESULT = "tool_result"
    DELIMITER = "delimiter"
    SCHEMA = "schema"
    LOOK_ALIKE = "look_alike"


class Mark(Noun):
    """A passage that addresses a machine, imitates one of its parts, or writes a word in two alphabets."""

    kind: MarkKind
    message: int | None = Field(description="number of the message; None in a header or in what was hidden")
    words: str = Field(max_length=300)


class PrivateKind(StrEnum):
    """What can be replaced by a placeholder before a text leaves the machine."""

    PERSON = "person"
    EMAIL = "email"
    PHONE = "phone"
    IBAN = "iban"
    CARD = "card"
    NATIONAL_ID = "national_id"
    ADDRESS = "address"
    SECRET = "secret"  # noqa: S105 - the name of a kind
    IP = "ip"


class Replaced(Noun):
    """How much of a kind was replaced in everything that was sent."""

    kind: PrivateKind
    values: int = Field(ge=1, description="different values")
    times: int = Field(ge=1, description="places in all messages sent")


class Sensitive(StrEnum):
    """Categories of data that want a reason before they are sent anywhere."""

    HEALTH = "health"
    CHILDREN = "children"
    CRIMINAL = "criminal"
