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

from agent.errors import ConfigurationError
from agent.models import llama

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

    @cached_property
    def address(self) -> str:
        """Where it listens. Raises ConfigurationError if it is no model that can be loaded."""
        assert self._process.stdout is not None
        said = self._process.stdout.readline().decode().strip()
        if not said.startswith("http://"):
            raise ConfigurationError(said or llama.refused(self._path))
        return said

    def end(self) -> None:
        """Stop it, whatever it does, and free its memory. `close` waits for that."""
        self._process.kill()

    def close(self) -> None:
        """End it, and wait until it is gone."""
        self.end()
        with suppress(BrokenPipeError):
            self._process.communicate()
