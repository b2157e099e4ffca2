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


def test_strangers_of_two_houses_are_not_told_apart() -> None:
    """One of them may be a partner: only our own people are told."""
    users = [
        {
            "id": "U1",
            "team_id": "T2",
            "real_name": "Dana",
            "is_stranger": True,
            "profile": {"email": "d@brook.example"},
        },
        {
            "id": "U2",
            "team_id": "T3",
            "real_name": "Cy",
            "is_stranger": True,
            "profile": {"email": "c@partner.example"},
        },
        {"id": "U3", "team_id": "T1", "real_name": "Mia"},
    ]
    said = [
        {"type": "message", "user": f"U{n}", "text": f"words number {n}", "ts": f"176700000{n}.1"} for n in (1, 2, 3)
    ]
    files = [("general.json", json.dumps(said).encode()), ("users.json", json.dumps(users).encode())]
    assert _sides(intake.read_files(files)) == {"Dana": Side.UNKNOWN, "Cy": Side.UNKNOWN, "Mia": Side.US}


def test_a_teams_export_marks_federated_users() -> None:
    """Graph says who is of another organisation."""
    node = {
        "value": [
            _said({"displayName": "Dana Ruiz", "userIdentityType": "federatedUser"}, "the export is down", 0),
            _said({"displayName": "Mia Berg", "userIdentityType": "aadUser"}, "looking", 3),
        ]
    }
    situation = intake.read_bytes(json.dumps(node).encode(), source="chat.json")
    assert _sides(situation) == {"Dana Ruiz": Side.CUSTOMER, "Mia Berg": Side.US}
