"""Who speaks, and that nobody is guessed."""

import pytest

from agent.intake import read_text
from agent.schema import OwnCompany, Side


def _sides(text: str) -> list[tuple[str | None, Side]]:
    return [(message.author, message.side) for message in read_text(text).messages]


def test_free_text_is_the_csms_own() -> None:
    """A text in which nobody announces themselves is the CSM's note."""
    assert _sides("Alder is furious about the export. I tried twice.") == [(None, Side.CSM_NOTE)]


def test_a_mail_and_a_comment() -> None:
    """One mail is the customer's, the comment below it the CSM's and the newest."""
    text = "From: Ann Lee, Alder\nSubject: export\n\nit fails\n\nCSM comment: EUR 4k a year."
    assert _sides(text) == [("CSM comment", Side.CSM_NOTE), ("Ann Lee, Alder", Side.CUSTOMER)]


def test_a_person_stays_on_their_side() -> None:
    """Whoever signs the note is ours in every mail; the company once named counts for every mail."""
    text = (
        "From: Ann Lee, Alder\nTue 10:00\nit fails\n\nFrom: Bo\nTue 09:00\nsince when?\n\n"
        "From: Ann Lee\nMon 17:00\nhello?\n\nNote Bo: EUR 4k a year."
    )
    assert [side for _, side in _sides(text)] == [Side.CSM_NOTE, Side.CUSTOMER, Side.US, Side.CUSTOMER]


def test_the_domain_that_writes_to_itself_is_ours() -> None:
    """In a forward with a private line on top, the topmost internal mail shows whose house it is."""
    text = (
        "From: Bo <bo@ours.example>\nTo: Cy <cy@ours.example>\n\nprivately, see below\n\n"
        "From: Ann <ann@alder.example>\nTo: Bo <bo@ours.example>\n\nit fails"
    )
    assert _sides(text) == [("Bo", Side.US), ("Ann", Side.CUSTOMER)]


@pytest.mark.parametrize(
    ("label", "side"),
    [
        ("customer", Side.CUSTOMER),
        ("Kunde", Side.CUSTOMER),
        ("support", Side.US),
        ("CSM", Side.US),
        ("Engineering", Side.US),
        ("note", Side.CSM_NOTE),
        ("Petra", Side.UNKNOWN),
    ],
)
def test_labels_of_a_ticket(label: str, side: Side) -> None:
    """A role says the side; a bare name does not."""
    text = f"03 Nov, {label}: it fails\n04 Nov, customer: still\n05 Nov, Quinn: hm"
    assert (label, side) in _sides(text)


def test_a_call_with_the_customer() -> None:
    """The only other voice in a call with the CSM is the customer."""
    text = "CSM: hello\nAnn: it fails\nCSM: since when?\nAnn: Monday"
    assert {side for author, side in _sides(text) if author == "Ann"} == {Side.CUSTOMER}


def test_an_internal_channel() -> None:
    """Everybody in an internal channel is one of us."""
    assert {side for author, side in _sides("#int-alder\nBo 09:02: it fails\nCy 09:03: again?") if author} == {Side.US}


def test_unknown_is_said() -> None:
    """Two bare names in a chat stay unknown, and a note says so."""
    situation = read_text("Bo 09:02: it fails\nCy 09:03: again?")
    assert {message.side for message in situation.messages} == {Side.UNKNOWN}
    assert any("could not be told" in note for note in situation.notes)


OURS = OwnCompany(name="Ours Software", domains=("ours.example",))


def _with_settings(text: str) -> list[Side]:
    return [message.side for message in read_text(text, company=OURS).messages]


@pytest.mark.parametrize(
    "author",
    [
        "Bo Ray <bo@ours.example>",
        "Bo Ray <bo@mail.ours.example>",
        "Bo Ray (Ours Software)",
        "Bo Ray <bo@oursoftware.example>",
    ],
)
def test_the_company_of_the_settings(author: str) -> None:
    """Its domains, what is below them, its name behind a person; a domain that is merely like it is not ours."""
    told = _with_settings(f"From: {author}\n\nNoted.\n\nFrom: Cy\n\nHm.")
    assert told[0] is (Side.UNKNOWN if "oursoftware" in author else Side.US)


def test_the_company_in_a_signature() -> None:
    """Who signs with our company is one of us."""
    assert (
        _with_settings("Hi Ann,\nit is fixed.\n\nBest\nBo Ray\nOurs Software\n\nAnn Lee wrote:\n> it fails")[0]
        is Side.US
    )


def test_a_company_that_was_inferred_is_said_to_be() -> None:
    """The note names the domain; with the setting there is nothing to say."""
    text = "From: Bo <bo@ours.example>\nTo: Cy <cy@ours.example>\n\nsee below\n\nFrom: Ann <ann@alder.example>\nTo: Bo <bo@ours.example>\n\nit fails"
    assert any("taken for your company, by what the text says: ours.example" in note for note in read_text(text).notes)
    assert not any("taken for" in note for note in read_text(text, company=OURS).notes)


def test_a_chat_in_which_revenue_is_named() -> None:
    """No customer reads along where somebody says what the account pays."""
    assert set(_with_settings("Bo 09:02: Alder pays EUR 40k a year\nCy 09:03: since when?\nBo 09:04: May")) == {Side.US}


@pytest.mark.parametrize(
    "text",
    [
        "Vera: EUR 40k a year and you cut us off\nLeo: Nobody here can\nVera: then who?",
        "Ann 09:02: your support is asleep\nBo 09:03: sorry\nBo 09:04: internal: EUR 40k a year\nAnn 09:05: hello?",
        "Filip @ School 09:02: late again\nZoe (CSM) 09:03: I see\nFilip 09:04: fine\nZoe (note) 09:05: MRR 3,100",
    ],
)
def test_revenue_in_a_talk_with_the_customer(text: str) -> None:
    """A call, a customer who says you, and a private remark among the lines leave the others unknown."""
    assert not any(m.side is Side.US and m.author in {"Vera", "Ann", "Filip"} for m in read_text(text).messages)


def test_guests_of_a_chat() -> None:
    """Beside people of ours whoever is marked as a guest is the customer's, and stays so without the mark."""
    text = "Ann (Guest) 09:02: it fails\nBo (CSM) 09:03: since when?\nAnn 09:04: Monday"
    assert [side for author, side in _sides(text)] == [Side.CUSTOMER, Side.US, Side.CUSTOMER]


def test_a_reply_that_greets_the_customer_is_ours() -> None:
    """On top of the customer's mail, and only then: whose mail it answers must be known."""
    mail = "On Mon, 2 Nov 2026 at 09:15, Ann Lee <ann@alder.example> wrote:\n> it fails\n"
    assert _sides(f"Hi Ann,\n\nit is fixed.\n\n{mail}")[0] == (None, Side.US)
    assert _sides(f"It is fixed.\n\n{mail}")[0] == (None, Side.UNKNOWN)


def test_the_csms_own_name_of_the_settings() -> None:
    """In a chat the CSM is ours by name; who bears it with another company or address is somebody else."""
    csm = OwnCompany(csm="Bo Ray")
    chat = "Bo 09:02: since when?\nAnn 09:03: Monday\nBo 09:04: noted"
    told = {m.author: m.side for m in read_text(chat, company=csm).messages}
    assert told["Bo"] is Side.US
    assert {m.side for m in read_text(chat).messages} == {Side.UNKNOWN}
    other = read_text("From: Bo Ray <bo@alder.example>\n\nit fails\n\nFrom: Cy\n\nHm.", company=csm)
    assert Side.US not in {m.side for m in other.messages if m.author == "Bo Ray"}
