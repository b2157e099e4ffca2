"""The language of a text, or no claim."""

import pytest

from agent import language
from agent.language import detect


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The invoice is wrong and we need a corrected one before Friday.", "en"),
        ("Die Rechnung ist falsch, wir brauchen bis Freitag eine korrigierte.", "de"),
        ("La facture est fausse, il nous faut une correction avant vendredi.", "fr"),
        ("La factura está mal y necesitamos una corregida antes del viernes.", "es"),
        ("De factuur klopt niet en we hebben voor vrijdag een nieuwe nodig.", "nl"),
        ("La fattura è sbagliata e ne serve una corretta entro venerdì.", "it"),
    ],
)
def test_a_sentence_tells_its_language(text: str, code: str) -> None:
    """One sentence in a language we write is enough."""
    assert detect(text) == code


@pytest.mark.parametrize("text", ["", "ok", "1234567890 12:30", "!!! ???"])
def test_too_few_letters_claim_nothing(text: str) -> None:
    """Under twelve letters no language is claimed."""
    assert detect(text) is None


def test_lines_do_not_disturb() -> None:
    """A text of several lines is read as one."""
    assert detect("Guten Tag,\n\ndie Anmeldung geht seit heute früh nicht mehr.\n\nGruß\n") == "de"


def test_a_foreign_line_does_not_outvote_the_rest():
    """Lines vote with their length: a German thread with an English header and a name stays German."""
    lines = (
        "Ticket 4471 escalated to tier two\nUnsere Etiketten kommen seit Montag ohne Temperatur aus dem Drucker.",
        "Der Spediteur nimmt die Paletten so nicht mit, und morgen ist Feiertag.",
    )
    assert language.of_lines(lines) == "de"


def test_a_shouting_customer_keeps_their_language():
    """Capitals are not English."""
    assert language.detect("DAS IST SCHON WIEDER NICHT IN ORDNUNG UND ICH BIN SEHR ENTTÄUSCHT") == "de"


def test_lines_without_a_clear_majority_claim_nothing():
    """An honest 'no claim' beats the wrong greeting."""
    assert language.of_lines(("ok", "1234")) is None
