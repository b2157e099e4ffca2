"""Mail files: headers, words, and everything Outlook may do wrong."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from agent.errors import InputError
from agent.intake import read_bytes
from agent.schema import Side


def _mail(body: str = "The export fails since Monday.", **headers: str) -> EmailMessage:
    mail = EmailMessage()
    named = {"From": "Ann Lee <ann@alder.example>", "To": "Bo <bo@ours.example>", "Subject": "Export"} | headers
    for name, value in named.items():
        mail[name] = value
    mail.set_content(body)
    return mail


def test_headers_become_fields() -> None:
    """Author, address, recipients, date and subject are fields; the body is the body."""
    mail = _mail(Date="Mon, 02 Nov 2026 09:15:00 +0000")
    (message,) = read_bytes(mail.as_bytes(), source="a.eml").messages
    assert (message.author, message.address, message.subject) == ("Ann Lee", "ann@alder.example", "Export")
    assert message.to == "To: Bo <bo@ours.example>"
    assert message.sent == datetime(2026, 11, 2, 9, 15, tzinfo=UTC)
    assert message.body == "The export fails since Monday."
    assert message.side is Side.CUSTOMER


def test_a_stored_mail_is_known_without_its_suffix() -> None:
    """Piped in, a mail is told by its own header lines."""
    raw = _mail(**{"Message-ID": "<1@alder.example>"}).as_bytes()
    assert read_bytes(raw, source="stdin").messages[0].subject == "Export"


def test_plain_text_is_preferred_to_html() -> None:
    """Of two alternatives the plain one is read."""
    mail = _mail("plain words")
    mail.add_alternative("<p>html words</p>", subtype="html")
    assert read_bytes(mail.as_bytes(), source="a.eml").messages[0].body == "plain words"


def test_html_alone_is_reduced_to_its_words() -> None:
    """Scripts and styles are not words; rows and paragraphs are lines."""
    mail = _mail()
    mail.set_content(
        "<html><head><title>t</title><style>p {}</style></head><body><p>Guten&nbsp;Tag,</p><div>es <b>klemmt</b>"
        "<br>seit Montag</div><script>alert(1)</script></body></html>",
        subtype="html",
    )
    assert read_bytes(mail.as_bytes(), source="a.eml").messages[0].body == "Guten Tag,\n\nes klemmt\nseit Montag"


def test_attachments_are_named_and_not_read() -> None:
    """What was not read is said."""
    mail = _mail()
    mail.add_attachment(b"secret,rows", maintype="text", subtype="csv", filename="rows.csv")
    situation = read_bytes(mail.as_bytes(), source="a.eml")
    assert "attachment not read: rows.csv" in situation.notes
    assert "secret" not in situation.text


def test_a_mail_inside_the_mail_is_a_message_of_its_own() -> None:
    """A forwarded original keeps its author."""
    mail = _mail("Please see the original.", From="Bo <bo@ours.example>", To="Cy <cy@ours.example>")
    mail.add_attachment(_mail("We stop working tonight."))
    first, second = read_bytes(mail.as_bytes(), source="a.eml").messages
    assert (first.author, first.side) == ("Bo", Side.US)
    assert (second.author, second.side, second.body) == ("Ann Lee", Side.CUSTOMER, "We stop working tonight.")


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: text/plain; charset=x-unknown-8\n",
        b"Content-Type: text/plain; charset=utf-16\n",
        b"Date: Blursday, 99 Nov 2026 99:99\n",
        b"Content-Transfer-Encoding: base65\n",
        b"From: =?bad?q?x?= <<@>\n",
        b"Subject: =?utf-8?b?////?=\n",
        b"To: undisclosed recipients:;\n",
    ],
)
def test_broken_headers_do_not_stop_the_reading(header: bytes) -> None:
    """An unknown charset, an impossible date or a mangled header costs that header at most."""
    situation = read_bytes(header + b"MIME-Version: 1.0\n\nThe export fails.", source="a.eml")
    assert "The export fails." in situation.text
    assert all(message.sent is None for message in situation.messages)


def test_a_mail_without_words_is_refused() -> None:
    """A mail that holds only an attachment cannot be judged."""
    mail = _mail("")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="a.pdf")
    with pytest.raises(InputError, match="holds no text"):
        read_bytes(mail.as_bytes(), source="a.eml")


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: text/plain; charset=undefined\n",
        b"Content-Type: text/plain; charset=punycode\n",
        b'Content-Type: text/plain; charset="\0"\n',
        b"Content-Disposition: inline; x*0*=idna''%ff\n",
        b"To: " + b"(" * 5_000 + b"\n",
        b"To: " + b"a@b.example, " * 60_000 + b"\n",
        b"Subject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n",
    ],
    ids=("undefined", "punycode", "nul", "parameter", "nested comments", "many addresses", "encoded words"),
)
def test_hostile_headers_cost_themselves_at_most(header: bytes) -> None:
    """What the parser cannot read, or only in hours, is cut or left as written."""
    situation = read_bytes(b"From: a@b.example\n" + header + b"MIME-Version: 1.0\n\nThe export fails.", source="a.eml")
    assert "The export fails." in situation.text
    if len(header) > 10_000:
        assert any("read to 10,000 characters only" in note for note in situation.notes)


@pytest.mark.parametrize(
    "nest",
    [
        b"Content-Type: message/rfc822\n\n" * 3_000,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(1_500)),
    ],
    ids=("mails", "multiparts"),
)
def test_a_mail_nested_too_deeply_is_refused_in_one_line(nest: bytes) -> None:
    """No traceback for a mail in a mail in a mail."""
    with pytest.raises(InputError, match="nested too deeply"):
        read_bytes(b"From: a@b.example\nMIME-Version: 1.0\n" + nest + b"\nwords", source="a.eml")


def test_a_byte_order_mark_before_the_headers() -> None:
    """Windows tools put one there; the headers are read all the same."""
    raw = b"\xef\xbb\xbf" + _mail().as_bytes()
    assert read_bytes(raw, source="a.eml").messages[0].author == "Ann Lee"


def test_html_that_was_cut_is_said() -> None:
    """The rest of a huge page is named in the notes."""
    mail = _mail()
    mail.set_content("<p>words</p>" * 30_000, subtype="html")
    assert any("the HTML" in note for note in read_bytes(mail.as_bytes(), source="a.eml").notes)
