"""`triage assess` keeps what it printed; `log`, `show`, `due`, `forget` and `export` give it back."""

import csv
import io
import json
import re
import sqlite3
from contextlib import suppress

import pytest

from tests.cli.recorded import assess, ids
from tests.store.conftest import small_disk

__all__ = ["small_disk"]


def test_every_triage_is_kept_unless_told_not_to(triage, tmp_path):
    """By default yes; not with --no-save, not with the setting, and `triage score` keeps nothing."""
    assert assess(triage, tmp_path).code == 0
    assert assess(triage, tmp_path, (5, 3, 5, 4), "--no-save").code == 0
    assert assess(triage, tmp_path, TRIAGE_SAVE="false").code == 0
    scores = ("--customer-impact", 3, "--account-value", 3, "--time-sensitivity", 3, "--csm-capability", 3)
    assert triage("score", *scores, "--issue-type", "product_defect").code == 0
    assert len(ids(triage)) == 1


def test_the_record_is_where_the_setting_says(triage, tmp_path, environment):
    """TRIAGE_DATA_DIR, else the platform's data directory; TRIAGE_DATABASE_URL beats both."""
    assess(triage, tmp_path, TRIAGE_DATA_DIR=str(tmp_path / "own"))
    assert (tmp_path / "own" / "record.db").exists()
    assess(
        triage, tmp_path, TRIAGE_DATABASE_URL=f"sqlite:///{tmp_path}/team.db", TRIAGE_DATA_DIR=str(tmp_path / "unused")
    )
    assert (tmp_path / "team.db").exists()
    assert not (tmp_path / "unused").exists()
    assess(triage, tmp_path)
    assert list((tmp_path / "home").rglob("record.db"))


@pytest.mark.parametrize("style", ["json", "markdown", "terminal"])
def test_show_prints_the_report_again(triage, tmp_path, style):
    """The same words in every form, and what was said since below them; JSON stays one document."""
    first = assess(triage, tmp_path, (5, 3, 5, 4), "--format", style)
    (key,) = ids(triage)
    triage("verdict", key, "--agree", "--by", "Ada")
    again = triage("show", key, "--format", style)
    assert again.code == 0
    assert again.out.startswith(first.out.rstrip("\n"))
    assert ("Ada: agrees" in again.out) is (style != "json")


def test_the_log_filters_and_speaks_json_and_csv(triage, tmp_path):
    """Deadline, owner and verdict of what stands; a formula in a cell is defused."""
    assess(triage, tmp_path, (2, 2, 2, 2), account="=1+2")
    assess(triage, tmp_path, (5, 5, 5, 5), now="2026-03-14T09:00+01:00")
    severe, mild = ids(triage)
    triage("verdict", severe, "--agree", "--by", "Ada")
    assert [row["id"] for row in triage("log", "--unverified", "--json").json] == [mild]
    assert [row["id"] for row in triage("log", "--band", "escalate_immediately", "--json").json] == [severe]
    assert [row["id"] for row in triage("log", "--since", "2026-03-13", "--json").json] == [severe]
    assert [row["id"] for row in triage("log", "--until", "2026-03-12", "--json").json] == [mild]
    assert [row["id"] for row in triage("log", "--account", "brightwater", "--json").json] == [severe]
    rows = list(csv.DictReader(io.StringIO(triage("log", "--csv").out)))
    assert [row["account"] for row in rows] == ["Brightwater Foods", "'=1+2"]
    assert rows[0]["verdict"] == "agrees (Ada)"
    table = triage("log")
    assert "Brightwater Foods" in table.out
    assert mild in table.out
    assert "1 more" in triage("log", "-n", 1).err


def test_a_cut_list_says_so_in_every_form(triage, tmp_path):
    """Whoever writes the list to a file is told how many are missing from it, and how to get them."""
    assess(triage, tmp_path)
    assess(triage, tmp_path)
    for form in ((), ("--json",), ("--csv",)):
        cut = triage("log", "-n", 1, *form)
        assert "1 more; -n 2 shows all" in cut.err
        assert "more" not in cut.out


@pytest.mark.parametrize("first", "=+-@＝＋－＠")
def test_no_cell_is_a_formula(triage, tmp_path, first):
    """Whatever a spreadsheet would run starts with an apostrophe; some run the full-width signs too."""
    assess(triage, tmp_path, account=f"{first}cmd|' /C calc'!A0")
    (row,) = csv.DictReader(io.StringIO(triage("log", "--csv").out))
    assert row["account"] == f"'{first}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    "arguments",
    [("log", "--account"), ("log", "--search"), ("show",), ("forget", "--yes"), ("agreement", "--model")],
)
def test_what_a_terminal_in_another_encoding_sends_is_told(triage, arguments):
    """One line and exit code 2, no traceback."""
    ran = triage(*arguments, "Caf\udce9")
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch("triage: what was given is not readable as text: .*\n", ran.err)


