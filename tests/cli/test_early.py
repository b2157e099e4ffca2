"""The built-in model begins to load before anything else is known; what is wrong is told where it always was."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from agent.cli import early
from agent.errors import ConfigurationError
from agent.models import weights
from tests.cli.conftest import TRIAGE

needs_the_extra = pytest.mark.skipif(not weights.installed(), reason="the extra 'local' is not installed")
live = [pytest.mark.live, needs_the_extra]


@pytest.fixture
def cache(tmp_path):
    """Weights of the right size in which nothing stands."""
    file = tmp_path / "cache" / "models" / weights.PIN.file_name
    file.parent.mkdir(parents=True)
    with file.open("wb") as empty:
        empty.truncate(weights.PIN.kept_bytes)
    return tmp_path / "cache"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A user without settings, keys or models; the environment of this process."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TRIAGE_CACHE_DIR", str(tmp_path / "cache"))
    for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL", "TRIAGE_MODEL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


@needs_the_extra
@pytest.mark.parametrize("named", ["flag", "environment", "file", "nowhere"])
def test_it_begins_wherever_the_built_in_model_is_named(home, cache, monkeypatch, named):
    """By a flag, the environment or the settings file, or as the only model there is."""
    if named == "environment":
        monkeypatch.setenv("TRIAGE_MODEL", "local")
    if named == "file":
        (home / "config" / "escalation-triage").mkdir(parents=True)
        (home / "config" / "escalation-triage" / "config.toml").write_text('model = "local"\n')
    begun = early.loading("local" if named == "flag" else None, None)
    assert begun is not None
    with pytest.raises(ConfigurationError, match="not a GGUF file"):
        _ = begun.address()
    begun.close()


@pytest.mark.parametrize(
    ("model", "settings"),
    [("openai/m", ""), ("m", ""), (None, 'model = "openai/m"'), ("local", "model = "), (None, "model = 3")],
)
def test_nothing_begins_for_another_model_or_a_fault(home, cache, settings, model):
    """A wrong setting is told by who proves the settings, a missing key by who chooses the model."""
    (home / "config" / "escalation-triage").mkdir(parents=True)
    (home / "config" / "escalation-triage" / "config.toml").write_text(
        f'base_url = "http://localhost/v1"\n{settings}\n'
    )
    assert early.loading(model, None) is None


def test_nothing_begins_where_the_weights_have_to_be_put_together_first(home):
    """That has a progress bar of its own."""
    assert early.loading("local", None) is None


@needs_the_extra
def test_a_model_that_cannot_be_loaded_is_one_line(triage, cache):
    """What goes wrong beside is told as if it had gone wrong here."""
    ran = triage("assess", "-", "--model", "local", stdin="The export is broken.", TRIAGE_CACHE_DIR=str(cache))
    assert (ran.code, ran.out) == (2, "")
    assert (
        ran.err
        == f"triage: {cache / 'models' / weights.PIN.file_name} is not a GGUF file; delete the file, and it is put together anew\n"
    )


@needs_the_extra
def test_a_flag_that_is_wrong_is_told_before_the_model_is_loaded(triage, cache):
    """And the process beside ends with the run."""
    ran = triage("assess", "-", "--model", "local", "--arr", "a lot", TRIAGE_CACHE_DIR=str(cache))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("triage: --arr")


def children(number):
    return Path(f"/proc/{number}/task/{number}/children").read_text().split()


@pytest.mark.live
@needs_the_extra
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks at processes in /proc")
def test_ctrl_c_while_the_model_loads_ends_both(environment):
    """The terminal tells both processes; the run says so by its code, without a traceback, and nothing stays behind."""
    known = environment | {"TRIAGE_CACHE_DIR": str(weights.locate().parents[1])}
    with subprocess.Popen(
        [TRIAGE, "assess", "-", "--model", "local"], stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=known,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509 - a job in the background ignores it
    ) as run:  # fmt: skip
        while not children(run.pid):
            time.sleep(0.02)
        (beside,) = children(run.pid)
        os.killpg(run.pid, signal.SIGINT)
        assert b"Traceback" not in run.stderr.read()
    assert run.returncode == 130
    until = time.monotonic() + 20
    while Path(f"/proc/{beside}").exists():  # it sees that the run is gone once it has loaded
        assert time.monotonic() < until
        time.sleep(0.02)
