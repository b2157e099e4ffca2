"""From a mail folder to messages: `python -m evals.benchmarks.intake`. Prints medians, the slope and the peak memory.

Every folder is one thread of generated mails with 10 kB each on average, as mail programs store them: a plain text, the
same as HTML, and every fifth one quotes the mail before it. Each run is a process of its own, so that the peak is its.
"""

import json
import random
import resource
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

from agent import intake

SIZES_MB = (1, 2, 5, 10)
MAILS_PER_MB = 100
RUNS = 3
_WORDS = [
    "the",
    "export",
    "fails",
    "since",
    "monday",
    "and",
    "our",
    "drivers",
    "wait",
    "at",
    "gate",
    "because",
    "labels",
    "print",
    "without",
    "temperature",
    "so",
    "we",
    "cannot",
    "ship",
    "please",
    "tell",
    "us",
    "when",
    "it",
    "will",
    "be",
    "fixed",
    "board",
    "asks",
    "again",
    "who",
    "owns",
    "this",
    "ticket",
    "now",
    "customers",
    "call",
    "every",
    "hour",
]
_PEOPLE = ("Ann Lee <ann@alder.example>", "Bo Ray <bo@ours.example>")


def folder(megabytes: int) -> bytes:
    """A thread of the size, always the same."""
    chance = random.Random(megabytes)  # noqa: S311 - no secret depends on it
    pieces, before, at = list[bytes](), "", datetime(2026, 1, 5, 8, 0, tzinfo=UTC)
    for n in range(megabytes * MAILS_PER_MB):
        at += timedelta(minutes=37)
        sentences = (" ".join(chance.choices(_WORDS, k=14)).capitalize() + "." for _ in range(24))
        body = "\n".join(sentences)
        quoted = f"\n\nOn {at:%a, %d %b %Y} at 08:00, {_PEOPLE[1 - n % 2]} wrote:\n" + "\n".join(
            f"> {line}" for line in before.split("\n")
        )
        pieces += [
            b"From - Mon Jan  5 08:00:00 2026\n",
            _mail(n, body + (quoted if n and n % 5 == 0 else ""), at),
            b"\n",
        ]
        before = body
    return b"".join(pieces)


def _mail(n: int, body: str, at: datetime) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"] = _PEOPLE[n % 2], _PEOPLE[1 - n % 2]
    mail["Date"], mail["Subject"], mail["Message-ID"] = format_datetime(at), "Re: Export fails", f"<{n}@alder.example>"
    mail.set_content(body)
    style = "font-family:Calibri,Arial,sans-serif;font-size:11pt;color:#1f1f1f;margin:0cm 0cm 8pt 0cm"
    mail.add_alternative(
        "".join(f'<p class="MsoNormal" style="{style}">{line}</p>' for line in body.split("\n")), subtype="html"
    )
    return mail.as_bytes()


def one(megabytes: int) -> None:
    """One run: what it took, as JSON."""
    data = folder(megabytes)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, used = time.perf_counter(), time.process_time()
    situation = intake.read_bytes(data, source="folder.mbox")
    told = {
        "bytes": len(data),
        "messages": len(situation.messages),
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - used,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "start_mb": before / 1024,
    }
    print(json.dumps(told))


def main() -> None:
    """One line per size: medians, and the ratio to what the smallest one takes per megabyte."""
    first = 0.0
    for megabytes in SIZES_MB:
        runs = [
            json.loads(
                subprocess.run(
                    [sys.executable, "-m", __spec__.name, str(megabytes)], capture_output=True, check=True
                ).stdout
            )
            for _ in range(RUNS)
        ]
        seconds, cpu = (statistics.median(run[key] for run in runs) for key in ("seconds", "cpu"))
        size, peak = runs[0]["bytes"] / 1e6, max(run["peak_mb"] for run in runs)
        first = first or cpu / size
        print(
            f"{size:5.1f} MB, {runs[0]['messages']:5} messages: median {seconds:.2f} s ({cpu:.2f} s CPU), "
            f"{cpu / size:.2f} s CPU per MB, ratio to the smallest {cpu / size / first:.2f}, "
            f"peak {peak:.0f} MB, of which {peak - runs[0]['start_mb']:.0f} MB above the start"
        )


if __name__ == "__main__":
    one(int(sys.argv[1])) if len(sys.argv) > 1 else main()
