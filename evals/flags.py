"""The flags of `python -m evals`, declared once."""

from pathlib import Path
from typing import Annotated

import typer

from evals import against
from evals.contest import ALL_SUITES

DEFAULT_SUITES = ("engine", "extraction", "end_to_end", "drafting")

Suites = Annotated[
    list[str] | None,
    typer.Argument(metavar="[SUITE]...", help=f"{', '.join(ALL_SUITES)}. [default: {' '.join(DEFAULT_SUITES)}]"),
]
Cases = Annotated[
    list[Path] | None,
    typer.Option(
        "--cases", metavar="PATH", help="Your own cases: a YAML file or a folder; repeatable. [default: golden]"
    ),
]
SplitName = Annotated[str, typer.Option(metavar="NAME", help="test, tune or all; figures that count come from test.")]
Repeat = Annotated[
    int | None, typer.Option(min=1, help="Times each case is asked. [default: 1, with the suite stability 3]")
]
Limit = Annotated[
    int | None, typer.Option(min=1, help="At most so many cases, spread over bands, issue types and languages.")
]
Attacks = Annotated[
    int,
    typer.Option(min=1, help="Attacked copies of each case for the suite attack, besides the benign texts."),
]
Seed = Annotated[int, typer.Option(help="Which attacks are drawn.")]
Concurrency = Annotated[
    int | None,
    typer.Option(min=1, help="Cases at once, for hosted models; a model in this process takes one. [default: 4]"),
]
DeadlineSeconds = Annotated[float | None, typer.Option(metavar="SECONDS", min=0.1, help="Time allowed for one case.")]
Record = Annotated[Path | None, typer.Option(metavar="DIR", help="Keep every model call as a file.")]
Replay = Annotated[Path | None, typer.Option(metavar="DIR", help="Answer from recorded calls, without a model.")]
OnlyRecorded = Annotated[
    bool, typer.Option("--only-recorded", help="With --replay: leave out the cases that the recordings do not hold.")
]
Against = Annotated[
    list[str] | None,
    typer.Option(
        "--against", metavar="NAME", help=f"A baseline to beat in the same run: {', '.join(against.NAMES)}; repeatable."
    ),
]
Json = Annotated[Path | None, typer.Option("--json", metavar="FILE", help="The whole report, for compare and accept.")]
Junit = Annotated[
    Path | None, typer.Option("--junit", metavar="FILE", help="JUnit XML: a failed case is a failed test.")
]
Markdown = Annotated[Path | None, typer.Option("--markdown", metavar="FILE", help="For a pull request's summary.")]
Html = Annotated[Path | None, typer.Option("--html", metavar="FILE", help="One self-contained page with every case.")]
Gate = Annotated[
    bool, typer.Option("--gate/--no-gate", help="Exit with 1 below a threshold, or worse than the accepted report.")
]
ThresholdsFile = Annotated[
    Path | None,
    typer.Option(
        "--thresholds", metavar="FILE", help="What has to be reached. [default: evals/thresholds.yaml, for golden]"
    ),
]
Baseline = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="The accepted report. [default: the model's in evals/baselines, for golden]"),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Ask everything anew; without it an interrupted run continues.")]
