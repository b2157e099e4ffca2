"""Health, children's and criminal data, told by words."""

import pytest

from agent.redaction import categories
from agent.schema import Sensitive

HEALTH, CHILDREN, CRIMINAL = Sensitive.HEALTH, Sensitive.CHILDREN, Sensitive.CRIMINAL


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("Two patients were given the wrong dosage.", HEALTH),
        ("The export shows medical records of our staff.", HEALTH),
        ("Der Befund von Zimmer 4 fehlt in der Patientenakte.", HEALTH),
        ("Le dossier médical est vide.", HEALTH),
        ("Les patients attendent.", HEALTH),
        ("La historia clínica no se abre.", HEALTH),
        ("La cartella clinica non si apre.", HEALTH),
        ("Het patiëntendossier opent niet.", HEALTH),
        ("On our ward the nurses cannot print the medication labels at the clinic.", HEALTH),
        ("Photos of the pupils are visible to everyone.", CHILDREN),
        ("A 7-year-old could open it.", CHILDREN),
        ("Die Schülerdaten sind offen.", CHILDREN),
        ("Les données de nos élèves sont visibles.", CHILDREN),
        ("Los datos de menores de edad son públicos.", CHILDREN),
        ("I dati dei minori sono visibili.", CHILDREN),
        ("De gegevens van leerlingen zijn zichtbaar.", CHILDREN),
        ("His criminal record is attached.", CRIMINAL),
        ("Das Führungszeugnis hängt an.", CRIMINAL),
        ("Le casier judiciaire est joint.", CRIMINAL),
        ("Los antecedentes penales van adjuntos.", CRIMINAL),
        ("Il casellario giudiziale è allegato.", CRIMINAL),
        ("Het strafblad zit erbij.", CRIMINAL),
    ],
)
def test_a_category_is_told_by_its_words(text: str, category: Sensitive) -> None:
    """In six languages; the words are shown."""
    assert list(categories(text)) == [category]


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for being patient with us.",
        "Our CFO is not a patient man.",
        "We are losing patience.",
        "Merci d'être patients.",
        "Sea paciente, por favor.",
        "Sii paziente, arriviamo.",
        "Wir bitten um Geduld, das Diagnosetool läuft.",
        "The diagnostic port of the gateway is closed.",
        "The health check of the server fails.",
        "A minor bug in the child process.",
        "Une version mineure est sortie.",
        "The record of the invoice is missing.",
        "The delivery was executed without conviction.",
        "Our school project ends on Friday.",
        "Le problème est mineur.",
        "The firewall arrested the traffic.",
        "Operation failed on station 4.",
    ],
)
def test_everyday_words_are_no_category(text: str) -> None:
    """Patience, diagnostics, health checks, child processes and minor versions are no data about anybody."""
    assert categories(text) == {}
