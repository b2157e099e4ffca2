"""`python -m evals` as a team runs it, and files of cases to run it on."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.conftest import Ran
from tests.models.endpoint import completion, failure

ROOT = Path(__file__).parents[2]
TEXT = (
    "From: Ada Okoye <ada@acme.example>\nTo: us\nSubject: export\n\nThe export fails every morning and we lose orders."
)
LEVELS = ("customer_impact", "account_value", "time_sensitivity", "csm_capability")
DRAFT = {
    "ask": {
        "action": "Find out why the export fails every morning and deliver a fix.",
        "done_when": "the export runs again",
    },
    "next_step": None,
    "customer_message": {
        "language": "en",
        "subject": "Your export",
        "body": "Hello Ada,\n\nthank you for telling us that the export fails every morning. It is now with [OWNER]. "
        "You will hear from me by [UPDATE_BY], even if there is no solution yet.\n\nKind regards\n[CSM]",
    },
}
LATER = failure(503, retry_after="600")  # longer than anyone waits, so it is not tried again


def entry(case_id="case-1", levels=(3, 3, 3, 3), **fields):
    """A case as it stands in a file."""
    expected = dict(zip(LEVELS, levels, strict=True))
    given = {
        "id": case_id,
        "split": "test",
        "title": "Export fails",
        "account": "Acme",
        "now": "2026-03-12T09:00:00+01:00",
        "text": TEXT,
        "expected": expected | {"issue_type": "product_defect"},
        "rated_range": {name: [level, level] for name, level in expected.items()},
        "customer_language": "en",
        "key_facts": ["The export fails every morning"],
        "why": "The export fails, and orders are lost.",
    }
    return given | fields


def dataset(path, *entries):
    path.write_text(yaml.safe_dump(list(entries), allow_unicode=True))
    return path


def answered(reading, tokens=(100, 40, 10)):
    """Both calls of one triage, as an endpoint answers them."""
    return completion(reading.model_dump_json(), tokens=tokens), completion(json.dumps(DRAFT), tokens=tokens)


@pytest.fixture
def environment(tmp_path):
    """A user without settings, keys or a cache of their own."""
    home = tmp_path / "home"
    home.mkdir()
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "COVERAGE_PROCESS_START") if name in os.environ}
    return kept | {
        "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"), "XDG_CACHE_HOME": str(home / "cache"),
        "TZ": "Europe/Berlin", "COLUMNS": "200",
    }  # fmt: skip


@pytest.fixture
def evals(environment):
    def run(*arguments, stdin=""):
        done = subprocess.run(
            [sys.executable, "-m", "evals", *map(str, arguments)],
            input=stdin, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=120, check=False,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    return run