def test_the_log_is_searched_in_account_and_thread(triage, tmp_path):
    """Each word of the search in the one or the other; what fits nothing is said in words."""
    assess(triage, tmp_path, account="Brightwater Foods")
    assess(triage, tmp_path, (2, 2, 2, 2), account="Globex")
    by_account, by_thread = ("globex",), ("chilled", "brightwater foods chilled")
    assert [row["account"] for row in triage("log", "--search", *by_account, "--json").json] == ["Globex"]
    assert [len(triage("log", "--search", words, "--json").json) for words in by_thread] == [2, 2]
    assert "nothing kept that fits" in triage("log", "--search", "rationale").out


def test_a_full_disk_never_costs_the_triage(triage, tmp_path, small_disk):
    """The report is printed, one line says why it was not kept, exit code 73; with room again it is kept."""
    (small_disk / "ballast").write_bytes(b"x" * 1_000_000)
    assert assess(triage, tmp_path, TRIAGE_DATA_DIR=str(small_disk)).code == 0
    with (small_disk / "stuffing").open("wb", buffering=0) as stuffing, suppress(OSError):
        while True:
            stuffing.write(b"x" * 512)
    full = assess(triage, tmp_path, TRIAGE_DATA_DIR=str(small_disk))
    assert (full.code, full.json["total"]) == (73, 17)
    assert re.search("not kept: the record at .*: the disk is full", full.err)
    (small_disk / "ballast").unlink()
    assert len(ids(triage, TRIAGE_DATA_DIR=str(small_disk))) == 1
    assert assess(triage, tmp_path, TRIAGE_DATA_DIR=str(small_disk)).code == 0
    assert len(ids(triage, TRIAGE_DATA_DIR=str(small_disk))) == 2


def test_due_lists_what_is_due_today_or_overdue(triage, tmp_path):
    """A verdict's deadlines count; an outcome, or a triage that goes on from it, takes a case off the list."""
    assess(triage, tmp_path, (2, 2, 2, 2))
    (key,) = ids(triage)
    assert triage("due", "--now", "2026-03-12T10:00+01:00", "--json").json == []
    word, rule = triage("due", "--now", "2026-03-19T10:00+01:00", "--json").json
    assert (word["what"], word["overdue"]) == ("first word to the customer", True)
    assert (rule["what"], rule["overdue"], rule["by"]) == (
        "standing rule: escalate if still open",
        False,
        "2026-03-19T17:00+01:00",
    )
    triage("verdict", key, "--decision", "escalate_immediately", "--reason", "The board knows.")
    now = triage("due", "--now", "2026-03-12T10:00+01:00", "--json").json
    assert [row["what"] for row in now] == ["first word to the customer", "owner's answer", "customer hears again"]
    assert "overdue" in triage("due", "--now", "2026-03-13T10:00+01:00").out
    triage("outcome", key, "--resolved", "--note", "Rolled back.")
    assert triage("due", "--now", "2026-03-19T10:00+01:00", "--json").json == []
    assert "nothing is due" in triage("due").out


def test_keep_text_none_keeps_no_word_of_the_mail(triage, tmp_path):
    """Neither a quote, nor who wrote it, nor what is new in a thread that goes on; `show` gives the figures."""
    none = {"TRIAGE_KEEP_TEXT": "none", "TRIAGE_DATA_DIR": str(tmp_path / "own")}
    assess(triage, tmp_path, **none)
    (first,) = ids(triage, **none)
    again = assess(triage, tmp_path, (5, 3, 5, 5), "--follows", first, now="2026-03-13T09:00+01:00", **none)
    assert "Jonas" in again.out
    newest, _ = ids(triage, **none)
    shown = triage("show", newest, "--format", "markdown", **none)
    assert (shown.code, "| **Total** | **18** |" in shown.out) == (0, True)
    assert "Brightwater Foods" in shown.out
    kept = b"".join(file.read_bytes() for file in (tmp_path / "own").glob("record.db*"))
    for word in (b"Jonas", b"Weber", b"leaves the building", b"Lindgren", b"The export fails"):
        assert word not in kept


def test_forget_removes_words_and_says_what(triage, tmp_path):
    """Without --yes nobody can be asked in a pipe, so nothing happens; --older-than takes only older ones."""
    assess(triage, tmp_path)
    assess(triage, tmp_path, now="2027-03-12T09:00+01:00")
    young, old = ids(triage)
    asked = triage("forget", old)
    assert (asked.code, "--yes" in asked.err) == (2, True)
    assert "leaves the building" in triage("show", old).out
    done = triage("forget", "--older-than", "10d", "--yes")
    assert done.code == 0
    assert f"{old}: removed the account's name" in done.out
    shown = triage("show", old, "--format", "json")
    assert (shown.json["account"], shown.json["total"]) == (None, 17)
    assert "leaves the building" not in shown.out
    assert "leaves the building" in triage("show", young).out
    assert triage("log", "verify").code == 0
    assert triage("forget").code == 2


