"""What the commands read: files of every format, several at once, a pipe, the clipboard, and what they refuse."""

import json

import pytest

from tests.intake.formats.conftest import FILES
from tests.intake.formats.outlook import msg

BY_HAND = {"OPENAI_API_KEY": "none", "TRIAGE_MODEL": "openai/gpt-5-mini"}


def _sent(ran):
    """The text that would be sent, newest message first."""
    assert ran.code == 0, ran.err
    return json.loads(ran.out)["messages"][-1]["content"]


@pytest.mark.parametrize("name", ["jira.json", "teams.vtt", "page.html"])
def test_a_format_is_previewed(triage, name):
    """The file becomes messages; what is not words is not sent. The other formats are tested where they are read."""
    sent = _sent(triage("preview", FILES / name, **BY_HAND))
    assert "Jana Holm" in sent
    assert not any(mark in sent for mark in ("-->", '"body"', "<p>", "author_id"))


def test_an_outlook_file(triage, tmp_path):
    """The binary format of a mail saved from Outlook."""
    file = tmp_path / "mail.msg"
    file.write_bytes(msg(body="The export fails.", files=(("rows.csv", None),)))
    assert "The export fails." in _sent(triage("preview", file, **BY_HAND))


def test_several_files_and_a_pipe_are_one_situation(triage):
    """The ticket, the call and a note from standard input."""
    ran = triage(
        "preview",
        FILES / "jira.json",
        FILES / "zoom.vtt",
        "-",
        stdin="My note: they are a reference for us.",
        **BY_HAND,
    )
    sent = _sent(ran)
    places = [sent.index(words) for words in ("a reference for us", "Good morning", "Any news?", "every morning.")]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-", "-"], "can be read only once"),
        (["--clipboard", "-"], "exclude each other"),
        (["nowhere.eml"], "nowhere.eml: cannot be read (No such file or directory); name a file"),
        (["."], "cannot be read (Is a directory)"),
        ([FILES / "jira.json", "nowhere.txt"], "nowhere.txt: cannot be read"),
        (["/dev/zero"], "zero"),
    ],
)
def test_what_cannot_be_read_is_one_line(triage, arguments, says):
    """Exit code 2, what and where, and no traceback."""
    ran = triage("preview", *arguments, stdin="x", **BY_HAND)
    assert ran.code == 2
    assert says in ran.err
    assert len(ran.err.splitlines()) == 1


def test_json_that_is_no_ticket_names_the_systems(triage):
    """The CSM learns which exports are read."""
    ran = triage("preview", "-", stdin='{"weather": "fine"}', **BY_HAND)
    assert ran.code == 2
    assert "Zendesk, Jira Service Management, Intercom, Salesforce Case, Slack, Teams" in ran.err


def _clipboard(folder, words):
    """The two programs that a Linux desktop copies and pastes with."""
    folder.mkdir()
    for name, line in (("wl-copy", "cat >/dev/null"), ("wl-paste", f"printf %s '{words}'")):
        (folder / name).write_text(f"#!/bin/sh\n{line}\n")
        (folder / name).chmod(0o755)
    return folder


def test_the_clipboard_is_read(triage, environment, tmp_path):
    """What the desktop's own program gives."""
    pytest.importorskip("pyperclip")
    folder = _clipboard(tmp_path / "bin", "From: Jana Holm, Alder\nIt fails since Monday.")
    path = f"{folder}:{environment['PATH']}"
    ran = triage("preview", "--clipboard", PATH=path, WAYLAND_DISPLAY="wayland-0", **BY_HAND)
    assert "It fails since Monday." in _sent(ran)


def test_without_a_clipboard_the_pipe_is_named(triage, tmp_path):
    """No desktop, one line: what failed and the other way."""
    ran = triage("preview", "--clipboard", PATH=str(tmp_path), **BY_HAND)
    assert ran.code == 2
    assert "--clipboard" in ran.err
    assert "| triage assess" in ran.err
    assert len(ran.err.splitlines()) == 1
