"""End to end on the embedded model: `python -m evals.benchmarks.embedded`. Prints medians, and who takes which share.

Each run is a process of its own with the weights in the page cache, as a CSM has it from the second time on. Three
parts are told apart: the model's calls, loading the model, and everything else. Loading is a process that does nothing
but load, less one that only imports; everything else is the same run answered from its own recording. Shares are of
processor time, which other work on the machine does not stretch, and of the clock, which is what a CSM waits for.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from agent.embedded import judge
from agent.models import gguf, probing, weights
from agent.models.port import Deadline
from agent.models.states import StateReader

TRIAGE = Path(sys.executable).parent / "triage"
RUNS = 3
IMPORT = "from agent.models import gguf, weights"
LOAD = f"{IMPORT}; gguf.load_states(weights.locate())"
NOTE = """Call note, Tuesday. Harbour Lane Dental, eleven practices, EUR 36,000 a year. Since the update on Monday the
reminder texts to patients go out in the middle of the night. About forty patients complained at the front desks, two
practices have switched the reminders off and phone people instead, which costs them an hour a day each. Nobody is
blocked and no appointment was lost so far. Imogen, who runs operations, is calm about it but wants a date: on Friday
she reports to the owners, and would like to tell them when it is solved. Support confirmed the bug on Monday evening
(ticket HL-2207) and says that the scheduler team owns it, nobody there has answered yet. I cannot change the scheduler
myself, I only see the log. I told Imogen that I am on it. My gut feel: it will be fine if somebody picks it up by
Thursday, otherwise we look careless in front of her owners.
"""


class Spent(NamedTuple):
    """Seconds on the clock and of the processor."""

    wall: float
    processor: float

    def __sub__(self, other: "Spent") -> "Spent":
        return Spent(self.wall - other.wall, self.processor - other.processor)


def run(*command: str | Path) -> tuple[Spent, bytes]:
    """One process, with what it took and what it printed."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(command, input=NOTE.encode(), capture_output=True, check=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime), done.stdout


def medians(spent: list[Spent]) -> Spent:
    return Spent(median(s.wall for s in spent), median(s.processor for s in spent))


def against_the_bare_pass() -> float:
    """How much longer reading takes than the bare pass over the same tokens: the median ratio of neighbouring runs."""
    server = gguf.load_states(weights.locate())
    reader, probes = StateReader(server, "local"), judge.load().probes
    tokens = [number for text in (probing.OPENING, NOTE) for number, _ in server.tokens(text, control=True)]
    ratios = []
    for _ in range(RUNS):
        started = time.perf_counter()
        server.states(tokens, None)
        between = time.perf_counter()
        reader.probe(tuple(NOTE.splitlines(keepends=True)), probes, input_digest="none", deadline=Deadline())
        ratios.append((time.perf_counter() - between) / (between - started))
    return median(ratios)


def main() -> None:
    """Print one line per part."""
    assess = (TRIAGE, "assess", "-", "--model", "local", "--format", "json")
    whole, loading, rest, answered = [], [], [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory() as kept:
            spent, printed = run(*assess, "--record", kept)
            whole.append(spent)
            answered.append(sum(call["seconds"] for call in json.loads(printed)["provenance"]["calls"]))
            rest.append(run(*assess, "--replay", kept)[0])
        loading.append(run(sys.executable, "-c", LOAD)[0] - run(sys.executable, "-c", IMPORT)[0])
    total, load, other = medians(whole), medians(loading), medians(rest)
    calls = Spent(median(answered), total.processor - load.processor - other.processor)
    print(f"{len(NOTE.split())} words: median {total.wall:.1f} s, {total.processor:.1f} s of processor time")
    for name, part in (("model's calls", calls), ("loading the model", load), ("everything else", other)):
        print(
            f"{name:18} {part.processor:5.2f} s of processor time ({part.processor / total.processor:.1%}), "
            f"{part.wall:5.2f} s ({part.wall / total.wall:.1%})"
        )
    print(f"reading takes {against_the_bare_pass():.2f} times the bare pass over the same tokens")


if __name__ == "__main__":
    main()