def test_log_verify_names_a_change(triage, tmp_path):
    """Exit code 3 and the place of the change; untouched it prints the seal."""
    assess(triage, tmp_path, TRIAGE_DATA_DIR=str(tmp_path))
    fine = triage("log", "verify", TRIAGE_DATA_DIR=str(tmp_path))
    assert (fine.code, "nothing changed; seal" in fine.out) == (0, True)
    raw = sqlite3.connect(tmp_path / "record.db")
    raw.execute("UPDATE entries SET author = 'x'")
    raw.commit()
    raw.close()
    changed = triage("log", "verify", TRIAGE_DATA_DIR=str(tmp_path))
    assert (changed.code, "entry 1 (run): was changed" in changed.out) == (3, True)


def test_export_is_json_lines_and_on_record(triage, tmp_path):
    """One line per triage with its history; that the texts were read is an entry of its own."""
    assess(triage, tmp_path)
    assess(triage, tmp_path)
    lines = [json.loads(line) for line in triage("export").out.splitlines()]
    assert len(lines) == 2
    assert lines[0]["situation"]["text"].startswith("From: Jonas Weber")
    assert [entry["kind"] for entry in lines[0]["history"]] == ["run", "access"]


@pytest.mark.parametrize("place", ["/proc/none", "postgresql://u:secret@127.0.0.1:1/db"])
def test_a_record_that_cannot_be_reached_never_costs_the_triage(triage, tmp_path, place):
    """The report is printed, one line on stderr says why it was not kept, exit code 73; `log` fails with the same code."""
    variables = {"TRIAGE_DATABASE_URL" if "://" in place else "TRIAGE_DATA_DIR": place}
    ran = assess(triage, tmp_path, **variables)
    assert ran.code == 73
    assert ran.json["total"] == 17
    assert len(ran.err.strip().splitlines()) == 1
    assert "not kept" in ran.err
    assert "secret" not in ran.err
    assert triage("log", **variables).code == 73
    assert assess(triage, tmp_path, (5, 3, 5, 4), "--no-save", **variables).code == 0


def test_strict_comes_before_a_failed_save(triage, tmp_path):
    """A human must look (3) is about the triage; that it was not kept is on stderr."""
    ran = assess(triage, tmp_path, (5, 3, 5, 4), "--strict", TRIAGE_DATA_DIR="/proc/none")
    assert (ran.code, "not kept" in ran.err) == (3, True)


def test_what_starts_fast_imports_no_sqlalchemy(triage, tmp_path, environment):
    """`--help` and `triage score` do not pay for the record."""
    scores = ("--customer-impact", 3, "--account-value", 3, "--time-sensitivity", 3, "--csm-capability", 3)
    for command in (("--help",), ("score", *scores, "--issue-type", "product_defect")):
        ran = triage(*command, PYTHONPROFILEIMPORTTIME="1")
        assert ran.code == 0
        assert "import time" in ran.err
        assert "sqlalchemy" not in ran.err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("show", "zzz"), "no kept triage"),
        (("log", "--since", "yesterday"), "--since"),
        (("log", "--json", "--csv"), "exclude each other"),
        (("forget", "--older-than", "soon"), "--older-than"),
        (("verdict", "zzz", "--agree"), "no kept triage"),
        (("verdict", "zzz"), "--agree"),
        (("outcome", "zzz"), "--resolved"),
    ],
)
def test_wrong_words_are_one_line_and_code_2(triage, arguments, told):
    """What, where, what to do; never a traceback."""
    ran = triage(*arguments)
    assert (ran.code, len(ran.err.strip().splitlines())) == (2, 1)
    assert told in ran.err


@pytest.mark.parametrize(
    "command", ["show", "verdict", "outcome", "log verify --bad", "export cases --bad", "due --bad"]
)
def test_a_misused_command_names_its_own_help(triage, command):
    """The line leads to the help of the command that was meant, not to the list of all."""
    ran = triage(*command.split())
    name = command.removesuffix(" --bad")
    assert (ran.code, len(ran.err.strip().splitlines())) == (2, 1)
    assert f"see `triage {name} --help`" in ran.err


def test_the_replayed_source_is_kept(triage, tmp_path):
    """A replayed run is kept as what it is."""
    assess(triage, tmp_path)
    (key,) = ids(triage)
    assert triage("show", key, "--format", "json").json["provenance"]["source"] == "authored"
