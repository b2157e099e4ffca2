"""`python -m evals`: flags, files and exit codes. `run` is what stands there when no command is named."""

import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from agent.cli import options, wiring
from agent.cli import settings as user_settings
from agent.cli.terminal import errors
from agent.errors import ConfigurationError, ExitCode, TriageError
from evals import accepted, case_schema, flags, gates, new, signing, thresholds
from evals import calibrate as calibrating
from evals import lint as linting
from evals import plan as planning
from evals.asking import Asking
from evals.cases import GOLDEN, Split, load
from evals.contest import Setting
from evals.gates import Accepted, Checked
from evals.plan import Plan
from evals.reports import compare as comparison
from evals.reports import json_form, terminal
from evals.reports.files import Files, write
from evals.results import Report
from evals.suites import engine

WORSE = 1  # the exit code of a missed gate, and of a set of cases with errors in it

app = typer.Typer(
    name="evals",
    help="Did the decisions get better or worse? `python -m evals [SUITE...]` is short for `python -m evals run`.",
    no_args_is_help=False,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command(name="run")
def run(  # noqa: PLR0913 - one parameter per flag
    suites: flags.Suites = None,
    *,
    model: options.Model = None,
    base_url: options.BaseUrl = None,
    cases: flags.Cases = None,
    split: flags.SplitName = Split.TEST.value,
    repeat: flags.Repeat = None,
    limit: flags.Limit = None,
    attacks: flags.Attacks = 4,
    seed: flags.Seed = 1,
    concurrency: flags.Concurrency = None,
    deadline: flags.DeadlineSeconds = None,
    record: flags.Record = None,
    replay: flags.Replay = None,
    only_recorded: flags.OnlyRecorded = False,
    beat: flags.Against = None,
    policy_file: options.PolicyFile = None,
    json_file: flags.Json = None,
    junit_file: flags.Junit = None,
    markdown_file: flags.Markdown = None,
    html_file: flags.Html = None,
    gate: flags.Gate = True,
    thresholds_file: flags.ThresholdsFile = None,
    baseline: flags.Baseline = None,
    fresh: flags.Fresh = False,
) -> None:
    """Measure a model on labelled cases.

    Examples:
      python -m evals engine --split all
      python -m evals --model openai/gpt-5-mini --limit 12 --html report.html
      python -m evals extraction end_to_end --replay recordings --against rules
    """
    settings = user_settings.load()
    policy = wiring.policy(policy_file, settings)
    names, every = planning.suites(suites, beat), load(cases or [GOLDEN])
    # Everything that can be wrong with a flag or file is found before a model is asked.
    files = Files(json_file, junit_file, markdown_file, html_file)
    files.check()
    rules = thresholds.chosen(thresholds_file, golden=not cases)
    before = json_form.load(baseline) if baseline else None
    asking = Asking(model, base_url, record, replay, only_recorded, fresh, concurrency)
    setting = Setting(policy, (), split, deadline, wiring.calibration(settings))
    source = None if names == (engine.NAME,) else asking.source(setting, settings)
    chosen = planning.chosen(every, policy, split=split, limit=limit, recorded=source if only_recorded else None)
    plan = Plan(
        names, replace(setting, cases=chosen), every, tuple(beat or ()), repeat=repeat, attacks=attacks, seed=seed
    )
    report = plan.report(source)
    if before is None and not cases:
        before = accepted.find(report)
    held = Accepted(before, plan.cases, policy) if before else None
    checked = gates.check(report, rules, held) if gate else None
    _show(report, checked)
    files.write(report, plan.cases, policy=policy, checked=checked)
    if checked and checked.findings:
        raise typer.Exit(WORSE)


@app.command(name="new")
def new_case(
    file: Annotated[
        str | None, typer.Argument(metavar="[FILE]", help="Whatever `triage assess` reads; nothing or - to paste it.")
    ] = None,
    *,
    into: Annotated[Path, typer.Option(metavar="DIR", help="Where the case is written; give it to --cases.")] = Path(),
    policy_file: options.PolicyFile = None,
) -> None:
    """Start a case from a pasted thread: shows it and asks for the labels.

    Examples:
      python -m evals new
      python -m evals new thread.eml --into our-cases
    """
    path = new.start(file, into, wiring.policy(policy_file, user_settings.load()))
    typer.echo(path)


@app.command()
def lint(*, cases: flags.Cases = None, policy_file: options.PolicyFile = None) -> None:
    """Find copies, label slips and unbalanced sets; exit with 1 on errors.

    Example:
      python -m evals lint --cases our-cases
    """
    findings = linting.lint(load(cases or [GOLDEN]), wiring.policy(policy_file, user_settings.load()))
    for finding in findings:
        typer.echo(finding)
    wrong = sum(finding.severity is linting.Severity.ERROR for finding in findings)
    errors.print(f"{wrong} errors, {len(findings) - wrong} warnings")
    if wrong:
        raise typer.Exit(WORSE)


@app.command()
def schema() -> None:
    """Write the JSON schema of cases anew, after a change of the case model."""
    typer.echo(case_schema.write())


@app.command()
def compare(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="A report written with --json.")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="Another one.")],
    *,
    html_file: Annotated[
        Path | None, typer.Option("--html", metavar="FILE", help="The page with every change.")
    ] = None,
    cases: flags.Cases = None,
    policy_file: options.PolicyFile = None,
) -> None:
    """Set two reports side by side: what was lost and gained, and whether chance explains it.

    Examples:
      python -m evals compare before.json after.json
      python -m evals compare before.json after.json --html comparison.html
    """
    policy = wiring.policy(policy_file, user_settings.load())
    by_id = {case.id: case for case in load(cases or [GOLDEN])}
    earlier, later = json_form.load(before), json_form.load(after)
    sides = comparison.sides(earlier, later)
    typer.echo(terminal.compared(sides.passes, sides.decisions(by_id, policy)))
    if sides.elsewhere:
        typer.echo(f"Not compared, as BEFORE measured it in another run: {', '.join(sides.elsewhere)}.", err=True)
    if html_file:
        write(html_file, comparison.render(earlier, later, by_id, policy=policy))


