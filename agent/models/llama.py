"""llama.cpp. The one module that imports xllamacpp, and only once a model is loaded.

Run as a program it loads a model that reads, says where that listens, and stays until nobody needs it any more:
`python -m agent.models.llama FILE TOKENS`, with the key of the port as the first line of standard input. It imports
next to nothing, so that it loads while the process that started it is still importing its own rooms.
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from agent.errors import ConfigurationError, ModelNotConfigured, TriageError


def load(path: Path, context_tokens: int, key: str, *, states: bool = False) -> Any:  # noqa: ANN401 - no types
    """A GGUF file as a server of llama.cpp. Raises ConfigurationError if it is no model that can be loaded.

    The bindings always listen on a loopback port. With a key nobody has, no other user of the machine can ask there.
    """
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise ConfigurationError(f"{path} is not a GGUF file")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read ({error.strerror})") from error
    # Read when the library is loaded: idle threads sleep instead of taking the cores from everything else.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        import xllamacpp  # noqa: PLC0415 - an extra, and only after the line above
    except ImportError as error:
        from agent.models.weights import INSTALL  # noqa: PLC0415 - only what a process that loads needs is imported

        raise ModelNotConfigured(f"local models need llama.cpp: {INSTALL}") from error
    parameters = _parameters(xllamacpp.CommonParams(), path, context_tokens, key)
    if states:
        parameters.embedding = True
        parameters.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_NONE
        parameters.n_batch = parameters.n_ubatch = context_tokens  # a state is told only for what is read in one go
    try:
        return xllamacpp.Server(parameters)
    except RuntimeError as error:
        raise ConfigurationError(refused(path)) from error


def refused(path: Path) -> str:
    """What is said of a file that llama.cpp does not take."""
    return f"{path} cannot be loaded: it is damaged, or too large for this machine"


def _parameters(parameters: Any, path: Path, context_tokens: int, key: str) -> Any:  # noqa: ANN401 - no types
    parameters.model.path = str(path)
    parameters.n_ctx, parameters.n_parallel = context_tokens, 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = cores
    parameters.verbosity = -1
    parameters.fit_params = False
    parameters.warmup = False  # else an empty pass over all weights, as long as a question, before the first one
    parameters.cache_ram_mib = 0  # else up to 8 GB of old prompts
    parameters.no_extra_bufts = True  # else a second, repacked copy of the weights
    parameters.api_keys = [key]
    parameters.endpoint_slots = parameters.endpoint_props = parameters.ui = False
    return parameters


def _serve(path: Path, context_tokens: int) -> None:
    """One line of what became of it, an address or a fault, then quiet until whoever started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is answered by who started it
    key = sys.stdin.readline().strip()
    try:
        native = load(path, context_tokens, key, states=True)
    except TriageError as error:
        sys.stdout.buffer.write(f"{error}\n".encode())
        return
    print(native.listening_address, flush=True)  # noqa: T201 - this line is the program's answer
    sys.stdin.read()
    os._exit(0)  # it may be in the middle of a pass, and crashes where the interpreter goes first


if __name__ == "__main__":
    _serve(Path(sys.argv[1]), int(sys.argv[2]))
