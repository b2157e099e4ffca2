import pytest

from agent.models import probing
from agent.models.port import Probe

IMPACT = Probe(name="impact", direction=(1.0, 0.0), bias=0.5)
TIME = Probe(name="time", direction=(0.0, 2.0), bias=0.0)


def test_a_token_belongs_to_the_passage_in_which_it_begins():
    """Widths are bytes, so that letters of two bytes do not shift what follows."""
    tokens = probing.placed([(1, 2), (2, 3), (3, 1), (4, 2)], ("Grü", "ße x"))
    assert tokens == [(1, 0), (2, 0), (3, 1), (4, 1)]


def test_an_empty_passage_has_no_token():
    """What is empty is skipped, and a token beyond the end stays in the last passage."""
    assert probing.placed([(1, 1), (2, 1), (3, 1)], ("a", "", "b")) == [(1, 0), (2, 2), (3, 2)]


def test_a_passage_is_read_as_the_mean_over_its_tokens():
    """Each probe points its own way, and its bias counts once."""
    tokens = probing.placed([(1, 1), (2, 1), (3, 1)], ("ab", "c"))
    first, second = probing.readings(tokens, [[1.0, 1.0], [3.0, 0.0], [5.0, 4.0]], (IMPACT, TIME))
    assert (first.passage, first.tokens, first.values) == (0, 2, {"impact": 2.5, "time": 1.0})
    assert (second.passage, second.tokens, second.values) == (1, 1, {"impact": 5.5, "time": 8.0})


def test_a_long_text_is_read_in_windows_that_leave_nothing_out():
    """Every token is in exactly one window, in order."""
    tokens = probing.placed([(n, 1) for n in range(2_500)], ("x" * 2_500,))
    windows = list(probing.windows(tokens))
    assert [len(window) for window in windows] == [1_000, 1_000, 500]
    assert [token for window in windows for token in window] == tokens


@pytest.mark.parametrize("change", [{"bias": 0.6}, {"name": "severity"}, {"direction": (1.0, 0.1)}])
def test_another_probe_is_another_reference(change):
    """A recording made with other probes is known as stale."""
    other = IMPACT.model_copy(update=change)
    assert probing.reference((other,)) != probing.reference((IMPACT,))
