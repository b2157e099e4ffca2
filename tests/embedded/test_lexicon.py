import math

from agent.embedded.lexicon import Lexicon, terms

LEXICON = Lexicon(
    targets=("impact", "time"),
    intercepts={"impact": 3.0, "time": 2.0},
    rarity={"down": 2.0, "system down": 1.0, "later": 2.0},
    weights={"down": (1.0, 0.0), "system down": (1.0, 0.0), "later": (0.0, -1.0)},
)


def test_every_number_is_the_same_word():
    """No figure is learnt by heart: 38 pallets and 4,000 pallets are the same terms."""
    assert terms("38 Pallets") == terms("40 pallets") == {"0", "pallets", "0 pallets"}


def test_a_text_without_known_terms_reads_as_the_means():
    """Nothing known is no opinion."""
    assert LEXICON.read("grüezi mitenand") == {"impact": 3.0, "time": 2.0}


def test_reading_is_the_weighted_sum_over_the_length_of_the_text():
    """The reading is linear in the terms, divided by the text's length in rarity."""
    read = LEXICON.read("System down!")
    assert read["impact"] == 3.0 + (1.0 * 2.0 + 1.0 * 1.0) / math.sqrt(2.0**2 + 1.0**2)
    assert read["time"] == 2.0


def test_pull_names_the_sentence_that_moved_the_reading():
    """A sentence's pull has the sign of its effect."""
    assert LEXICON.pull("The system down again", "impact") > 0
    assert LEXICON.pull("See you later", "time") < 0
    assert LEXICON.pull("See you later", "impact") == 0
