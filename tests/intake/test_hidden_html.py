"""What an HTML page keeps from its reader's eye."""

import pytest

from agent.intake import read_bytes
from agent.intake.hidden_html import shown
from agent.schema import HiddenKind

_MAIL = "From: Ann <ann@alder.example>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n"


@pytest.mark.parametrize(
    ("html", "kind"),
    [
        ("<p style='display:none'>secret</p>", HiddenKind.NOT_DISPLAYED),
        ("<p style='DISPLAY : NONE !important'>secret</p>", HiddenKind.NOT_DISPLAYED),
        ("<p style='mso-hide:all'>secret</p>", HiddenKind.NOT_DISPLAYED),
        ("<style>.x, .y{color:red;display:none}</style><p class='y'>secret</p>", HiddenKind.NOT_DISPLAYED),
        ("<style>@media only screen {.x{display:none}}</style><p class='x'>secret</p>", HiddenKind.NOT_DISPLAYED),
        ("<p style='visibility:hidden'>secret</p>", HiddenKind.INVISIBLE),
        ("<p style='opacity:0'>secret</p>", HiddenKind.TRANSPARENT),
        ("<p style='font-size:0'>secret</p>", HiddenKind.TINY),
        ("<p style='font-size:1px'>secret</p>", HiddenKind.TINY),
        ("<p style='font: 0px/1 Arial'>secret</p>", HiddenKind.TINY),
        ("<p style='max-height:0;overflow:hidden'>secret</p>", HiddenKind.TINY),
        ("<p style='clip:rect(0,0,0,0)'>secret</p>", HiddenKind.TINY),
        ("<p style='position:absolute;left:-9999px'>secret</p>", HiddenKind.OFF_SCREEN),
        ("<p style='text-indent:-9999px'>secret</p>", HiddenKind.OFF_SCREEN),
        ("<p style='color:#fff'>secret</p>", HiddenKind.SAME_COLOUR),
        ("<p style='color:rgb(254,254,254)'>secret</p>", HiddenKind.SAME_COLOUR),
        ("<font color='white'>secret</font>", HiddenKind.SAME_COLOUR),
        ("<div style='background:#101010'><p style='color:#111'>secret</p></div>", HiddenKind.SAME_COLOUR),
        ("<table bgcolor='#003366'><tr><td style='color:#003366'>secret</td></tr></table>", HiddenKind.SAME_COLOUR),
        ("<p style='color:transparent'>secret</p>", HiddenKind.SAME_COLOUR),
        ("<p style='color:rgba(0,0,0,0)'>secret</p>", HiddenKind.SAME_COLOUR),
        ("<p hidden>secret</p>", HiddenKind.HIDDEN_ATTRIBUTE),
        ("<p aria-hidden='true'>secret</p>", HiddenKind.ARIA_HIDDEN),
        ("<!-- secret -->", HiddenKind.COMMENT),
        ("<img src='x.png' alt='secret'>", HiddenKind.ALT_TEXT),
    ],
)
def test_hidden_words_are_taken_out_and_told(html: str, kind: HiddenKind) -> None:
    """No reader saw them, so no model reads them; the report says how they were hidden and what they said."""
    situation = read_bytes(f"{_MAIL}<p>It fails.</p>{html}<p>Since Friday.</p>".encode(), source="a.eml")
    assert situation.newest.body.split() == ["It", "fails.", "Since", "Friday."]
    assert [(gone.kind, gone.characters, gone.words) for gone in situation.removed] == [(kind, 6, "secret")]


@pytest.mark.parametrize(
    "html",
    [
        "<div style='background:navy'><p style='color:#fff'>words</p></div>",
        "<table style='font-size:0'><tr><td style='font-size:14px'>words</td></tr></table>",
        "<style>@media (max-width:600px){.phone{display:none}}</style><p class='phone'>words</p>",
        "<div style='visibility:hidden'><p style='visibility:visible'>words</p></div>",
        "<div style='background:url(dark.png)'><p style='color:#fff'>words</p></div>",
        "<p style='color:#999'>words</p>",
        "<p style='opacity:0.6;height:0'>words</p>",
        "<p style='margin-left:-4px'>words</p>",
        "<p style='color:var(--brand)'>words</p>",
        "<!--[if mso]><table><![endif]--><p>words</p>",
        "<img src='line.gif' alt=''><p>words</p>",
    ],
)
def test_what_a_reader_sees_stays(html: str) -> None:
    """White on dark, sizes that a child sets anew, rules for phones, grounds that cannot be told, pale small print."""
    situation = read_bytes(f"{_MAIL}{html}".encode(), source="a.eml")
    assert situation.newest.body.strip() == "words"
    assert situation.removed == ()


def test_pages_are_read_in_time_that_grows_with_them() -> None:
    """Thousands of nested tags, of rules and of broken colours end, and the words are found."""
    rules = "".join(f".c{n}{{color:#fff}}" for n in range(5_000))
    page = f"<style>{rules}</style>" + "<div style='color:#12'>" * 5_000 + "deep"
    assert "deep" in shown(page)[0]


def test_a_page_without_anything_hidden_is_left_alone() -> None:
    """Nothing is rewritten for nothing."""
    page = "<p>It fails<br>since Friday"
    assert shown(page) == (page, ())
