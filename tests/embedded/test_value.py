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
