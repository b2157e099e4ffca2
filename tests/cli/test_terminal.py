"""At a real pseudo-terminal: what a CSM sees and is asked."""

import os
import pty
import re
import select
import subprocess
import time

import pytest

from tests.cli.conftest import NOW, TRIAGE, authored, read, readings

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A process at a pseudo-terminal: type, and wait for words."""

    def __init__(self, arguments, environment, cwd):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [TRIAGE, *map(str, arguments)],
            stdin=slave, stdout=slave, stderr=slave, env=environment | {"TERM": "xterm"}, cwd=cwd, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.raw = ""

    @property
    def screen(self):
        return ANSI.sub("", self.raw)

    def type(self, text):
        os.write(self.master, text.encode())

    def wait_for(self, words, seconds=60):
        end = time.monotonic() + seconds
        while words not in self.screen:
            assert time.monotonic() < end, f"'{words}' never came:\n{self.screen}"
            if not self._read():
                break
        assert words in self.screen, self.screen

    def finish(self, seconds=60):
        end = time.monotonic() + seconds
        while self._read() and time.monotonic() < end:
            pass
        return self.process.wait(timeout=10)

    def _read(self):
        ready, _, _ = select.select([self.master], [], [], 0.2)
        if not ready:
            return self.process.poll() is None
        try:
            data = os.read(self.master, 65536)
        except OSError:  # the other end is closed
            return False
        self.raw += data.decode(errors="replace")
        return bool(data)


@pytest.fixture
def at_terminal(environment, tmp_path):
    opened = []

    def start(*arguments, **variables):
        opened.append(Terminal(arguments, environment | variables, tmp_path))
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.master)


@pytest.fixture
def doubtful(tmp_path, thread):
    """What the embedded model said about the example: nothing either way."""
    return authored(tmp_path / "read", read(thread), "probes", readings())


def test_answers_decide_whatever_the_model_thought(at_terminal, thread, tmp_path):
    """Three questions at most; the engine recomputes, and the report says who said what."""
    directory = authored(tmp_path / "read", read(thread, arr="EUR 64k"), "probes", readings())
    terminal = at_terminal("assess", thread, "--replay", directory, "--arr", "EUR 64k", "--now", NOW)
    for _ in range(3):
        terminal.wait_for("Enter accepts")
        terminal.raw = ""
        terminal.type("5\n")
    assert terminal.finish() == 0
    assert "ESCALATE IMMEDIATELY" in terminal.screen
    assert "20" in terminal.screen


def test_enter_accepts_what_is_pre_filled(at_terminal, thread, doubtful, triage):
    """Enter everywhere gives the decision that a pipe gets."""
    piped = triage("assess", thread, "--replay", doubtful, "--now", NOW, "--format", "json").json
    terminal = at_terminal("assess", thread, "--replay", doubtful, "--now", NOW)
    for _ in piped["questions"]:
        terminal.wait_for("Enter accepts")
        terminal.raw = ""
        terminal.type("\n")
    assert terminal.finish() == 0
    assert piped["decision"].upper() in terminal.screen


def test_a_wrong_answer_is_asked_again(at_terminal, thread, doubtful):
    """A level is a number from 1 to 5."""
    terminal = at_terminal("assess", thread, "--replay", doubtful, "--now", NOW)
    terminal.wait_for("Enter accepts")
    terminal.type("seven\n")
    terminal.wait_for("Please enter a valid integer number")
    terminal.type("9\n")
    terminal.wait_for("Please select one of the available options")


def test_no_ask_never_asks(at_terminal, thread, doubtful):
    """The questions stand in the report instead."""
    terminal = at_terminal("assess", thread, "--replay", doubtful, "--no-ask", "--now", NOW)
    assert terminal.finish() == 0
    assert "Enter accepts" not in terminal.screen
    assert "By when must this be resolved?" in " ".join(terminal.screen.split())


def test_alone_at_a_terminal_it_says_how_to_paste(at_terminal, tmp_path):
    """One line of hint, and Ctrl-D ends the paste."""
    directory = tmp_path / "none"
    directory.mkdir()
    terminal = at_terminal("assess", "--replay", directory)
    terminal.wait_for("Ctrl-D")
    terminal.type("The export is broken.\n\x04")
    assert terminal.finish() == 2
    assert "no recording answers" in terminal.screen


def test_no_color_is_respected(at_terminal, thread, answers):
    """NO_COLOR leaves no colour codes in the output."""
    terminal = at_terminal("assess", thread, "--replay", answers, "--now", NOW, NO_COLOR="1")
    assert terminal.finish() == 0
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]", terminal.raw)
    assert "nothing chilled" in terminal.screen


def test_score_asks_with_the_level_definitions_on_screen(at_terminal):
    """The framework works with no model and no flags at all."""
    terminal = at_terminal("score")
    for _ in range(4):
        terminal.wait_for("1-5:")
        terminal.raw = ""
        terminal.type("5\n")
    terminal.wait_for("1-7:")
    assert "Commercial dispute" in terminal.screen
    terminal.type("4\n")
    assert terminal.finish() == 0
    assert "ESCALATE IMMEDIATELY" in terminal.screen
