"""Persons whom only the prose names are told by what stands beside them; things and firms are not."""

import pytest

from agent.intake import read_text
from agent.redaction import Redactor, prose
from agent.schema import PrivateKind


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("I asked Torvald to keep the file.", "en", "Torvald"),
        ("Callister, who took the call, promised a patch.", "en", "Callister"),
        ("Later Wanda Kettle agreed.", "en", "Wanda Kettle"),
        ("We wait for Solveig and the files.", "en", "Solveig"),
        ("A form from T. Okonjo came in.", "en", "T. Okonjo"),
        ("Laut Achterberg liegt es am Kabel.", "de", "Achterberg"),
        ("Das macht jetzt Hanno Dreesen.", "de", "Hanno Dreesen"),
        ("Selon Le Goff, tout va bien.", "fr", "Le Goff"),
        ("Ayer llamó Urrutia otra vez.", "es", "Urrutia"),
        ("Secondo Brambilla va bene.", "it", "Brambilla"),
        ("Volgens Zijlstra klopt het.", "nl", "Zijlstra"),
        ("Według Ostaszewskiego to błąd.", "pl", "Ostaszewskiego"),
        ("Segundo Bittencourt, está tudo bem.", "pt", "Bittencourt"),
        ("O CPF 529.982.247-25 de Jandira Lopes aparece.", "pt", "Jandira Lopes"),
    ],
)
def test_a_name_beside_a_cue(text: str, language: str, name: str) -> None:
    """What people do, who is asked, initials, and first names in the middle of a sentence."""
    assert name in set(prose.names(text, language))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The Portal says no. Nobody agreed. Jira said so.", "en"),
        ("I asked Engineering. Our Quality Manual asks for one reading.", "en"),
        ("Call with Brannigan Haulage at nine.", "en"),
        ("Users wrote that users wait.", "en"),
        ("Drivers said it; the drivers wait.", "en"),
        ("Laut Rahmenvertrag gilt das. Die Buchhaltung sagt nein.", "de"),
        ("Viajes Cormorán escribe mucho.", "es"),
        ("We met at San Marco Street and in Florence.", "en"),
    ],
)
def test_things_and_firms_are_none(text: str, language: str) -> None:
    """Products, teams, contracts, companies, places, and words that stand in small letters elsewhere."""
    assert list(prose.names(text, language)) == []


def test_a_name_below_the_words() -> None:
    """Whoever ends a message in their name alone signs it; a title does not."""
    assert prose.last_line("It fails again.\nBrock") == "Brock"
    assert prose.last_line("It fails again.\n\nO. Kvam, Stensrud Farm") == "O. Kvam"
    assert prose.last_line("It fails again.\nPending") is None
    assert prose.last_line("Brock") is None


def test_a_name_told_once_is_replaced_everywhere() -> None:
    """The surname that a cue tells is one person wherever it stands, with one placeholder."""
    text = "Quandt promised a date in March. Since then we hear nothing, and Quandt is the only one with the key."
    redactor = Redactor(read_text(text))
    assert [text[f.start : f.end] for f in redactor.find(text) if f.kind is PrivateKind.PERSON] == ["Quandt", "Quandt"]
    assert redactor.redact(text).count("[PERSON_1]") == 2
