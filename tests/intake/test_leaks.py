"""Our own words never pass for the customer's: a doubt ends as unknown."""

import pytest

from agent.intake import read_text
from agent.schema import Side

MAIL = "From: Ann Lee, Alder\nTo: Bo (CSM)\n\nThe export fails for all of us.\n\n"
TWO_HOUSES = "From: Bo Ray <bo@ours.example>\nTo: Ann Lee <ann@alder.example>\n\n{}\n\nFrom: Ann Lee <ann@alder.example>\nTo: Bo Ray <bo@ours.example>\n\n{}"  # a thread


def _customers(text: str) -> str:
    return read_text(text).bodies(Side.CUSTOMER)


def _side_of(text: str, words: str) -> Side:
    (side,) = {message.side for message in read_text(text).messages if words in message.body}
    return side


@pytest.mark.parametrize(
    "note",
    [
        "Notiz B.R.: SECRET",
        "[note] SECRET, they are small",
        "Note pour moi : SECRET",
        "Note : SECRET",
        "nota: SECRET",
        "Contract record: SECRET",
        "[from the account page: SECRET, nobody asks about them]",
        "[Alder, SECRET, small]",
        "(Alder is small. SECRET)",
        "(danach) Ich weiß es nicht, SECRET.",
        "=> SECRET, she exaggerates",
        "Bo -> Head of CS, 10:40\nSECRET",
        "Small. They pay EUR 9,100 a year. SECRET",
        "> Support, 15 May: restored, SECRET",
    ],
)
def test_a_remark_below_the_customers_mail(note: str) -> None:
    """Brackets, arrows, note labels and revenue end the customer's words."""
    assert _customers(MAIL + note) == "The export fails for all of us."


def test_a_remark_after_the_name() -> None:
    """Whole sentences below a signed mail are somebody else's; the signature is not."""
    text = MAIL + "Best regards\nAnn Lee\nAlder Ltd\n\nShe always exaggerates and I think it is her own fault."
    assert _customers(text) == "The export fails for all of us."
    assert any((message.signature or "").endswith("Alder Ltd") for message in read_text(text).messages)
    assert _side_of(text, "exaggerates") is Side.CSM_NOTE


def test_a_note_in_an_unpunctuated_call() -> None:
    """A line that starts with my note needs no colon."""
    assert "540" not in _customers("ann: it fails\ncsm: ok\nann: nice\nmy note 540 eur a month small")


def test_two_houses_that_nobody_tells_apart() -> None:
    """Without a supplier's words neither domain is the customer's."""
    text = TWO_HOUSES.format("Thanks, noted. It is a concern.", "It takes long. I have raised it.")
    assert {message.side for message in read_text(text).messages} == {Side.UNKNOWN}


def test_two_houses_of_which_one_speaks_as_supplier() -> None:
    """The house that apologises and looks into it is ours."""
    text = TWO_HOUSES.format("Sorry for the trouble, our engineers look into it.", "Your export fails again.")
    assert _customers(text) == "Your export fails again."


def test_the_house_of_the_support_desk_is_ours() -> None:
    """Whoever answers under support@ is the supplier."""
    text = TWO_HOUSES.replace("To: Bo Ray <bo@ours.example>", "To: support@ours.example").format("Hm.", "It fails.")
    assert _customers(text) == "It fails."


def test_a_third_house_is_not_the_customer() -> None:
    """A partner who writes along stays unknown."""
    text = TWO_HOUSES.format("Our engineers look into it, sorry for that.", "Your export fails.")
    third = "\n\nFrom: Pat <pat@partner.example>\nTo: Bo Ray <bo@ours.example>\n\nShe did it herself.\n\nCSM Bo: hm"
    assert _side_of(text + third, "She did it herself") is Side.UNKNOWN
    assert _customers(text + third) == "Your export fails."


@pytest.mark.parametrize("author", ["Bo Ray (to himself)", "Rita Voss, Finance", "Cy (legal)", "Dee (reply all)"])
def test_an_office_is_no_company(author: str) -> None:
    """Only a company behind the name makes a customer."""
    assert "credit" not in _customers(f"From: {author}\n\nMaybe a credit, keep it quiet.\n\n{MAIL}")


def test_a_quoted_header_with_words_on_its_line() -> None:
    """In "From: Bo, Thu: Dear Ann" the rest are words, and Bo is not a customer of that name."""
    text = "From: Ann Lee, Alder\nFri 9:00\n\nIt fails.\n\nFrom: Bo\nTo: Cy\nFri 10:00\n\nShe is on our wall.\n\n> From: Bo, Thu: Dear Ann, hello"  # a thread
    assert _customers(text) == "It fails."


def test_a_field_of_a_form_is_no_speaker() -> None:
    """Client among the fields of a ticket is not the customer speaking."""
    assert "county" not in _customers("TICKET 12 / type: complaint\nClient: Alder, knows the county\n\nCSM: all fine.")


@pytest.mark.parametrize("label", ["Customer success", "Customer record", "Client services note"])
def test_labels_that_only_start_with_the_customer(label: str) -> None:
    """Customer success is us, a customer record is ours."""
    assert "SECRET" not in _customers(f"{label}: SECRET\ncustomer: it fails\nsupport: hm\ncustomer: still")


def test_revenue_is_not_the_customers_to_tell() -> None:
    """What the account pays is written among us, unless its payer says it."""
    assert not _customers("From: Bo\n\nThey are on ARR EUR 40k.")
    assert _customers("From: Ann\n\nWe pay you EUR 40,000 a year and it fails.")


def test_one_mail_in_a_suppliers_words() -> None:
    """A single mail of ours is not the customer's."""
    assert not _customers("From: Bo\nTo: Ann\n\nSorry for the trouble, our engineers look into it.")


def test_today_is_nobodys_name() -> None:
    """Two senders with the same day in their heading stay two persons."""
    text = "From: Ann Lee (Alder)  3 May\n\nA wish.\n\nFrom: Bo (CSM)  today, 08:10\n\nNoted.\n\nFrom: Ann Lee  today, 08:50\n\nIt fails."  # a thread
    assert _side_of(text, "It fails.") is Side.CUSTOMER


def test_a_weekday_in_brackets_is_no_author() -> None:
    """A bracketed day and time before the words names nobody."""
    authors = {message.author for message in read_text("[ma 08:20] Hallo daar\n[ma 09:05] CSM: dank\n").messages}
    assert "ma" not in authors


def test_a_line_with_no_speaker_inside_a_message() -> None:
    """A colon in the first line of a message does not hand it to the speaker before."""
    text = (
        "Mon 14:02 [customer]\nI am cross.\n\nMon 14:30 [csm]\nasked why. Answer: she is fed up.\n\nTue 9:00 [csm]\nhm"
    )
    assert _customers(text) == "I am cross."
