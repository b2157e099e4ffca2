import socket
import subprocess

import httpx2
import pytest

from agent.store import Store
from tests.cli.conftest import TRIAGE
from tests.web import cases


@pytest.fixture
def data(environment, tmp_path):
    """A record with one triage, where the command looks for it; its id."""
    environment["TRIAGE_DATA_DIR"] = str(tmp_path / "data")
    with Store(tmp_path / "data" / "record.db") as store:
        return cases.keep(store)


def test_the_printed_link_opens_the_pages(data, environment, tmp_path):
    """One line on standard output; the link works once, under the name that was given, and Ctrl-C ends it well."""
    command = [TRIAGE, "review", "--no-open", "--by", "Ada"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, text=True
    ) as server:
        link = server.stdout.readline().strip()
        with httpx2.Client(follow_redirects=True, timeout=120) as client:
            page = client.get(link)
        assert page.status_code == 200
        assert "Reviewing as <b>Ada</b>" in page.text
        assert "Nordlicht Logistik" in page.text
        server.send_signal(2)
        out, err = server.communicate(timeout=120)
    assert (server.returncode, out) == (0, "")
    assert "opens the review pages once" in err
    assert "Traceback" not in err


def test_one_case_as_a_file(data, triage, tmp_path):
    """Self-contained, and the reading is in the case's history."""
    (tmp_path / "case.html").touch(0o644)
    ran = triage("review", "--html", data[:7], "-o", "case.html")
    assert (ran.code, ran.out) == (0, "")
    assert (tmp_path / "case.html").stat().st_mode & 0o777 == 0o600
    assert "Nordlicht Logistik" in (tmp_path / "case.html").read_text()
    with Store(tmp_path / "data" / "record.db") as store:
        assert store.history(data)[-1].how == "html"


def test_a_file_without_words_does_not_claim_them(data, triage, tmp_path):
    """Of a forgotten case the file holds figures, and both the line and the file say so."""
    assert "the customer's words" in triage("review", "--html", data, "-o", "before.html").err
    triage("forget", data, "--yes")
    ran = triage("review", "--html", data, "-o", "after.html")
    assert (ran.code, "no text of this case is kept" in ran.err) == (0, True)
    page = (tmp_path / "after.html").read_text()
    assert "customer's words" not in ran.err + page
    assert "no text of this case is kept" in page


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--host", "0.0.0.0"), "this machine only"),
        (("--html", "abc"), "belong together"),
        (("-o", "x.html"), "belong together"),
        (("--html", "abcdef0", "-o", "x.html"), "no kept triage"),
        (("--port", "70000"), "--port"),
    ],
)
def test_what_cannot_be_is_told_in_one_line(data, triage, arguments, told):
    """Exit code 2, and nothing is served."""
    ran = triage("review", *arguments)
    assert ran.code == 2
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_the_lone_file_is_its_owners_alone(data, triage, tmp_path):
    """It holds the customer's words."""
    assert triage("review", "--html", data, "-o", "case.html").code == 0
    assert (tmp_path / "case.html").stat().st_mode & 0o077 == 0


def test_a_file_that_cannot_be_written(data, triage):
    """The path is named."""
    ran = triage("review", "--html", data[:7], "-o", "nowhere/case.html")
    assert ran.code == 2
    assert "nowhere/case.html" in ran.err


def test_a_taken_port_is_told(data, triage):
    """With the way out."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ran = triage("review", "--no-open", "--port", taken.getsockname()[1])
    assert ran.code == 2
    assert "any free one" in ran.err


def test_the_extra_is_named_where_it_is_missing(data, environment, tmp_path):
    """Without Starlette the command says what to install, and no other command needs it."""
    hidden = "import sys; sys.modules['starlette'] = None; from agent.cli import main; main()"
    command = [TRIAGE.parent / "python", "-c", hidden, "review", "--no-open"]
    ran = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=120, check=False)
    assert ran.returncode == 2
    assert "pip install 'escalation-triage[web]'" in ran.stderr
    assert "Traceback" not in ran.stderr
