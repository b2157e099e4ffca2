"""The tables in tests/README.md say what is measured now."""

import re

from tests.corpus.matrix import cases
from tests.corpus.table import OURS, README, ours, scores, tables


def test_our_column_is_current() -> None:
    """Measured anew, our column is the one in the file; the libraries' columns need the dependency group `corpus`."""
    _, _, after = README.read_text(encoding="utf-8").partition("<!-- corpus tables")
    corpus, _, _ = after.partition("<!-- end of the corpus tables")
    written = [row.split(" | ")[:2] for row in corpus.splitlines() if row.startswith("|")]
    measured = tables({OURS: scores(ours, cases())})
    now = [re.sub(r" \|$", "", row).split(" | ")[:2] for row in measured.splitlines() if row.startswith("|")]
    assert [row for row in written if "---" not in row[0]] == [row for row in now if "---" not in row[0]]
