"""A text pasted at a terminal, whole: a terminal that edits lines cuts them silently, at 1,024 or 4,096 bytes."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import typer
from rich.cells import cell_len

HINT = "Paste the situation or thread, then press Ctrl-D on an empty line."
# Linux keeps a Ctrl-D that came before the terminal stopped editing as a zero.
_END = (b"\x04", b"\x00", b"")
_LETTER_BACK, _WORD_BACK, _LINE_BACK = (b"\x7f", b"\x08"), b"\x17", b"\x15"
_LEAST_PRINTED, _ALSO_SHOWN = b" ", (b"\n", b"\t")
_KIND_OF_BYTE, _FURTHER_BYTE = 0b1100_0000, 0b1000_0000  # of one letter in UTF-8


def pasted(most_bytes: int) -> bytes:
    """Say how, and read what is pasted or typed up to Ctrl-D, at most `most_bytes`.

    Backspace, Ctrl-W and Ctrl-U take back a letter, a word and the line.
    """
    if sys.platform == "win32":  # whose console cuts nothing and ends with Ctrl-Z
        typer.echo(HINT.replace("Ctrl-D", "Ctrl-Z and Enter"), err=True)
        return sys.stdin.buffer.read(most_bytes)
    keyboard = sys.stdin.fileno()
    screen = os.open(os.ttyname(keyboard), os.O_WRONLY | os.O_NOCTTY)  # the keyboard may be open to read alone
    try:
        with _unedited(keyboard):
            typer.echo(HINT, err=True)
            return _read(keyboard, screen, most_bytes)
    finally:
        os.close(screen)


@contextmanager
def _unedited(keyboard: int) -> Iterator[None]:
    """The terminal hands over every byte at once and shows none, also after Ctrl-Z and `fg`."""
    import termios  # noqa: PLC0415 - not on Windows

    before: list[Any] = termios.tcgetattr(keyboard)
    unedited = [*before[:6], list(before[6])]
    unedited[3] &= ~(termios.ICANON | termios.ECHO)
    unedited[6][termios.VMIN], unedited[6][termios.VTIME] = 1, 0

    def take(*_: object) -> None:
        termios.tcsetattr(keyboard, termios.TCSADRAIN, unedited)

    take()
    usual = signal.signal(signal.SIGCONT, take)
    try:
        yield
    finally:
        signal.signal(signal.SIGCONT, usual)
        termios.tcsetattr(keyboard, termios.TCSADRAIN, before)


def _read(keyboard: int, screen: int, most_bytes: int) -> bytes:
    """Byte by byte: what was typed behind the Ctrl-D is for whoever reads next."""
    text = bytearray()
    while len(text) < most_bytes and (byte := os.read(keyboard, 1)) not in _END:
        if byte in (*_LETTER_BACK, _WORD_BACK, _LINE_BACK):
            taken = _taken_back(text, byte)
            os.write(screen, b"\b \b" * cell_len(taken))
        else:
            text += byte
            if byte >= _LEAST_PRINTED or byte in _ALSO_SHOWN:
                os.write(screen, byte)
    if text and not text.endswith(b"\n"):
        os.write(screen, b"\n")
    return bytes(text)


def _taken_back(text: bytearray, by: bytes) -> str:
    """Take the end of the last line away, and say what it was."""
    line = text[text.rfind(b"\n") + 1 :]
    if by == _LINE_BACK:
        stays = 0
    elif by == _WORD_BACK:
        stays = line.rstrip().rfind(b" ") + 1
    else:
        stays = max(0, len(line) - 1)
        while stays and line[stays] & _KIND_OF_BYTE == _FURTHER_BYTE:
            stays -= 1
    taken = line[stays:]
    del text[len(text) - len(taken) :]
    return taken.decode("utf-8", "replace")
