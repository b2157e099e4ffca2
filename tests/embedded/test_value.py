import pytest

from agent import policy
from agent.embedded import value
from agent.schema import Basis

POLICY = policy.load_default()


def read(text):
    return value.read(text, (text,), policy=POLICY)


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("They pay EUR 9,999 a year.", 1),
        ("They pay EUR 10,000 a year.", 3),
        ("They pay EUR 50,000 a year.", 3),
        ("They pay EUR 50,001 a year.", 5),
        ("£290 MRR.", 1),
    ],
)
def test_a_stated_amount_gives_the_level_of_the_policy(text, level):
    """The thresholds are the policy's; both border amounts belong to the middle level."""
    read_value = read(text)
    assert (read_value.level, read_value.basis) == (level, Basis.STATED)
    assert read_value.arr is not None
    assert read_value.arr.words in text


def test_strategic_words_raise_a_stated_amount_by_one():
    """An account of moderate revenue that others look at is worth more than its revenue."""
    assert read("EUR 30,000 a year, and our keynote customer.").level == 4
    assert read("EUR 30,000 a year, nothing special.").level == 3


def test_without_amount_and_without_weight_the_text_does_not_say():
    """An honest 'unstated' with the middle level, and no quote."""
    silent = read("The export is broken.")
    assert (silent.level, silent.basis, silent.quotes, silent.arr) == (3, Basis.UNSTATED, (), None)


def test_strategic_words_without_an_amount_are_inferred():
    """A logo on the home page is high value whatever it pays."""
    inferred = read("Their logo is on our front page.")
    assert (inferred.level, inferred.basis) == (5, Basis.INFERRED)
    assert inferred.quotes == ("Their logo is on our front page.",)


@pytest.mark.parametrize(
    "beside",
    [
        "and two other harbours sign once they are happy",
        "others in the valley ask them first",
        "she sits on the trade council",
        "he chairs the growers' guild",
        "they introduced us to the chamber",
        "our first hospital in that country",
        "the studio our website quotes",
    ],
)
def test_what_is_said_beside_the_amount_raises_it(beside):
    """Onlookers, a role among others and use that we make of the name weigh; the sentence that says so is quoted."""
    raised = read(f"Hallo. Quayside pays EUR 20,000 a year, {beside}. The export is broken.")
    assert raised.level == 4
    assert beside in raised.quotes[1]


@pytest.mark.parametrize(
    ("text", "raised"),
    [
        ("9.000 EUR im Jahr, und der Nachbarort wartet ab.", True),
        ("9 000 € par an ; elle préside le syndicat local.", True),
        ("9.000 € al año, los vecinos preguntan por ellos.", True),
        ("9.000 € all'anno, ci consiglia spesso.", True),
        ("€ 9.000 per jaar, en hij zit in het bestuur van de kring.", True),
        ("9.000 EUR im Jahr, kein Verband, niemand fragt nach ihnen.", False),
        ("9 000 € par an, pas de réseau, aucun voisin ne regarde.", False),
        ("EUR 9,000 a year, not in any association.", False),
        ("9 000 € par an, et le groupe n'est pas client.", False),
        ("9k EUR a year, ordinary, nobody's flagship.", False),
    ],
)
def test_standing_is_heard_in_six_languages_and_not_where_it_is_denied(text, raised):
    """A clause that says there is none raises nothing."""
    assert read(text).level == (2 if raised else 1)


def test_common_words_far_from_the_amount_raise_nothing():
    """A neighbour who calls, or a board that freezes, says nothing about the account's worth."""
    far = (
        "EUR 20,000 a year.\n\nThe bed board is frozen. " + "Nobody knows why it stopped. " * 8 + "A neighbour called."
    )
    assert read(far).level == 3
