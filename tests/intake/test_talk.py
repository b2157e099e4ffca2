"""Who speaks in a chat that marks who is of another house."""

import json

import pytest

from agent import intake
from agent.schema import OwnCompany, Side, Situation

MARKED = """Dana Ruiz (External)
  10:02 AM
The export is down again since Monday.

Mia Berg
  10:05 AM
Looking, one moment.
"""


def _sides(situation: Situation) -> dict[str | None, Side]:
    return {message.author: message.side for message in situation.messages}


def _said(author: dict[str, object], words: str, minute: int) -> dict[str, object]:
    return {"messageType": "message", "createdDateTime": f"2026-01-05T10:{minute:02}:00Z", "from": {"user": author},
            "body": {"contentType": "text", "content": words}}  # fmt: skip


def test_the_mark_external_tells_both_sides_and_is_told() -> None:
    """Teams and Slack Connect mark who is not of the reader's house; that this was relied on stands in the notes."""
    situation = intake.read_text(MARKED)
    assert _sides(situation) == {"Dana Ruiz (External)": Side.CUSTOMER, "Mia Berg": Side.US}
    assert "taken for yours, as the chat marks who is external: Mia Berg" in situation.notes
    assert "taken for the customer's, as the chat marks who is external: Dana Ruiz (External)" in situation.notes


def test_a_guest_alone_tells_nothing() -> None:
    """We may be the guests of the customer's workspace, so a guest is nobody's until one of ours is known."""
    situation = intake.read_text(MARKED.replace("External", "Guest"))
    assert set(_sides(situation).values()) == {Side.UNKNOWN}


def test_where_the_csm_is_the_external_one_the_chat_is_the_customers() -> None:
    """The mark is turned round by who is known to be ours."""
    text = MARKED.replace("Dana Ruiz", "Mia Lund").replace("Mia Berg", "Dana Ruiz")
    situation = intake.read_text(text, company=OwnCompany(csm="Mia Lund"))
    assert _sides(situation) == {"Mia Lund (External)": Side.US, "Dana Ruiz": Side.CUSTOMER}
    beside = f"{text}\nPat Noll (External)\n  10:07 AM\nThe connector runs.\n"
    assert _sides(intake.read_text(beside, company=OwnCompany(csm="Mia Lund")))["Pat Noll (External)"] is Side.UNKNOWN


@pytest.mark.parametrize("mark", [{"is_stranger": True}, {}])
def test_a_slack_export_names_the_workspace_of_everybody(mark: dict[str, bool]) -> None:
    """Who is of another workspace than the exported one is external; mail addresses go with the names."""
    users = [
        {"id": "U1", "team_id": "T2", "real_name": "Dana Ruiz", "profile": {"email": "dana@brook.example"}, **mark},
        {"id": "U2", "team_id": "T1", "real_name": "Mia Berg", "profile": {"email": "mia@ours.example"}},
        {"id": "U3", "team_id": "T2", "real_name": "Cy Dorn", "is_stranger": True},
    ]
    said = [
        {"type": "message", "user": "U1", "text": "the export is down", "ts": "1767000000.1", "user_team": "T2"},
        {"type": "message", "user": "U2", "text": "looking", "ts": "1767000100.1", "user_team": "T1"},
    ]
    files = [("general.json", json.dumps(said).encode()), ("users.json", json.dumps(users).encode())]
    situation = intake.read_files(files)
    told = {"Dana Ruiz": Side.CUSTOMER, "Mia Berg": Side.US}
    assert _sides(situation) == (told if mark else dict.fromkeys(told, Side.UNKNOWN))
    assert [message.address for message in situation.messages] == ["mia@ours.example", "dana@brook.example"]


@pytest.mark.parametrize(("house", "told"), [("brook", (Side.CUSTOMER, Side.US)), ("partner", (Side.UNKNOWN,) * 2)])
def test_strangers_of_two_houses_are_not_told_apart(house: str, told: tuple[Side, Side]) -> None:
    """One of them may be a partner, and we may be either: nobody is told. Of one house, both are the customer's."""
    addresses = {"Dana": "d@brook.example", "Cy": f"c@{house}.example"}
    users: list[dict[str, object]] = [{"id": "U0", "team_id": "T1", "real_name": "Mia"}]
    for n, (name, address) in enumerate(addresses.items(), 1):
        users.append({"id": f"U{n}", "real_name": name, "is_stranger": True, "profile": {"email": address}})
    said = [
        {"type": "message", "user": f"U{n}", "text": f"words number {n}", "ts": f"176700000{n}.1"} for n in range(3)
    ]
    files = [("general.json", json.dumps(said).encode()), ("users.json", json.dumps(users).encode())]
    assert _sides(intake.read_files(files)) == {"Dana": told[0], "Cy": told[0], "Mia": told[1]}


