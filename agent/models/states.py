"""The built-in model as a reader: what it makes of a text, read from the states between its layers.

llama.cpp tells the states of single tokens only over its own HTTP port, which is bound to loopback and takes a key that
nobody else has.
"""

import atexit
import time
from collections.abc import Sequence
from typing import Any

import httpx2

from agent.errors import DeadlineExceeded, ModelUnusable
from agent.models import probing
from agent.models.port import Deadline, Probe, ProbeReadings
from agent.models.probing import State, Token
from agent.schema import CallRecord

Json = dict[str, Any]


class StateServer:
    """A loaded model that tells its states. The process does not end while it reads."""

    def __init__(self, url: str, key: str, *, keep: object) -> None:
        self.url, self._keep = url, keep  # the model lives as long as this
        self._http = httpx2.Client(base_url=url, headers={"Authorization": f"Bearer {key}"})
        self._left_reading = False
        # llama.cpp crashes if the interpreter goes while it works.
        atexit.register(self.close)

    def close(self) -> None:
        """Wait for what still runs: a pass cannot be stopped, and the next one begins after it."""
        if self._left_reading:
            self.states([0], seconds=None)

    def tokens(self, text: str, *, control: bool) -> list[tuple[int, int]]:
        """The number and the width in bytes of every token. Without `control`, control tokens are plain words."""
        body = {"content": text, "with_pieces": True, "add_special": False, "parse_special": control}
        return [(token["id"], _width(token["piece"])) for token in self._post("/tokenize", body)["tokens"]]

    def states(self, numbers: Sequence[int], seconds: float | None) -> list[list[float]]:
        """The state after each token. Raises DeadlineExceeded after `seconds`."""
        self._left_reading = True
        answer: list[list[float]] = self._post("/embedding", {"content": numbers}, seconds)[0]["embedding"]
        self._left_reading = False
        return answer

    def _post(self, path: str, body: Json, seconds: float | None = None) -> Any:  # noqa: ANN401 - JSON of any shape
        try:
            answer = self._http.post(path, json=body, timeout=seconds)
        except httpx2.TimeoutException as error:
            raise DeadlineExceeded("the built-in model did not finish reading within --deadline") from error
        except httpx2.TransportError as error:
            raise ModelUnusable(f"the built-in model does not answer ({error})") from error
        if answer.is_error:
            raise ModelUnusable(f"the built-in model failed: {answer.text[:200]}")
        return answer.json()


def _width(piece: str | list[int]) -> int:
    """Bytes of a token; one that is no text by itself comes as a list of them."""
    return len(piece.encode()) if isinstance(piece, str) else len(piece)


class StateReader:
    """The built-in model: one pass over a text, nothing generated."""

    context_characters = 12_000  # about 40 seconds of reading on two cores

    def __init__(self, server: StateServer, reference: str) -> None:
        self._server, self.reference = server, reference

    def probe(
        self, passages: Sequence[str], probes: Sequence[Probe], *, input_digest: str, deadline: Deadline
    ) -> ProbeReadings:
        """What every probe reads in every passage."""
        del input_digest  # the key of recordings; nothing here depends on it
        started = time.monotonic()
        tokens, states = self._read(passages, deadline)
        call = CallRecord(
            purpose="read",
            model=self.reference,
            prompt=probing.reference(probes),
            input_tokens=len(tokens),
            output_tokens=0,
            cost_usd=0.0,
            seconds=time.monotonic() - started,
        )
        return ProbeReadings(passages=probing.readings(tokens, states, probes), call=call)

    def mean_state(self, text: str, deadline: Deadline) -> list[float]:
        """The mean over the states of all tokens of a text, from which probes are fitted."""
        _, states = self._read((text,), deadline)
        return [sum(column) / len(states) for column in zip(*states, strict=True)]

    def _read(self, passages: Sequence[str], deadline: Deadline) -> tuple[list[Token], list[State]]:
        """Every token with its state. A text beyond one window is read in several, each below the opening."""
        opening = [number for number, _ in self._server.tokens(probing.OPENING, control=True)]
        tokens = probing.placed(self._server.tokens("".join(passages), control=False), passages)
        states: list[State] = []
        for window in probing.windows(tokens):
            numbers = [*opening, *(token.number for token in window)]
            states += self._server.states(numbers, deadline.remaining())[len(opening) :]
        return tokens, states
