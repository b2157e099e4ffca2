"""Mail files: headers, words, and everything Outlook may do wrong."""

import base64
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
    mail.set_content("<p>words</p>" * 170_000, subtype="html")
    assert any("the HTML" in note for note in read_bytes(mail.as_bytes(), source="a.eml").notes)


@pytest.mark.parametrize(
    ("charset", "declared", "text", "note"),
    [
        ("utf-8", "utf-8", "Größe fehlt.", None),
        ("cp1250", "windows-1250", "Dzień dobry, łączę pozdrowienia.", None),
        ("iso2022_jp", "iso-2022-jp", "月曜日から失敗しています。", None),
        (
            "cp1252",
            "utf-8",
            "Größe fehlt, wir können nichts ausliefern.",
            "read as cp1252, as the declared one (utf-8)",
        ),
        ("utf-8", "us-ascii", "Größe fehlt.", "read as utf-8, as the declared one (us-ascii)"),
        ("koi8-r", "x-unknown", "Добрый день, экспорт не работает с понедельника.", "read as koi8-r"),
        ("cp1252", None, "Größe fehlt, wir können nichts ausliefern.", "read as cp1252, as none was declared"),
        ("shift_jis", None, "月曜日からエクスポートが失敗しています。", "read as cp932, as none was declared"),
    ],
)
def test_the_character_set_declared_or_found(charset: str, declared: str | None, text: str, note: str | None) -> None:
    """What the header says is tried first; where it does not fit, what fits is taken and said."""
    kind = f"Content-Type: text/plain; charset={declared}\n" if declared else ""
    head = f"From: a@b.example\nMIME-Version: 1.0\n{kind}Content-Transfer-Encoding: 8bit\n\n".encode()
    situation = read_bytes(head + text.encode(charset), source="a.eml")
    assert situation.newest.body == text
    told = [line for line in situation.notes if line.startswith("character set")]
    assert not told if note is None else note in told[0]


@pytest.mark.parametrize("encoding", [b"base64", b"quoted-printable", b"x-uuencode", b"8bit", b"gzip"])
def test_a_wrong_transfer_encoding_still_gives_words(encoding: bytes) -> None:
    """A body that is not encoded as the header says is read as it stands, or refused in one line."""
    raw = b"From: a@b.example\nMIME-Version: 1.0\nContent-Transfer-Encoding: " + encoding + b"\n\nThe export fails.\n"
    assert "The export fails." in read_bytes(raw, source="a.eml").text


def test_a_multipart_without_its_boundaries() -> None:
    """What the boundary was meant to part is text all the same."""
    raw = b"From: a@b.example\nMIME-Version: 1.0\nContent-Type: multipart/mixed\n\n--x\nContent-Type: text/plain\n\nIt fails.\n"
    assert "It fails." in read_bytes(raw, source="a.eml").text


def test_twenty_forwards_deep() -> None:
    """Every mail in a mail is a message with its author."""
    mail = _mail("Words of 0.", From="P0 <p0@alder.example>")
    for n in range(1, 21):
        outer = _mail(f"Words of {n}.", From=f"P{n} <p{n}@alder.example>")
        outer.add_attachment(mail)
        mail = outer
    messages = read_bytes(mail.as_bytes(), source="a.eml").messages
    assert [m.address for m in messages] == [f"p{n}@alder.example" for n in range(20, -1, -1)]
    assert [m.body for m in messages] == [f"Words of {n}." for n in range(20, -1, -1)]


def test_a_newsletter_of_a_megabyte_is_read_to_its_end() -> None:
    """Rows, styles and a picture inside the page: the words are read, the letters of the picture are none."""
    row = "<tr><td style='font-family:Arial;padding:4px 8px'>Item {}</td><td><a href='https://x.example/{}'>more</a></td></tr>"
    picture = f"<img src='data:image/png;base64,{'iVBORw0K' * 20_000}'>"
    mail = _mail()
    rows = "".join(row.format(n, n) for n in range(8_000))
    mail.set_content(f"<html><body>{picture}<table>{rows}</table><p>The end.</p></body></html>", subtype="html")
    situation = read_bytes(mail.as_bytes(), source="a.eml")
    assert len(mail.as_bytes()) > 1_000_000
    assert "Item 7999 more" in situation.text
    assert situation.newest.body.endswith("The end.")
    assert "iVBORw0K" not in situation.text


def test_inline_images_are_named() -> None:
    """A picture in the text is named like an attachment and never opened."""
    mail = _mail()
    mail.add_attachment(
        b"\x89PNG", maintype="image", subtype="png", filename="image001.png", cid="<1@x>", disposition="inline"
    )
    assert "inline image not read: image001.png" in read_bytes(mail.as_bytes(), source="a.eml").notes


def test_what_html_quotes_is_marked_as_quoted() -> None:
    """A quotation in a block of its own keeps its depth, so that an answer below it is the writer's."""
    mail = _mail()
    mail.set_content(
        "<div>No.</div><br><div class='gmail_quote'><div>On Mon, 2 Nov 2026 at 09:15, Bo Ray &lt;bo@ours.example&gt; wrote:</div>"
        "<blockquote>Did you restart it?</blockquote></div>",
        subtype="html",
    )
    messages = read_bytes(mail.as_bytes(), source="a.eml").messages
    assert [(m.author, m.body) for m in messages] == [("Ann Lee", "No."), ("Bo Ray", "Did you restart it?")]


def test_plain_words_below_a_body_in_base64_do_not_spoil_it() -> None:
    """A mailing list puts its footer below the encoded body; both are read."""
    body = base64.encodebytes(
        b"The export has been failing since Monday, and month-end is tomorrow. Please help."
    ).decode()
    head = "From: a@b.example\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
    words = read_bytes(f"{head}{body}\n_____\nTo leave this list: no!\n".encode(), source="m.eml").text
    assert "failing since Monday" in words
    assert "To leave this list: no!" in words


@pytest.mark.parametrize(
    "words", ["Hello\nThe export fails every day\nThanks\nAnn Lee", "Hello\nfails\nagain\nplease\nhelp"]
)
def test_bare_words_said_to_be_in_base64_are_words(words: str) -> None:
    """No encoder writes lines that short, so letters alone are not taken for an encoded body, nor for its beginning."""
    head = "From: a@b.example\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
    footer = "_____\nTo leave this list: no!"
    assert words in read_bytes(f"{head}{words}\n".encode(), source="m.eml").text
    assert words in read_bytes(f"{head}{words}\nwordword\n{footer}\n".encode(), source="m.eml").text


@pytest.mark.parametrize("wrapped", [64, 76, 10_000])
def test_a_body_in_base64_is_decoded_at_any_width_that_encoders_write(wrapped: int) -> None:
    """Lines of 64 or 76 characters, or one line."""
    written = base64.b64encode(b"The export has been failing since Monday, and month-end is tomorrow. Please help." * 3)
    lines = "\n".join(written.decode()[n : n + wrapped] for n in range(0, len(written), wrapped))
    head = "From: a@b.example\nContent-Type: text/plain\nContent-Transfer-Encoding: base64\n\n"
    assert "failing since Monday" in read_bytes(f"{head}{lines}\n".encode(), source="m.eml").text
