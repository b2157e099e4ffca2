"""The language of a text, or no claim."""

import pytest

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
