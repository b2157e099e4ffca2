"""What the documents repeat of the code is generated from it, or proved here. `python -m tests.test_documents` rewrites."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from agent import policy
from agent.cli import COMMANDS, command
from agent.errors import ExitCode
from agent.schema import Band

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
TRIAGE = Path(sys.executable).parent / "triage"


def block(name, text):
    """What stands after a marker: a fenced block's inside, or everything up to the next heading."""
    after = text.split(f"<!-- {name} -->\n", 1)[1]
    fence = re.match(r"`{3,}", after)
    if fence:
        return after.split("\n", 1)[1].split(
            f"\n{fence[0]}\n" if not after.split("\n", 1)[1].startswith(fence[0]) else fence[0]
        )[0]
    return after.split("\n## ")[0].strip()


def help_text(*command):
    run = subprocess.run(
        [TRIAGE, *command, "--help"], capture_output=True, text=True, check=True, env=os.environ | {"COLUMNS": "80"}
    )
    return run.stdout.rstrip()


def bands_table():
    rules = policy.load_default().bands
    rows = [f"| {rules[b].from_}-{rules[b].to} | {rules[b].label} | {rules[b].meaning} |" for b in Band]
    return "\n".join(["| Total | Decision | Meaning |", "|---|---|---|", *rows])


def test_the_help_block_is_the_help():
    """The README shows what `triage assess --help` prints."""
    assert block("help", README.read_text()) == help_text("assess")


def test_the_bands_are_the_policys():
    """No threshold is written a second time by hand."""
    assert block("bands", README.read_text()) == bands_table()


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented(name):
    """A command that the README does not name does not exist for a CSM; its line in the list is its own help's."""
    assert f"triage {name}" in README.read_text()
    assert name in help_text()
    own = " ".join(command(name).help.split("\n\n")[0].split()).rstrip(".")
    assert COMMANDS[name].help.rstrip(".").split(",")[0].split(";")[0].split(" in the ")[0] in own, own


def test_every_exit_code_is_documented():
    """The table and the code agree."""
    table = README.read_text().split("## Exit codes")[1].split("## ")[0]
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", table, re.MULTILINE)} == {int(code) for code in ExitCode}


def test_documents_name_no_host_of_a_package_registry():
    """The project speaks of itself alone."""
    for document in (README, ROOT / "CHANGELOG.md", ROOT / "evals" / "README.md"):
        assert not re.search(r"pypi\.org|pythonhosted|/work/|/root/", document.read_text()), document


def rewrite():
    text = README.read_text()
    text = re.sub(
        r"(<!-- help -->\n```text\n).*?(```\n)",
        lambda m: m[1] + help_text("assess") + "\n" + m[2],
        text,
        flags=re.DOTALL,
    )
    text = re.sub(r"(<!-- bands -->\n).*?(\n## )", lambda m: m[1] + bands_table() + "\n" + m[2], text, flags=re.DOTALL)
    README.write_text(text)


if __name__ == "__main__":
    rewrite()
