from pathlib import Path

import pytest

from agent import intake

FILES = Path(__file__).parent / "files"


@pytest.fixture
def read():
    """A file of this folder as a situation."""

    def reading(name):
        return intake.read_bytes((FILES / name).read_bytes(), source=name)

    return reading
