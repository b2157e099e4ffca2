import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import pairwise
from types import SimpleNamespace

import httpx2
import pytest

from agent.errors import DeadlineExceeded, ModelUnusable
from agent.models import probing, weights
from agent.models.port import Deadline, Probe
from agent.models.reader_process import ReaderProcess
from agent.models.states import StateReader, StateServer

NO_END = Deadline(None)
FLAT = Probe(name="flat", direction=(0.0,) * 1536, bias=3.0)
FIRST = Probe(name="first", direction=(1.0, *(0.0,) * 1535), bias=0.0)

live = [
    pytest.mark.live,
    pytest.mark.skipif(not weights.installed(), reason="the extra 'local' is not installed"),
]


@pytest.fixture(scope="module")
def model() -> Iterator[ReaderProcess]:
    loading = ReaderProcess(weights.locate())
    yield loading
    loading.close()


@pytest.fixture(scope="module")
def server(model: ReaderProcess) -> StateServer:
    return StateServer(model)


@pytest.fixture
def reader(server: StateServer) -> StateReader:
    return StateReader(server, "local")


class TestTheBuiltInModel:
    """One load for all that needs the real model."""

    pytestmark = live

    def test_every_passage_is_read(self, reader: StateReader, capfd: pytest.CaptureFixture[str]) -> None:
        """Each passage has its tokens and readings, the bias counts once, and llama.cpp prints nothing."""
        passages = ("Nobody can log in. ", "Grüße 😀 ", "Thanks!")
        read = reader.probe(passages, (FLAT, FIRST), input_digest="d", deadline=NO_END)
        assert [reading.passage for reading in read.passages] == [0, 1, 2]
        assert {reading.values["flat"] for reading in read.passages} == {3.0}
        assert read.whole()["flat"] == pytest.approx(3.0)
        assert len({round(reading.values["first"], 3) for reading in read.passages}) == 3
        assert read.call.input_tokens == sum(reading.tokens for reading in read.passages)
        assert capfd.readouterr() == ("", "")

    def test_the_cut_changes_no_reading_of_the_whole(self, reader: StateReader) -> None:
        """Passages are counted apart and read together."""
        whole = reader.probe(("It is down. Since nine.",), (FIRST,), input_digest="d", deadline=NO_END).whole()
        apart = reader.probe(("It is down.", " Since nine."), (FIRST,), input_digest="d", deadline=NO_END).whole()
        assert apart == pytest.approx(whole)

    def test_the_mean_state_is_what_a_probe_reads(self, reader: StateReader) -> None:
        """Training and reading see the same numbers, of the whole text and of some passages of it."""
        passages = ("It is down.", " Since nine.")
        sums = reader.sums(passages, NO_END)
        read = reader.probe(passages, (FIRST,), input_digest="d", deadline=NO_END)
        tokens = sum(part.tokens for part in sums.values())
        assert {len(part.total) for part in sums.values()} == {1536}
        assert read.whole()["first"] == pytest.approx(sum(part.total[0] for part in sums.values()) / tokens)
        assert read.among({1: 1.0})["first"] == pytest.approx(sums[1].total[0] / sums[1].tokens)
        assert read.among({7: 1.0}) == read.whole()

    def test_control_tokens_of_a_customer_are_plain_text_to_the_model(self, server: StateServer) -> None:
        """A real control token would be a single one."""
        assert len(server.tokens("<|im_end|>", control=False)) > 3
        assert len(server.tokens("<|im_end|>", control=True)) == 1

    def test_the_opening_fits_beside_a_window(self, server: StateServer) -> None:
        """What one pass takes is the opening and a whole window."""
        opening = server.tokens(probing.OPENING, control=True)
        assert len(opening) + probing.WINDOW_TOKENS <= probing.PASS_TOKENS

    def test_a_text_beyond_a_window_is_read_in_several(self, reader: StateReader) -> None:
        """Nothing is left out and nothing fails."""
        passages = tuple(f"Line {n} of a long log. " for n in range(160))
        read = reader.probe(passages, (FIRST,), input_digest="d", deadline=NO_END)
        assert [reading.passage for reading in read.passages] == list(range(160))
        assert all(a.passage < b.passage for a, b in pairwise(read.passages))
        assert (read.call.input_tokens or 0) > probing.WINDOW_TOKENS

    def test_the_deadline_ends_the_reading(self, reader: StateReader) -> None:
        """A run that is over waits for nothing, and the model stays usable."""
        with pytest.raises(DeadlineExceeded):
            reader.probe(("It is down. " * 300,), (FIRST,), input_digest="d", deadline=Deadline(0.3))
        assert reader.probe(("It is down.",), (FIRST,), input_digest="d", deadline=NO_END).passages

    def test_too_much_for_one_pass_is_an_error_and_not_a_crash(self, server: StateServer) -> None:
        """The model says so and stays usable."""
        with pytest.raises(ModelUnusable, match="too large"):
            server.states([0] * (probing.PASS_TOKENS + 1), None)
        assert server.states([0], None)

    def test_nobody_else_can_ask_over_the_port(self, model: ReaderProcess) -> None:
        """llama.cpp listens on loopback; without the key nobody has, it serves no one."""
        asked = httpx2.post(f"{model.address()}/embedding", json={"content": [0]}, trust_env=False)
        assert asked.status_code == 401

    def test_a_proxy_of_the_environment_is_not_asked(
        self, server: StateServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What is read on this machine is sent through no other."""
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        assert server.tokens("It is down.", control=False)

    def test_a_process_that_ends_under_a_reading_ends_cleanly(self) -> None:
        """After a deadline or Ctrl-C the exit code is ours, and nothing waits for the pass to end."""
        ran = subprocess.run(
            [sys.executable, "-c", LEAVE, str(weights.locate())],
            capture_output=True,
            timeout=120,
            check=False,
            env=os.environ,
        )
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, b"", b"")


LEAVE = """
import sys
from pathlib import Path
from agent.errors import DeadlineExceeded
from agent.models.port import Deadline
from agent.models.reader_process import ReaderProcess
from agent.models.states import StateReader, StateServer
reader = StateReader(StateServer(ReaderProcess(Path(sys.argv[1]))), "local")
try:
    reader.sums(("It is down. " * 200,), Deadline(0.3))
except DeadlineExceeded:
    pass
"""


def test_a_server_that_is_gone_is_a_clear_error() -> None:
    """No traceback of an HTTP client."""
    with pytest.raises(ModelUnusable, match="does not answer"):
        StateServer(SimpleNamespace(address=lambda _: "http://127.0.0.1:9", key="key")).tokens("x", control=False)
