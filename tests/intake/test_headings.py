"""Header fields, attributions and forwarding lines; the corpus holds every client and language."""

import pytest

from agent.intake.headings import forwards, header_field, wrote, wrote_undated


@pytest.mark.parametrize(
    ("line", "field", "value"),
    [
        ("From: Ann", "from", "Ann"),
        ("**Von:** Ann", "from", "Ann"),
        ("À : Bo", "to", "Bo"),
        ("送信日時： 2026年11月2日", "sent", "2026年11月2日"),
        ("Předmět: Export", "subject", "Export"),
        ("Wichtigkeit: Hoch", "other", "Hoch"),
    ],
)
def test_fields(line: str, field: str, value: str) -> None:
    """A field is known by its word in any of the languages, bold or not, with a narrow or a wide colon."""
    assert header_field(line) == (field, value)


@pytest.mark.parametrize(
    "line",
    [
        "On Monday the CFO wrote:",
        "He wrote: we leave",
        "The following was written on the board:",
        "Am Ende schrieb er 2026 Seiten",
        "Total 09:15:",
    ],
)
def test_prose_is_no_attribution(line: str) -> None:
    """Without a moment and a person the line is somebody's words."""
    assert wrote(line) is None


def test_the_moment_ends_at_its_last_clock() -> None:
    """Commas inside a date do not part it from the name."""
    told = wrote("On Mon, Nov 2, 2026 at 9:15 AM Ann Lee <ann@alder.example> wrote:")
    assert told is not None
    assert (told.who, told.when) == ("Ann Lee <ann@alder.example>", "Mon, Nov 2, 2026 at 9:15 AM")


def test_an_undated_attribution_names_its_day_if_it_has_one() -> None:
    """The line "On Monday, Ann Lee wrote:" says who and when."""
    told = wrote_undated("On Monday, Ann Lee wrote:")
    assert told is not None
    assert (told.who, told.when) == ("Ann Lee", "Monday")


@pytest.mark.parametrize(
    ("line", "by"),
    [
        ("-----Original Message-----", ""),
        ("Begin forwarded message:", ""),
        ("Anfang der weitergeleiteten Nachricht:", ""),
        ("転送されたメッセージ:", ""),
        ("---- Forwarded by Ann Lee ----", "Ann Lee"),
        ("Original message was lost", None),
        ("----------", None),
    ],
)
def test_forwarding_lines(line: str, by: str | None) -> None:
    """They part messages, may name who forwards, and need marks or a colon."""
    assert forwards(line) == by
