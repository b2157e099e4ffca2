"""CPU seconds of the commands that need no model: `python -m evals.benchmarks.startup`. Prints medians and ratios."""

import resource
import statistics
import subprocess
import sys
from pathlib import Path

TRIAGE = Path(sys.executable).parent / "triage"
BUDGET_CPU_SECONDS = 0.4
RUNS = 9
COMMANDS = {
    "triage --help": ["--help"],
    "triage score": [
        "score", "--customer-impact", "3", "--account-value", "5", "--time-sensitivity", "3",
        "--csm-capability", "4", "--issue-type", "product_defect",
    ],
}  # fmt: skip


def cpu_seconds(arguments: list[str]) -> float:
    """User and system time of one run, so that other work on the machine counts little."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([TRIAGE, *arguments], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    for name, arguments in COMMANDS.items():
        median = statistics.median(cpu_seconds(arguments) for _ in range(RUNS))
        print(f"{name:16} median {median:.2f} s CPU, ratio to budget {median / BUDGET_CPU_SECONDS:.2f}")


if __name__ == "__main__":
    main()
