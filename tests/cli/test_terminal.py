"""At a real pseudo-terminal: what a CSM sees and is asked."""

import codecs
import json
import os
import pty
import re
import select
import signal
import subprocess
import termios
import time

import pytest

from agent import intake
from agent.schema import Basis
from tests.builders import extraction
from tests.cli.conftest import NOW, TRIAGE, authored, read, readings

ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


class Terminal:
    """A process at a pseudo-terminal: type, and wait for words."""

    def __init__(self, arguments, environment, cwd, program=(TRIAGE,)):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [*program, *map(str, arguments)],
            stdin=slave, stdout=slave, stderr=slave, env=environment | {"TERM": "xterm"}, cwd=cwd, start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a job in the background ignores it
        )  # fmt: skip
        os.close(slave)
        self.raw = ""
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a read may end within a letter

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
        self.raw += self.decoder.decode(data)
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


def test_an_answer_may_settle_the_next_question(at_terminal, thread, tmp_path):
    """Value and time are open and together could change 1 + v + t + 1. With v = 1 no t does, so t is not asked."""
    open_ = {"basis": Basis.UNSTATED}
    silent = extraction((1, 3, 3, 1))
    silent = silent.model_copy(
        update={
            "account_value": silent.account_value.model_copy(update=open_),
            "time_sensitivity": silent.time_sensitivity.model_copy(update=open_),
        }
    )
    directory = authored(tmp_path / "read", read(thread), "extract", silent.model_dump(mode="json"))
    terminal = at_terminal("assess", thread, "--replay", directory, "--no-draft", "--now", NOW)
    terminal.wait_for("So far: Handle yourself (8 of 20).")
    terminal.wait_for("Account value")
    terminal.type("1\n")
    assert terminal.finish() == 0
    assert terminal.screen.count("Enter accepts") == 1
    assert "6 of 20" in terminal.screen


def test_a_ctrl_d_is_nobodys_answer(at_terminal, thread, doubtful, triage):
    """One too many after a paste is no word of the CSM's: the score stays as it was read, and the question open."""
    piped = triage("assess", thread, "--replay", doubtful, "--now", NOW, "--format", "json").json
    terminal = at_terminal("assess", thread, "--replay", doubtful, "--now", NOW)
    terminal.type("\x04" * len(piped["questions"]))
    assert terminal.finish() == 0
    assert terminal.screen.count("left as it was read") == len(piped["questions"])
    assert "set by the CSM" not in terminal.screen
    assert "By when must this be resolved?" in terminal.screen.split("How sure")[0].split("Questions")[-1]


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


def pasted(at_terminal, *typed):
    """The situation as it is read from what is typed, once the hint is there."""
    terminal = at_terminal("preview", "--model", "x", "--base-url", "http://127.0.0.1:9/v1")
    terminal.wait_for("Ctrl-D")
    for text in typed:
        terminal.type(text)
        terminal._read()  # a terminal whose echo nobody reads takes no more in
    terminal.wait_for("input_digest")
    assert terminal.finish() == 0
    return json.loads("{" + terminal.screen.split("{", 1)[1])["messages"][-1]["content"]


def test_a_long_line_is_pasted_whole(at_terminal):
    """A terminal that edits lines would cut the paragraph after 4,096 bytes, and say nothing."""
    words = "The wörds fail. " * 600
    pieces = [words[at : at + 400] for at in range(0, len(words), 400)]
    assert pasted(at_terminal, *pieces, "THE END\n", "\x04").count("The wörds fail.") == 600


def test_a_backspace_takes_a_letter_back(at_terminal):
    """Also one of two bytes; and a Ctrl-D behind the last word ends as well as one on a line of its own."""
    assert "the export fails today" in pasted(at_terminal, "the exporü\x7ft fails todya\x7f\x7fay\x04")


def test_a_word_and_a_line_are_taken_back(at_terminal):
    """Ctrl-W and Ctrl-U as at every prompt; the lines above stay."""
    typed = "The export fails.\nwrong line\x15since todya \x17Monday\n\x04"
    assert "The export fails.\nsince Monday" in pasted(at_terminal, typed)


def test_a_paste_goes_on_after_a_stop(at_terminal):
    """A shell that brings the command back has let the terminal edit lines again."""
    terminal = at_terminal("preview", "--model", "x", "--base-url", "http://127.0.0.1:9/v1")
    terminal.wait_for("Ctrl-D")
    terminal.type("The export fails\n")
    terminal.wait_for("The export fails")
    edits = termios.tcgetattr(terminal.master)
    edits[3] |= termios.ICANON | termios.ECHO
    termios.tcsetattr(terminal.master, termios.TCSANOW, edits)
    terminal.process.send_signal(signal.SIGCONT)
    end = time.monotonic() + 60
    while termios.tcgetattr(terminal.master)[3] & termios.ICANON:
        assert time.monotonic() < end
    terminal.type("since Monday\n\x04")
    terminal.wait_for("input_digest")
    assert terminal.screen.split("{")[0].count("since Monday") == 1
    assert terminal.finish() == 0


def test_a_keyboard_that_is_open_to_read_alone(environment, tmp_path):
    """A hook or xargs gives the terminal as `</dev/tty`; what is pasted is shown all the same."""
    shell = ("/bin/sh", "-c", f'"{TRIAGE}" preview --model x --base-url http://127.0.0.1:9/v1 </dev/tty')
    terminal = Terminal((), environment, tmp_path, program=("setsid", "--ctty", "--wait", *shell))
    try:
        terminal.wait_for("Ctrl-D")
        terminal.type("The export fails.\n\x04")
        terminal.wait_for("input_digest")
        assert terminal.finish() == 0
    finally:
        terminal.process.kill()
        terminal.process.wait()
        os.close(terminal.master)


def test_a_paste_is_in_the_way_of_no_answer(at_terminal, thread, tmp_path):
    """A Ctrl-D too many is no part of the first answer, and the terminal edits lines again."""
    text = "The export is broken since Monday and nobody can work."
    situation = intake.read_bytes(text.encode(), source="standard input")
    directory = authored(tmp_path / "read", situation, "probes", readings())
    terminal = at_terminal("assess", "--replay", directory, "--no-draft", "--now", NOW)
    terminal.wait_for("Ctrl-D")
    terminal.type(f"{text}\x04\x04")
    terminal.wait_for("Enter accepts")
    terminal.type("3\x7f5\n")
    assert "valid integer" not in terminal.screen
    terminal.wait_for("So far")
    terminal.type("\x04\x04\x04")
    assert terminal.finish() == 0
    assert re.search(r"CSM set 5|5 high .*\(set by the CSM\)", terminal.screen)


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
