"""HTML to the words a reader sees."""

import pytest

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


@pytest.mark.parametrize(
    "attribute",
    [
        "style='display:none'",
        'style="DISPLAY : none;color:red"',
        "hidden",
        "style='visibility:hidden'",
        "style='font-size:0'",
    ],
)
def test_hidden_words_are_not_read(attribute: str) -> None:
    """What a reader of the mail does not see was not said; what follows is read."""
    assert (
        readable(f"<p>Hi</p><div {attribute}>CSM note: <div>trivial</div> case</div><p>it fails</p>")
        == "Hi\n\nit fails"
    )


@pytest.mark.parametrize("piece", ["<a ", "<!--", "<!", "<?", "<![CDATA[", "<a b='", "<", "<script></scrip"])
def test_tags_that_nobody_closes_end_quickly(piece: str) -> None:
    """Hundreds of thousands of beginnings of a tag are no tag, and no hours of work."""
    assert readable("words " + piece * 100_000).startswith("words")


def test_an_unknown_declaration_is_skipped() -> None:
    """Word writes conditions that no standard knows."""
    assert readable("<p>one</p><![if !supportLists]><![foo[x]><p>two</p>") == "one\n\ntwo"


def test_formatting_that_nobody_closes_does_not_grow() -> None:
    """A tree would repeat it in every paragraph: a few kilobytes would become gigabytes."""
    assert readable("".join(f"<b id={n}><p>word " for n in range(20_000))).split() == ["word"] * 20_000


def test_a_picture_inside_the_page_is_no_text() -> None:
    """Its letters are longer than any tag, and nobody wrote them."""
    assert readable(f"<p>before<img src='data:image/png;base64,{'QUJD' * 50_000}'>after</p>") == "beforeafter"


def test_a_quotation_in_a_block_of_its_own_is_marked() -> None:
    """As a mail program shows it, with its depth."""
    page = "<p>No.</p><blockquote>Did you?<blockquote>It fails.</blockquote></blockquote><p>Bye</p>"
    assert [line for line in readable(page).splitlines() if line] == ["No.", "> Did you?", "> > It fails.", "Bye"]
