"""Kept triages through the installed command, answered from hand-written recordings."""

import json

from tests.builders import extraction
from tests.cli.conftest import EXAMPLES, NOW, authored, read

THREAD = EXAMPLES / "cold-chain.eml"
QUOTE = "at the moment nothing chilled\nleaves the building"
LATER = """From: Jonas Weber <j.weber@brightwaterfoods.example>
To: Maya Lindgren <maya.lindgren@parcelwise.example>
Date: Mon, 23 Mar 2026 09:05:00 +0100
Subject: Re: Cold chain labels (PW-4471)
Message-ID: <later@brightwaterfoods.example>

Nothing has moved. We lost another truck on Friday, and nothing chilled leaves the building.

"""


def answered(directory, path, scores, *, quote=QUOTE, **fields):
    """Recordings that score the file so."""
    answer = extraction(scores, **({"account": "Brightwater Foods"} | fields)).model_dump(mode="json")
    answer["customer_impact"]["quotes"] = [quote]
    return authored(directory, read(path), "extract", answer)


def assess(triage, tmp_path, scores=(5, 3, 5, 4), *arguments, now=NOW, account="Brightwater Foods", **variables):
    """Assess the example thread without drafts; the run as it ended."""
    answers = answered(tmp_path / f"answers-{'-'.join(map(str, scores))}", THREAD, scores, account=account)
    flags = ("--replay", answers, "--no-draft", "--now", now, "--format", "json")
    return triage("assess", THREAD, *flags, *arguments, **variables)


def ids(triage, **variables):
    """The ids of the kept triages, newest first."""
    return [row["id"] for row in json.loads(triage("log", "--json", **variables).out)]


def later_mail(tmp_path):
    """A later mail of the same thread, quoting the example below."""
    body = THREAD.read_text().partition("\n\n")[2]
    mail = tmp_path / "later.eml"
    mail.write_text(LATER + "\n".join(f"> {line}" for line in body.splitlines()) + "\n")
    return mail
