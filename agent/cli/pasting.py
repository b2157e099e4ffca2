"""A text pasted at a terminal, whole: a terminal that edits lines cuts them silently, at 1,024 or 4,096 bytes."""

import os
import sys
from typing import Any

import typer

HINT = "Paste the situation or thread, then press Ctrl-D on an empty line."
# Linux keeps a Ctrl-D that came before the terminal stopped editing as a zero.
_END, _TAKE_BACK, _SHOWN = (b"\x04", b"\x00", b""), (b"\x7f", b"\x08"), (b"\n", b"\t")
_LEAST_PRINTED = b" "
_KIND_OF_BYTE, _FURTHER_BYTE = 0b1100_0000, 0b1000_0000  # of one letter in UTF-8


def pasted(most_bytes: int) -> bytes:
    """Say how, and read what is pasted or typed up to Ctrl-D, at most `most_bytes`. Backspace takes back a letter."""
    try:
        import termios  # noqa: PLC0415 - not on Windows, where a console has no such limit
    except ImportError:
        typer.echo(HINT, err=True)
        return sys.stdin.buffer.read(most_bytes)
    terminal = sys.stdin.fileno()
    before: list[Any] = termios.tcgetattr(terminal)
    unedited = [*before[:6], list(before[6])]
    unedited[3] &= ~(termios.ICANON | termios.ECHO)
    unedited[6][termios.VMIN], unedited[6][termios.VTIME] = 1, 0
    termios.tcsetattr(terminal, termios.TCSADRAIN, unedited)
    try:
        typer.echo(HINT, err=True)
        return _read(terminal, most_bytes)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _read(terminal: int, most_bytes: int) -> bytes:
    """Byte by byte: what was typed behind the Ctrl-D is for whoever reads next."""
    text = bytearray()
    while len(text) < most_bytes and (byte := os.read(terminal, 1)) not in _END:
        if byte in _TAKE_BACK:
            _show(terminal, b"\b \b" if _take_back(text) else b"")
        else:
            text += byte
            _show(terminal, byte if byte >= _LEAST_PRINTED or byte in _SHOWN else b"")
    if text and not text.endswith(b"\n"):
        _show(terminal, b"\n")
    return bytes(text)


def _take_back(text: bytearray) -> bool:
    """Remove the line's last letter, all its bytes; False at the line's beginning."""
    if not text or text.endswith(b"\n"):
        return False
    while text.pop() & _KIND_OF_BYTE == _FURTHER_BYTE and text:
        pass
    return True


def _show(terminal: int, signs: bytes) -> None:
    os.write(terminal, signs)
