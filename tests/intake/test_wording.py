"""The data file of words holds what the code asks for."""

from agent.intake.wording import FIELDS, languages, lines_by_position

WANTED = {"en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "no", "fi", "cs", "ja"}


def test_fourteen_languages_with_every_kind_of_word() -> None:
    """No language lacks a header field, a greeting, a closing, a day or a month."""
    assert set(languages()) == WANTED
    for words in languages().values():
        assert all(words.fields[field] for field in FIELDS)
        assert all(
            (words.wrote, words.forward, words.mobile, words.disclaimer, words.legal, words.greeting, words.closing)
        )
        assert (len(words.weekdays), len(words.months)) == (7, 12)
        assert all(isinstance(word, str) for kind in words if isinstance(kind, tuple) for word in kind)


def test_attributions_name_who_and_when() -> None:
    """Each line has a place for the moment and one for the person."""
    lines = [line for words in languages().values() for line in words.wrote]
    assert all("{when}" in line and ("{who}" in line or "{who@}" in line) for line in lines)


def test_running_text_knows_six_languages_of_days() -> None:
    """Short words of the further languages ("on", "to", "man") would be found everywhere."""
    known = set(" ".join(lines_by_position("weekdays", everywhere=False)).split())
    assert {"monday", "montag", "lunes"} <= known
    assert not known & {"man", "to", "on", "tirsdag"}
