"""Untrusted words, made harmless."""

import pytest

from agent.report.plain import clean, fenced, inline, line, paragraph


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("a\x1b[31mred\x1b[0m", "ared"),
        ("a\x1b]0;title\x07b", "a]0;titleb"),
        ("a\x9b2Jb", "ab"),
        ("a\x00\x08\x7fb", "ab"),
        ("a\u202eb\u2066c\u200bd", "abcd"),
        ("a\U000e0041b", "ab"),
        ("a\u00adb\u3164c\u115fd\u180ee", "abcde"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
    ],
)
def test_nothing_a_terminal_obeys_survives(hostile, shown):
    """Control sequences, control characters and invisible marks go; the prose around them stays."""
    assert clean(hostile) == shown


def test_scripts_that_need_joiners_keep_them():
    """Zero-width joiners are letters' own business in several scripts and stay."""
    assert clean("नि\u200dक") == "नि\u200dक"


def test_a_line_is_one_line():
    """White space of any kind becomes single spaces."""
    assert line(" a\n\n b\tc ") == "a b c"


@pytest.mark.parametrize(
    "hostile", ["<script>", "![x](http://e.example/p.png)", "`code", "a | b", "**bold**", "~~gone~~"]
)
def test_inline_starts_no_element(hostile):
    """HTML, images, links, code, cells and emphasis are shown, not obeyed."""
    shown = inline(hostile)
    assert "<" not in shown
    assert all(shown[place - 1] == "\\" for place, mark in enumerate(shown) if mark in "`*[]|~")


@pytest.mark.parametrize("start", ["# x", "> x", "- x", "+ x", "1. x", "12) x", "=== x", "--- x"])
def test_a_paragraph_starts_no_block(start):
    """Text that begins like a heading, list, quote or rule is still a paragraph, and loses nothing."""
    shown = paragraph(start)
    assert shown != start
    assert shown.replace("\\", "") == start


def test_a_fence_is_longer_than_any_in_the_text():
    """The text cannot close the fence it stands in, and stays verbatim."""
    shown = fenced("a\n````\nb")
    assert shown.splitlines() == ["`````text", "a", "````", "b", "`````"]


@pytest.mark.parametrize(
    ("bare", "shown"),
    [
        ("see https://evil.example/x now", "see https\\://evil.example/x now"),
        ("see HTTP://evil.example", "see HTTP\\://evil.example"),
        ("see www.evil.example", "see www\\.evil.example"),
        ("mailto:a", "mailto\\:a"),
        ("at 10:45, and so on: fine", "at 10:45, and so on: fine"),
    ],
)
def test_a_bare_address_becomes_no_link(bare, shown):
    """A renderer that links bare addresses finds none; the reader sees the same words."""
    assert inline(bare) == shown
