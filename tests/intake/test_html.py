"""HTML to the words a reader sees."""

from agent.intake.html import readable


def test_a_head_that_nobody_closed_does_not_swallow_the_body() -> None:
    """Outlook leaves tags open."""
    assert readable("<head><style>p{}</style><body>words") == "words"


def test_deep_nesting_is_read() -> None:
    """Thousands of nested tags are no problem."""
    assert readable("<div>" * 5_000 + "deep") == "deep"


def test_cells_do_not_run_together() -> None:
    """Two cells of a row stay two words."""
    assert readable("<table><tr><td>one</td><td>two</td></tr></table>") == "one two"
