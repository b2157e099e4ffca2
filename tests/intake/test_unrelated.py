"""Files of different customers given together are read, and the reader is told."""

from email.message import EmailMessage

import pytest

from agent.intake import read_files
from agent.schema import OwnCompany

OURS = OwnCompany(domains=("ours.example",))


def _mail(sender: str, to: str, *, subject: str, body: str = "It still fails.", answers: str = "") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"], mail["Message-ID"] = "Mon, 02 Nov 2026 09:15:00 +0000", f"<{subject.replace(' ', '.')}@mail.example>"
    if answers:
        mail["In-Reply-To"] = answers
    mail.set_content(body)
    return mail.as_bytes()


ALDER = _mail("Ann Lee <ann@alder.example>", "Bo Ray <bo@ours.example>", subject="Export")
BIRCH = _mail("Pia Lund <pia@birch.example>", "Bo Ray <bo@ours.example>", subject="Invoice")


def _warned(*files: bytes, company: OwnCompany = OURS) -> str | None:
    notes = read_files([(f"{n}.eml", data) for n, data in enumerate(files)], company=company).notes
    return next((note for note in notes if "different customers" in note), None)


@pytest.mark.parametrize("company", [OURS, OwnCompany()])
def test_two_customers(company: OwnCompany) -> None:
    """Nothing links the files: each is named with its house, and both are read. The house that both write to is ours."""
    warned = _warned(ALDER, BIRCH, company=company)
    assert warned is not None
    assert "0.eml (alder.example), 1.eml (birch.example)" in warned
    assert len(read_files([("a.eml", ALDER), ("b.eml", BIRCH)], company=company).messages) == 2


@pytest.mark.parametrize(
    "other",
    [
        _mail("Cy <cy@alder.example>", "Bo Ray <bo@ours.example>", subject="Invoice"),
        _mail("Pat <pat@partner.example>", "Bo Ray <bo@ours.example>", subject="AW: Export"),
        _mail("Pat <pat@partner.example>", "Bo <bo@ours.example>", subject="Hm", answers="<Export@mail.example>"),
        _mail("Pat <pat@partner.example>", "Ann Lee <ann@alder.example>", subject="Hm"),
        _mail("Pat <pat@partner.example>", "Bo <bo@ours.example>", subject="Hm", body="Alder cannot ship."),
        _mail("Cy <cy@ours.example>", "Bo <bo@ours.example>", subject="Hm", body="Who owns this?"),
        b"They are small, but the board asks about them.",
    ],
)
def test_what_links_two_files(other: bytes) -> None:
    """The same house, subject, id or recipient, a house named in the words, our own mail, and the CSM's note."""
    assert _warned(ALDER, other) is None


def test_people_at_a_mailbox_for_everybody() -> None:
    """Two customers with one provider of mail are two houses."""
    one, two = (_mail(f"{name}@gmail.com", "bo@ours.example", subject=name) for name in ("marthe", "ferdinand"))
    assert _warned(one, two) is not None
    assert _warned(one, one) is None


def test_the_third_file_is_named_only_where_it_is_a_stranger() -> None:
    """Files that belong together stay unnamed beside the note that fits neither."""
    warned = _warned(ALDER, BIRCH, b"I cannot fix it myself.")
    assert warned is not None
    assert "2.eml" not in warned
