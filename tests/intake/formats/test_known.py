"""Which format a file has: content first, suffix second; limits; and whatever the bytes, a situation or one error."""

import json
from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent import intake
from agent.errors import InputError, TriageError
from tests.intake.formats.conftest import FILES
from tests.intake.formats.outlook import msg

SUFFIXES = ("a.txt", "a.eml", "a.mbox", "a.msg", "a.html", "a.json", "a.vtt", "a.srt", "a.rtf", "standard input")


@pytest.mark.parametrize("name", sorted(path.name for path in FILES.iterdir()))
def test_the_content_tells_the_format(read, name):
    """Under a name that says nothing, and under a wrong one, the same messages are read."""
    data = (FILES / name).read_bytes()
    assert intake.read_bytes(data, source="standard input").messages == read(name).messages
    assert intake.read_bytes(data, source="a.md").messages == read(name).messages


def test_a_page_in_its_declared_character_set(read):
    """Scripts are no words, and nothing is loaded."""
    situation = read("page.html")
    assert situation.newest.body == "Der Export schlägt fehl."
    assert situation.newest.address == "jana@alder.example"


def test_utf_16_of_any_text_format():
    """Windows saves exports so."""
    text = (FILES / "zoom.vtt").read_text(encoding="utf-8")
    assert [m.author for m in intake.read_bytes(text.encode("utf-16"), source="a.vtt").messages] == [
        "Bo Ray",
        "Jana Holm",
    ]


@pytest.mark.parametrize(
    ("name", "data", "limit"),
    [
        ("a.txt", b"x" * 1_000_001, "1 MB"),
        ("a.html", b"<html>" + b"x" * 5_000_000, "5 MB"),
        ("a.json", b'{"comments": "' + b"x" * 10_000_000 + b'"}', "10 MB"),
        ("a.eml", b"From: a@b.example\n\n" + b"x" * 30_000_000, "30 MB"),
        ("a.msg", msg(body="x")[:512] + b"x" * 30_000_000, "30 MB"),
    ],
)
def test_every_format_has_its_limit(name, data, limit):
    """Beyond it one line names the limit."""
    with pytest.raises(InputError, match=f"larger than {limit}"):
        intake.read_bytes(data, source=name)


def test_a_mail_may_carry_more_than_its_words():
    """Attachments of some megabytes do not cost the mail."""
    mail = EmailMessage()
    mail["From"] = "Ann Lee <ann@alder.example>"
    mail.set_content("The export fails.")
    mail.add_attachment(b"x" * 3_000_000, maintype="application", subtype="pdf", filename="a.pdf")
    assert intake.read_bytes(mail.as_bytes(), source="a.eml").newest.body == "The export fails."


@pytest.mark.parametrize("page", [b"<html><script>x</script></html>", b"{\\rtf1 }", b"From a\nSubject: x\n\n"])
def test_files_without_words_are_refused(page):
    """Nothing to judge is said, not judged."""
    with pytest.raises(InputError):
        intake.read_bytes(page, source="a")


def _survives(data, name):
    situation, refused = _read_or_refused(data, name)
    assert refused is None or "\n" not in refused
    assert situation is None or situation.messages


def _read_or_refused(data, name):
    try:
        return intake.read_bytes(data, source=name), None
    except TriageError as refused:
        return None, str(refused)


@settings(deadline=None, max_examples=200)
@given(st.binary(max_size=2_000), st.sampled_from(SUFFIXES))
def test_any_bytes_are_a_situation_or_one_error(data, name):
    """No other exception, whatever the file."""
    _survives(data, name)


_NESTED = b"""From - x
From: Ann <a@b.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: base64

SXQgZmFpbHMu
--b
Content-Type: message/rfc822

From: Bo <bo@c.example>
Date: Mon, 2 Nov 2026 09:15 +0000

old words
--b--
"""
_OF_HTML = b"""From: =?utf-8?q?J=C3=B6rg?= <a@b.example>
Content-Type: text/html; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable
Message-ID: <x@y>

<p>Gr=FC=DFe<blockquote>On 2 Nov Ann wrote: x</blockquote>"""
_RICH = b"{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Arial;}} Gr\\'fc\\u228 x\\par It fails.}"
_CORPUS = [*(path.read_bytes() for path in sorted(FILES.iterdir())), _NESTED, _OF_HTML, _RICH]
_PIECES = [b"\n\n", b"--b", b"\0", b"\xff\xfe", b"=?utf-8?b?", b"charset=", b"{", b"[", b'"', b"\\", b"<!--", b"From ", b"-->",
           b"Content-Type: text/rtf\n", b"base64", b"null", b"1e999", b"\xe2\x80", b"00:00:01.000 --> 00:00:02.000"]  # fmt: skip


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(_CORPUS),
    st.lists(st.tuples(st.floats(0, 1), st.integers(0, 40), st.sampled_from(_PIECES)), min_size=1, max_size=8),
    st.sampled_from(SUFFIXES),
)
def test_mutated_files_are_a_situation_or_one_error(data, changes, name):
    """Cut, overwritten and spliced files of every format."""
    for place, length, piece in changes:
        at = int(place * len(data))
        data = data[:at] + piece + data[at + length :]
    _survives(data, name)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None, max_examples=200)
@given(st.sampled_from([path.read_bytes() for path in FILES.glob("*.json")]), st.data())
def test_mutated_exports_are_a_situation_or_one_error(export, data):
    """Any value may stand anywhere in an export."""
    document = json.loads(export)
    for _ in range(data.draw(st.integers(1, 4))):
        node = document
        while isinstance(node, (dict, list)) and node:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = data.draw(st.sampled_from(keys))
            if not isinstance(node[key], (dict, list)) or not node[key] or data.draw(st.booleans()):
                node[key] = data.draw(_VALUES)
                break
            node = node[key]
    _survives(json.dumps(document).encode(), "export.json")


@pytest.mark.parametrize("data", [b"%PDF-1.7 all in letters", b"PK\x03\x04 letters"])
def test_a_document_of_an_office_program_is_named_as_one(data):
    """What is no thread is never read as the CSM's own words."""
    with pytest.raises(InputError, match="copy its text"):
        intake.read_bytes(data, source="offer.pdf")
