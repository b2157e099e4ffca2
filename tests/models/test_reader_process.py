"""The process in which the built-in model is loaded: how it begins, fails and ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agent.errors import ConfigurationError, DeadlineExceeded
from agent.models import weights
from agent.models.reader_process import ReaderProcess

needs_the_extra = pytest.mark.skipif(not weights.installed(), reason="the extra 'local' is not installed")


def ran(code: str, *arguments: object, **options: object) -> "subprocess.CompletedProcess[bytes]":
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=60, check=False, env=os.environ, **options)  # type: ignore[call-overload] # keywords of run


def gone(number: int) -> bool:
    """True once no such process runs; one that nobody waits for any more counts as gone."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
                return True
            os.kill(number, 0)
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("content", [None, b"", b"MZ not a model"])
def test_what_is_no_gguf_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    """The words of the process that loads arrive here, with the path in any script."""
    path = tmp_path / "módèl 模型.gguf"
    if content is not None:
        path.write_bytes(content)
    model = ReaderProcess(path)
    with pytest.raises(ConfigurationError, match=r"módèl 模型\.gguf (is not a GGUF file|cannot be read)"):
        _ = model.address()
    model.close()


def test_a_process_that_ends_without_a_word_is_an_error(tmp_path: Path) -> None:
    """Killed for its memory, or crashed: the file is named, and nobody waits for ever."""
    model = ReaderProcess(tmp_path / "model.gguf")
    model.end()
    with pytest.raises(ConfigurationError, match=r"model\.gguf cannot be"):
        _ = model.address()
    model.close()


def test_a_load_that_hangs_is_left_at_the_deadline(tmp_path: Path) -> None:
    """A disk that does not answer is no reason to wait longer than was said; it may still come."""
    model = ReaderProcess(tmp_path / "model.gguf")
    os.kill(model._process.pid, signal.SIGSTOP)
    with pytest.raises(DeadlineExceeded, match="not loaded within"):
        model.address(0.05)
    os.kill(model._process.pid, signal.SIGCONT)
    with pytest.raises(ConfigurationError, match="delete the file"):
        model.address()
    model.close()


def test_nothing_of_the_folder_it_is_started_in_is_imported(tmp_path: Path) -> None:
    """A file that a customer sent, named like a module of ours, is data."""
    (tmp_path / "agent").mkdir()
    (tmp_path / "agent" / "__init__.py").write_text("open('ran', 'w')")
    code = "import sys; sys.path.remove(''); from pathlib import Path; from agent.models.reader_process import ReaderProcess as R; R(Path('x')).address()"
    assert b"ConfigurationError" in ran(code, cwd=tmp_path).stderr
    assert not (tmp_path / "ran").exists()


@pytest.mark.live
@needs_the_extra
def test_a_damaged_model_is_a_clear_error(tmp_path: Path) -> None:
    """A file that only looks like a model names itself."""
    path = tmp_path / "model.gguf"
    path.write_bytes(b"GGUF" + bytes(1000))
    model = ReaderProcess(path)
    with pytest.raises(ConfigurationError, match=r"model\.gguf cannot be loaded: it is damaged"):
        _ = model.address()
    model.close()


BEGIN = """
import sys
from pathlib import Path
from agent.models.reader_process import ReaderProcess
model = ReaderProcess(Path(sys.argv[1]))
print(model._process.pid, flush=True)
"""


@pytest.mark.live
@needs_the_extra
@pytest.mark.parametrize("wait", ["", "_ = model.address()"])
def test_a_model_that_is_never_asked_is_let_go(wait: str) -> None:
    """A run may end while the model loads, or between loading and reading; it neither hangs nor leaves it behind."""
    done = ran(BEGIN + wait, weights.locate())
    assert (done.returncode, done.stderr) == (0, b"")
    assert gone(int(done.stdout))


@pytest.mark.live
@needs_the_extra
def test_it_ends_with_a_run_that_is_killed() -> None:
    """Nothing is left behind by a run that could not tidy up."""
    code = BEGIN + "_ = model.address(); print('loaded', flush=True); import time; time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code, weights.locate()], stdout=subprocess.PIPE) as run:
        assert run.stdout is not None
        number = int(run.stdout.readline())
        assert run.stdout.readline() == b"loaded\n"
        run.send_signal(signal.SIGKILL)
    assert gone(number)


@pytest.mark.live
@needs_the_extra
def test_ctrl_c_is_answered_by_the_run_alone() -> None:
    """A terminal tells every process of the run; the one that loads leaves it to the one that can say so."""
    model = ReaderProcess(weights.locate())
    assert model.address()
    os.kill(model._process.pid, signal.SIGINT)
    time.sleep(0.2)
    assert model._process.poll() is None
    model.close()
