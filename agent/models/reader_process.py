"""The process in which a model that reads is loaded, beside this one.

llama.cpp holds Python's lock while it loads, so that a thread would stop everything else; and a pass cannot be stopped,
which a process can.
"""

import atexit
import os
import subprocess
import sys
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from agent.errors import ConfigurationError, DeadlineExceeded
from agent.models import background, llama

if TYPE_CHECKING:
    from concurrent.futures import Future

PASS_TOKENS = 1_128  # what is read in one go: a window of the text, and the opening above it


class ReaderProcess:
    """A model on its way: loading begins here, and `address` waits for it. It ends with this process at the latest."""

    def __init__(self, path: Path) -> None:
        self._path, self.key = path, os.urandom(32).hex()
        command = [sys.executable, "-P", "-m", llama.__name__, str(path), str(PASS_TOKENS)]
        self._process = subprocess.Popen(  # noqa: S603 - our own program, and the path of a file
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        atexit.register(self.close)
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):  # it is gone already: `address` says so
            self._process.stdin.write(f"{self.key}\n".encode())
            self._process.stdin.flush()

    def address(self, seconds: float | None = None) -> str:
        """Where it listens, once it is loaded.

        Raises DeadlineExceeded if that takes longer than `seconds`, ConfigurationError if it is no model that can be
        loaded.
        """
        try:
            said = self._first_line.result(seconds).decode().strip()
        except TimeoutError as error:
            raise DeadlineExceeded("the built-in model was not loaded within --deadline") from error
        if not said.startswith("http://"):
            raise ConfigurationError(
                f"{said or llama.refused(self._path)}; delete the file, and it is put together anew"
            )
        return said

    @cached_property
    def _first_line(self) -> "Future[bytes]":
        assert self._process.stdout is not None
        return background.begin(self._process.stdout.readline)

    def end(self) -> None:
        """Stop it, whatever it does, and free its memory. `close` waits for that."""
        self._process.kill()

    def close(self) -> None:
        """End it, and wait until it is gone."""
        self.end()
        with suppress(BrokenPipeError):
            self._process.communicate()
