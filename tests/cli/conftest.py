import json
import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from agent import intake
from agent.embedded import judge
from agent.schema import AccountContext
from tests.builders import extraction
from tests.models.conftest import endpoint

__all__ = ["endpoint"]  # the loopback endpoint, as a fixture of this folder too

TRIAGE = Path(sys.executable).parent / "triage"
EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = "2026-03-12T09:00+01:00"


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self):
        return json.loads(self.out)


@pytest.fixture
def environment(tmp_path):
    """A user without settings, keys or models of their own."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "COVERAGE_PROCESS_START") if name in os.environ}
    home = tmp_path / "home"
    home.mkdir()
    return kept | {"HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "TZ": "Europe/Berlin", "COLUMNS": "100"}


@pytest.fixture
def triage(environment, tmp_path):
    """The installed command, as a user runs it."""

    def run(*arguments, stdin="", **variables):
        data = stdin if isinstance(stdin, bytes) else stdin.encode()
        done = subprocess.run(
            [TRIAGE, *map(str, arguments)],
            input=data,
            capture_output=True,
            env=environment | variables,
            cwd=tmp_path,
            timeout=120,
            check=False,
        )
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def authored(directory, situation, purpose, response, sequence=1):
    """An answer written by hand, as the documentation of the recordings describes it."""
    directory.mkdir(exist_ok=True)
    recording = {
        "format": 1,
        "source": "authored",
        "purpose": purpose,
        "input_digest": intake.digest(situation),
        "sequence": sequence,
        "response": response,
    }
    (directory / f"{purpose}-{sequence}.json").write_text(json.dumps(recording, default=str))
    return directory


@pytest.fixture
def thread():
    return EXAMPLES / "cold-chain.eml"


def read(path, **context):
    return intake.read_bytes(path.read_bytes(), source=path.name, context=AccountContext(**context))


@pytest.fixture
def answers(tmp_path, thread):
    """A directory of hand-written answers about the example thread: a severe defect, and a draft for it."""
    situation = read(thread)
    fields = extraction((5, 3, 5, 4), account="Brightwater Foods").model_dump(mode="json")
    fields["customer_impact"]["quotes"] = ["at the moment nothing chilled\nleaves the building"]
    directory = authored(tmp_path / "answers", situation, "extract", fields)
    body = (
        "Hello Jonas Weber,\n\nthank you for the clear picture: nothing chilled leaves the building at the moment. "
        "I have passed this to [OWNER], who look at it now. You will hear from me by [UPDATE_BY], "
        "even if there is no solution yet.\n\nKind regards\n[CSM]"
    )
    draft = {
        "ask": {
            "action": "Find out why ticket PW-4471 leaves the temperature off the labels and deliver a fix or a timeline.",
            "done_when": "cold chain labels print with the temperature again",
        },
        "next_step": None,
        "customer_message": {"language": "en", "subject": "Your cold chain labels", "body": body},
    }
    return authored(directory, situation, "draft", draft)


def readings(**values):
    """What the probes of the built-in model read in a text: 3 for every dimension and 0 for every type but those given."""
    named = {probe.name: 3.0 if probe.name in judge.READ_DIMENSIONS else 0.0 for probe in judge.load().probes}
    return {"passages": [{"passage": 0, "tokens": 1, "values": named | values}]}
