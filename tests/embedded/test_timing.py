import pytest

from agent.embedded import timing


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("It has to go out today, the truck leaves at 14:00.", "time_now"),
        ("Bitte bis Freitag, am Donnerstag ist Sitzung.", "time_soon"),
        ("Rien ne presse, le mois prochain ira très bien.", "time_later"),
    ],
)
def test_each_kind_of_time_is_counted_in_its_language(text, kind):
    """The kind that the text speaks of has the most words."""
    counted = timing.counts(text)
    assert max(counted, key=counted.get) == kind


def test_a_long_text_is_not_more_urgent_than_a_short_one():
    """Counts stop at four, and the same word counts once."""
    assert timing.counts("today " * 50)["time_now"] == 1
    assert timing.counts("today tonight asap midnight heute sofort hoy oggi 14:00 15:00")["time_now"] == 4