@pytest.mark.parametrize(("home", "mia"), [("t1", Side.US), ("", Side.UNKNOWN)])
def test_a_teams_export_marks_who_is_of_another_tenant(home: str, mia: Side) -> None:
    """Graph says who is of another organisation; where it does not say whose the chat is, nobody of a tenant is told."""
    node = {
        "tenantId": home,
        "value": [
            _said({"displayName": "Dana Ruiz", "userIdentityType": "federatedUser"}, "the export is down", 0),
            _said({"displayName": "Mia Berg", "userIdentityType": "aadUser", "tenantId": "t1"}, "looking", 3),
            _said({"displayName": "Bo Ray", "userIdentityType": "aadUser"}, "same here", 4),
        ],
    }
    situation = intake.read_bytes(json.dumps(node).encode(), source="chat.json")
    assert _sides(situation) == {"Dana Ruiz": Side.CUSTOMER, "Mia Berg": mia, "Bo Ray": Side.UNKNOWN}


def _chat(**said: str) -> str:
    """A copied chat: who speaks, an underscore for each space, bears the mark where the name ends in one."""
    heads = {name: name.strip("_").replace("_", " ") + (" (External)" if name.endswith("_") else "") for name in said}
    return "\n".join(f"{heads[name]}\n  10:{n:02} AM\n{said[name]}\n" for n, name in enumerate(said))


@pytest.mark.parametrize(
    ("chat", "reason"),
    [
        (
            _chat(
                Nora_Quist_="Sorry about that, our support reproduced it.",
                Priya_Raman="Your export is down again, this is unacceptable.",
            ),
            "speaks like a supplier",
        ),
        (
            _chat(Nora_Quist_="One moment please.", Priya_Raman="Your export is down again, this is unacceptable."),
            "who would be one of us speaks like a customer",
        ),
        (
            _chat(Tom_Berg_="I think we should not tell the customer yet.", Mia_Lund="Agreed."),
            "does not read along",
        ),
        (_chat(Tom_Berg_="Sie warten noch.", Mia_Lund="Der Kunde ist wütend."), "does not read along"),
        (_chat(Tom_Berg_="They will find out, let them wait.", Mia_Lund="Agreed."), "does not read along"),
        (_chat(Tom_Berg_="The queue leaks.", Mia_Lund="Agreed, they are furious."), "does not read along"),
        (_chat(Tom_Berg_="The queue leaks.", Mia_Lund="This one pays us EUR 60k a year."), "does not read along"),
        (
            _chat(
                Dana_Ruiz_="The export is down again.",
                Pat_Noll_="Our integration people check the connector.",
                Mia_Lund="One moment.",
            ),
            "of more than one company",
        ),
    ],
)
def test_a_mark_against_which_anything_speaks_tells_nobody(chat: str, reason: str) -> None:
    """The chat may be the customer's own, and who is external a partner; the reader is told why no side was told."""
    situation = intake.read_text(chat)
    assert set(_sides(situation).values()) == {Side.UNKNOWN}
    assert [note for note in situation.notes if note.startswith("the chat marks who is external") and reason in note]


def test_the_mark_of_a_partner_tells_nobody_beside_known_people_of_ours() -> None:
    """Who is known to be ours stays so; what the contractor says is never taken for the customer's."""
    chat = _chat(Tom_Berg_="I think we should not tell the customer yet.", Mia_Lund="Agreed.", Tom_Berg__="Good.")
    situation = intake.read_text(chat, company=OwnCompany(csm="Mia Lund"))
    assert _sides(situation) == {"Tom Berg (External)": Side.UNKNOWN, "Mia Lund": Side.US}
    labelled = _chat(
        Tom_Berg_="I think we should not tell the customer.", CSM="Agreed.", Tom_Berg__="It is our matter."
    )
    assert _sides(intake.read_text(labelled)) == {"CSM": Side.US, "Tom Berg (External)": Side.UNKNOWN}
