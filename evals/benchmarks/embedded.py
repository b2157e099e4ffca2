"""End to end on the embedded model: `python -m evals.benchmarks.embedded`. Prints medians and the share of the model.

Each run is a process of its own with the weights in the page cache, as a CSM has it from the second time on.
"""

import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

TRIAGE = Path(sys.executable).parent / "triage"
RUNS = 5
NOTE = """Call note, Tuesday. Harbour Lane Dental, eleven practices, EUR 36,000 a year. Since the update on Monday the
reminder texts to patients go out in the middle of the night. About forty patients complained at the front desks, two
practices have switched the reminders off and phone people instead, which costs them an hour a day each. Nobody is
blocked and no appointment was lost so far. Imogen, who runs operations, is calm about it but wants a date: on Friday
she reports to the owners, and would like to tell them when it is solved. Support confirmed the bug on Monday evening
(ticket HL-2207) and says that the scheduler team owns it, nobody there has answered yet. I cannot change the scheduler
myself, I only see the log. I told Imogen that I am on it. My gut feel: it will be fine if somebody picks it up by
Thursday, otherwise we look careless in front of her owners.
"""


def main() -> None:
    totals, models = [], []
    for _ in range(RUNS):
        started = time.perf_counter()
        done = subprocess.run(
            [TRIAGE, "assess", "-", "--model", "local", "--format", "json"],
            input=NOTE.encode(), capture_output=True, check=True,
        )  # fmt: skip
        totals.append(time.perf_counter() - started)
        provenance = json.loads(done.stdout)["provenance"]
        models.append(sum(call["seconds"] for call in provenance["calls"]))
    total, model = statistics.median(totals), statistics.median(models)
    rest = statistics.median(t - m for t, m in zip(totals, models, strict=True))
    print(f"{len(NOTE.split())} words: median {total:.1f} s, of which the model {model:.1f} s")
    print(f"start, loading and everything that is not the model call: {rest:.1f} s, {rest / total:.0%} of the run")


if __name__ == "__main__":
    main()
