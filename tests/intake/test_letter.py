"""A pasted letter without headers."""

import pytest

from agent.intake import read_text
from agent.schema import Side

LETTERS = {
    "en": ("Hello Bo,\n\nour export fails since Monday.\n\nKind regards\nAnn Lee\nAlder Ltd", "Ann Lee"),
    "de": ("Hallo Frau Ray,\n\nunser Export klemmt.\n\nMit freundlichen Grüßen\nAnne Lenz\nErle GmbH", "Anne Lenz"),
    "fr": ("Bonjour Bo,\n\nnotre export échoue.\n\nCordialement,\nAnne Lenoir\nAulne SA", "Anne Lenoir"),
    "es": ("Hola Bo:\n\nPagamos 9.000 euros al año y falla.\n\nUn saludo,\nAna Luna\nAliso S.L.", "Ana Luna"),
    "it": ("Buongiorno Bo,\n\nla nostra esportazione non va.\n\nCordiali saluti\nAnna Lupi", "Anna Lupi"),
    "nl": ("Hoi Bo,\n\nonze export ligt plat.\n\nMet vriendelijke groet,\nAnna Linde", "Anna Linde"),
}


@pytest.mark.parametrize("language", LETTERS)
def test_a_greeting_a_closing_and_a_name(language: str) -> None:
    """That is a letter, the customer's, and the line below its closing names the author."""
    text, author = LETTERS[language]
    (message,) = read_text(text).messages
    assert (message.side, message.author) == (Side.CUSTOMER, author)
    assert message.signature is not None
    assert f"{message.body}\n\n{message.signature}" == text


def test_a_remark_below_a_letter() -> None:
    """The letter is the customer's, the remark the CSM's and the newest."""
    note, letter = read_text("Hi Bo,\nit fails for us.\nBest, Ann\n\nShe has written four times about it now.").messages
    assert (note.side, letter.side, letter.author) == (Side.CSM_NOTE, Side.CUSTOMER, "Ann")


@pytest.mark.parametrize(
    "text",
    [
        "Hi team,\nAlder cannot export and threatens to leave.\nThanks,\nBo",
        "Hi Cy,\n\nthe customer wants a call, they are angry.\n\nBest,\nBo Ray",
        "Hi Ann,\n\nsorry for the trouble, our engineers look into it.\n\nBest,\nBo Ray",
    ],
)
def test_a_letter_of_ours_is_not_the_customers(text: str) -> None:
    """Written to a team, about absent people, or in a supplier's words it stays unknown."""
    assert read_text(text).newest.side is Side.UNKNOWN


def test_a_note_is_no_letter() -> None:
    """Without a greeting or a name it is the CSM's own text."""
    assert read_text("Alder is furious. I tried twice. Thanks").newest.side is Side.CSM_NOTE
