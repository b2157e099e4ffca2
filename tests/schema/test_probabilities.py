"""How sure a scorer is, as nouns and in words."""

import pytest

from agent.schema.probabilities import percent


@pytest.mark.parametrize(
    ("share", "words"), [(0.0, "0%"), (0.285, "28%"), (0.994, "99%"), (0.996, ">99%"), (1.0, "100%")]
)
def test_only_what_is_certain_is_called_so(share, words):
    """Rounding must not make a certainty of what is nearly one."""
    assert percent(share) == words
