"""The built-in model as a reader: what it makes of a text, read from the states between its layers.

llama.cpp tells the states of single tokens only over its own HTTP port, which is bound to loopback and takes a key that
nobody else has.
"""

import json
import time
from collections.abc import Sequence
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from typing import Any, Protocol
from urllib.parse import urlsplit

from agent.errors import DeadlineExceeded, ModelUnusable
from agent.models import probing
from agent.models.port import Deadline, Probe, ProbeReadings
from agent.models.probing import State, StateSum, Token
from agent.schema import CallRecord

Json = dict[str, Any]


class Listening(Protocol):
    """Where a loaded model listens, and the key to its port."""

    key: str

    def address(self, seconds: float | None = None) -> str: ...


class StateServer:
    """A loaded model that tells its states. The first question waits until it is loaded."""

    def __init__(self, model: Listening) -> None:
        self._model = model

    def tokens(self, text: str, seconds: float | None = None, *, control: bool) -> list[tuple[int, int]]:
        """The number and the width in bytes of every token. Without `control`, control tokens are plain words.

        Raises DeadlineExceeded after `seconds`.
        """
        body = {"content": text, "with_pieces": True, "add_special": False, "parse_special": control}
        return [(token["id"], _width(token["piece"])) for token in self._post("/tokenize", body, seconds)["tokens"]]

    def states(self, numbers: Sequence[int], seconds: float | None) -> list[list[float]]:
        """The state after each token. Raises DeadlineExceeded after `seconds`."""
        answer: list[list[float]] = self._post("/embedding", {"content": numbers}, seconds)[0]["embedding"]
        return answer

    def _post(self, path: str, body: Json, seconds: float | None) -> Any:  # noqa: ANN401 - JSON of any shape
        """Straight to the port: what is read here goes through no proxy."""
        connection = HTTPConnection(urlsplit(self._model.address(seconds)).netloc, timeout=seconds)
        try:
            connection.request("POST", path, json.dumps(body), {"Authorization": f"Bearer {self._model.key}"})
            answer = connection.getresponse()
            words = answer.read()
        except TimeoutError as error:
            raise DeadlineExceeded("the built-in model did not finish reading within --deadline") from error
        except (OSError, HTTPException) as error:
            raise ModelUnusable(f"the built-in model does not answer ({error})") from error
        finally:
            connection.close()
        if answer.status != HTTPStatus.OK:
            raise ModelUnusable(f"the built-in model failed: {words.decode(errors='replace')[:200]}")
        return json.loads(words)


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

    def sums(self, passages: Sequence[str], deadline: Deadline) -> dict[int, StateSum]:
        """The states of every passage, summed over its tokens: what probes are fitted on."""
        return probing.summed(*self._read(passages, deadline))

    def _read(self, passages: Sequence[str], deadline: Deadline) -> tuple[list[Token], list[State]]:
        """Every token with its state. A text beyond one window is read in several, each below the opening."""
        opening = [number for number, _ in self._server.tokens(probing.OPENING, deadline.remaining(), control=True)]
        told = self._server.tokens("".join(passages), deadline.remaining(), control=False)
        tokens = probing.placed(told, passages)
        states: list[State] = []
        for window in probing.windows(tokens):
            numbers = [*opening, *(token.number for token in window)]
            states += self._server.states(numbers, deadline.remaining())[len(opening) :]
        return tokens, states
