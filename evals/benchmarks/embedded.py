"""End to end on the embedded model: `python -m evals.benchmarks.embedded`. Prints medians, and who takes which share.

Each run is a process of its own with the weights in the page cache, as a CSM has it from the second time on, and keeps
its triage in a record. Three parts are told apart: the model's calls, loading the model, and everything else. Loading
is measured by itself; everything else is the same run answered from its own recording. Most of it happens while the
model loads, so on the clock, which is what a CSM waits for, it is what the other two parts leave of the run.
Processor time, which other work on the machine does not stretch, adds up.
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

from agent.embedded import judge
from agent.models import probing, weights
from agent.models.port import Deadline
from agent.models.reader_process import ReaderProcess
from agent.models.states import StateReader, StateServer

TRIAGE = Path(sys.executable).parent / "triage"
RUNS = 3
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


def spent() -> Spent:
    """So far, by processes of ours that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(time.perf_counter(), used.ru_utime + used.ru_stime)


def medians(several: list[Spent]) -> Spent:
    return Spent(median(s.wall for s in several), median(s.processor for s in several))


def run(home: str, *flags: str) -> tuple[Spent, bytes]:
    """One triage of the note, with what it took and what it printed. Its record is nobody's own."""
    before = spent()
    command = [TRIAGE, "assess", "-", "--model", "local", "--format", "json", *flags]
    environment = os.environ | {"TRIAGE_DATA_DIR": home}
    done = subprocess.run(command, input=NOTE.encode(), capture_output=True, check=True, env=environment)
    return spent() - before, done.stdout


def load() -> Spent:
    """Loading alone: on the clock until the model listens."""
    before = spent()
    model = ReaderProcess(weights.locate())
    _ = model.address()
    listens = spent()
    model.close()
    return Spent((listens - before).wall, (spent() - before).processor)


def against_the_bare_pass() -> float:
    """How much longer reading takes than the bare pass over the same tokens: the median ratio of neighbouring runs."""
    model = ReaderProcess(weights.locate())
    server = StateServer(model)
    reader, probes = StateReader(server, "local"), judge.load().probes
    tokens = [number for text in (probing.OPENING, NOTE) for number, _ in server.tokens(text, control=True)]
    ratios = []
    for _ in range(RUNS):
        started = time.perf_counter()
        server.states(tokens, None)
        between = time.perf_counter()
        reader.probe(tuple(NOTE.splitlines(keepends=True)), probes, input_digest="none", deadline=Deadline())
        ratios.append((time.perf_counter() - between) / (between - started))
    model.close()
    return median(ratios)


def main() -> None:
    """Print one line per part."""
    whole, loading, rest, answered = [], [], [], []
    with tempfile.TemporaryDirectory() as home:
        run(home)  # makes the record, and brings the weights into the page cache
        for number in range(RUNS):
            kept = str(Path(home, f"calls-{number}"))
            took, printed = run(home, "--record", kept)
            whole.append(took)
            answered.append(sum(call["seconds"] for call in json.loads(printed)["provenance"]["calls"]))
            rest.append(run(home, "--replay", kept)[0])
            loading.append(load())
    total, loaded, calls = medians(whole), medians(loading), median(answered)
    other = Spent(total.wall - loaded.wall - calls, medians(rest).processor)
    reading = Spent(calls, total.processor - loaded.processor - other.processor)
    print(f"{len(NOTE.split())} words: median {total.wall:.1f} s, {total.processor:.1f} s of processor time")
    for name, part in (("model's calls", reading), ("loading the model", loaded), ("everything else", other)):
        print(
            f"{name:18} {part.wall:5.2f} s on the clock ({part.wall / total.wall:.1%}), "
            f"{part.processor:5.2f} s of processor time ({part.processor / total.processor:.1%})"
        )
    print(f"reading takes {against_the_bare_pass():.2f} times the bare pass over the same tokens")


if __name__ == "__main__":
    main()