@app.command()
def accept(report: Annotated[Path, typer.Argument(metavar="REPORT", help="A report written with --json.")]) -> None:
    """Make a report the one that later runs of its model are held against; other suites stay as they were.

    Example:
      python -m evals accept report.json
    """
    path = accepted.accept(json_form.load(report))
    errors.print(f"accepted: {accepted.told(json_form.load(path))}", soft_wrap=True)
    typer.echo(path)


@app.command()
def sign(
    recordings: Annotated[Path, typer.Argument(metavar="DIR", help="A folder of recordings.")],
    *,
    policy_file: options.PolicyFile = None,
) -> None:
    """Declare hand-written answers current, once you have read them against the prompt and policy of today.

    Example:
      python -m evals sign evals/recordings/hosted-authored
    """
    count = signing.sign(recordings, wiring.policy(policy_file, user_settings.load()))
    typer.echo(f"{count} hand-written answers are signed")


app.command()(calibrating.calibrate)


@app.command()
def distil(
    *,
    read: Annotated[bool, typer.Option("--read", help="First let the model read what it has not read.")] = False,
) -> None:
    """Train the embedded judge's weights from the training texts and the `tune` cases.

    Examples:
      python -m evals distil
      python -m evals distil --read
    """
    try:
        from evals import distil as training  # noqa: PLC0415 - numpy and scipy, an extra
    except ImportError as error:
        raise ConfigurationError("training needs numpy and scipy: pip install -e '.[local,fit]'") from error
    training.distil(training.States(), read=read)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line; without a command it is `run`. A known fault is one line on stderr, never a traceback."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    commands = {command.name or command.callback.__name__ for command in app.registered_commands if command.callback}
    if not given or given[0] not in {*commands, "--help"}:
        given = ["run", *given]
    try:
        code = app(given, prog_name="python -m evals", standalone_mode=False)
    except TriageError as error:
        _say(str(error))
        code = error.exit_code
    except (typer.Abort, KeyboardInterrupt):
        code = ExitCode.INTERRUPTED
    except typer.TyperException as error:
        _say(f"{error.format_message().rstrip('.')}; see `python -m evals --help`")
        code = ExitCode.USAGE
    if code == ExitCode.INTERRUPTED:  # typer makes a number of Ctrl-C itself
        _say("interrupted; the same command continues where it stopped" if given[0] == "run" else "interrupted")
    sys.exit(int(code or 0))


def _show(report: Report, checked: Checked | None) -> None:
    """At a terminal as wide as it is and in colour; into a pipe as wide as the table needs."""
    interactive = sys.stdout.isatty()
    width = shutil.get_terminal_size().columns if interactive else None
    typer.echo(terminal.render(report, checked=checked, width=width, colour=interactive))


def _say(words: str) -> None:
    typer.echo(f"evals: {' '.join(words.split())}", err=True)
