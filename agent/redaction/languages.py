"""Which languages the rules for names in prose and for street addresses were written for."""

from agent.schema import Situation

_KNOWN = frozenset({"de", "en", "es", "fr", "it", "nl"})
_LAST_LATIN = 0x24F  # code point
_MOST_FOREIGN = 0.2  # of the letters; more than that is no text in one of the known languages


def partly_recognised(situation: Situation) -> str | None:
    """What a redaction of this text cannot promise, in words for the reader; None for a language that it knows.

    Where no language is claimed the letters tell: Latin ones alone raise nothing.
    """
    language = situation.language
    if language in _KNOWN or (language is None and not _foreign(situation.text)):
        return None
    named = f"'{language}'" if language else "not one that is recognised"
    return (
        f"redaction: the language of the text is {named}; "
        "names in prose and addresses of this language are only partly recognised"
    )


def _foreign(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return sum(ord(character) > _LAST_LATIN for character in letters) > _MOST_FOREIGN * len(letters)
