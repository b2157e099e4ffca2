"""Ticket and chat exports: comments in order, and what is internal never passes for the customer's."""

import json

import pytest

from agent import intake
from agent.errors import InputError
from agent.schema import AccountContext, Side
from tests.intake.formats.conftest import FILES

CUSTOMER, US, NOTE = Side.CUSTOMER, Side.US, Side.CSM_NOTE


@pytest.mark.parametrize(
    ("name", "sides", "newest", "internal"),
    [
        ("zendesk.json", [CUSTOMER, NOTE, US, CUSTOMER], "Nothing chilled leaves", "Do not tell them"),
        ("jira.json", [CUSTOMER, US, NOTE, CUSTOMER], "Any news?", "Nobody works on it"),
        ("jira-portal.json", [CUSTOMER, US, NOTE], "Low priority", "Low priority"),
        ("intercom.json", [CUSTOMER, NOTE, US, CUSTOMER], "Please hurry.", "Small account"),
        ("salesforce.json", [CUSTOMER, NOTE, US, CUSTOMER], "It is Tuesday", "keep it inside"),
    ],
)
def test_a_ticket_in_order_with_its_internal_comments(read, name, sides, newest, internal):
    """The requester is the customer, the desk is us, and an internal comment is the note that the customer never sees."""
    situation = read(name)
    assert [m.side for m in reversed(situation.messages)] == sides
    assert situation.newest.body.startswith(newest)
    assert internal in situation.bodies(NOTE)
    assert internal not in situation.bodies(CUSTOMER, US)
    assert all(m.sent for m in situation.messages)
    assert all(m.body in situation.text for m in situation.messages)


def test_people_keep_their_names_and_addresses(read):
    """The export's own table of users says who wrote."""
    assert {(m.author, m.address) for m in read("zendesk.json").messages} == {
        ("Jana Holm", "jana@alder.example"),
        ("Bo Ray", "bo@ours.example"),
        ("Dev Desk", "dev@ours.example"),
    }


def test_a_quotation_in_a_comment_is_counted_once(read):
    """What a comment quotes of another one is that one."""
    situation = read("zendesk.json")
    assert len(situation.messages) == 4
    assert "quoted or sent more than once and counted once: 1 message" in situation.notes


@pytest.mark.parametrize(
    ("name", "file"),
    [("zendesk.json", "label.png"), ("jira.json", "export.log"), ("intercom.json", "error.png"), ("slack.json", "error.png"),
     ("teams.json", "export.log")],
)  # fmt: skip
def test_attachments_are_named(read, name, file):
    """What hangs on a comment is named and never opened."""
    assert f"attachment not read: {file}" in read(name).notes


def test_a_slack_channel_reads_as_its_reader_sees_it(read):
    """Names for ids, words for links and entities; joins are not words."""
    situation = read("slack.json")
    assert [m.author for m in situation.messages] == ["Jana Holm", "Bo Ray", "Jana Holm"]
    assert situation.messages[-1].body == "@Bo Ray the export fails & the board meets at 14:00, see the status page"


def test_a_teams_chat_runs_by_its_dates(read):
    """Graph lists the newest first; events are not words, HTML becomes text."""
    situation = read("teams.json")
    assert [m.body for m in situation.messages] == [
        "Sorry, our engineers look into it.",
        "The export fails.\nSince Monday.",
    ]


def test_of_several_tickets_the_newest_is_the_situation():
    """Two tickets are two situations: the newer one is read and the other is named."""
    ticket = json.loads((FILES / "zendesk.json").read_text(encoding="utf-8"))
    older = {
        "ticket": {"id": 1, "subject": "Old", "requester_id": 501},
        "comments": [
            {"author_id": 501, "body": "An old wish.", "public": True, "created_at": "2025-01-02T08:05:00Z"},
        ],
    }
    lines = "\n".join(map(json.dumps, (older, ticket)))
    for document in (json.dumps([older, ticket]), json.dumps({"tickets": [ticket, older]}), lines):
        situation = intake.read_bytes(document.encode(), source="tickets.json")
        assert "old wish" not in situation.text
        assert "the newest of 2 tickets was read; left out: 1 older ones with 1 messages" in situation.notes


def test_an_export_is_known_without_its_suffix():
    """Piped in, it is told by what it holds."""
    assert len(intake.read_bytes((FILES / "jira.json").read_bytes(), source="standard input").messages) == 4


@pytest.mark.parametrize(
    ("document", "says"),
    [
        (
            b'{"weather": "fine"}',
            "no export with messages of Zendesk, Jira Service Management, Intercom, Salesforce Case",
        ),
        (b'{"comments": []}', "no export"),
        (b"[[[", "not valid JSON"),
        (b"[]", "JSON without an object in it.* an object or a list of objects"),
        (b"null", "JSON without an object in it"),
        (b'{"comments": ' + b"[" * 200_000, "nested too deeply|not valid JSON"),
        (b'{"a": ' * 100_000, "nested too deeply|not valid JSON"),
        (b'{"key": "A-1", "fields": {"summary": "", "description": null}}', "no export with messages"),
    ],
)
def test_json_that_is_no_ticket_is_one_clear_error(document, says):
    """The error names the file and the systems whose exports are read."""
    with pytest.raises(InputError, match=says) as refused:
        intake.read_bytes(document, source="case.json")
    assert str(refused.value).startswith("case.json")
    assert "\n" not in str(refused.value)


def test_a_pasted_text_that_starts_with_a_bracket_is_text():
    """Only what is JSON from end to end is taken for an export."""
    assert intake.read_text("[Tue 10:00] Ann: it fails\n[Tue 10:05] Bo: noted").messages[0].author == "Bo"
    assert intake.read_text("[1, 2]").messages[0].body == "[1, 2]"


@pytest.mark.parametrize("odd", ["1e400", "NaN", "-1", "99999999999999999999", '"soon"', "null", "[]", "true"])
def test_impossible_values_cost_themselves_at_most(odd):
    """A date, a name or an id of the wrong kind is left out, and the comment is read."""
    document = (
        f'{{"type": "conversation", "created_at": {odd}, "source": {{"body": "It fails.", "author": {odd}}}, '
        f'"conversation_parts": {odd}}}'
    )
    assert intake.read_bytes(document.encode(), source="a.json").messages[0].body == "It fails."


def test_the_account_is_the_tickets_organisation() -> None:
    """Of a Zendesk ticket, where the CSM names none; the report says where the name is from."""
    ticket = json.loads((FILES / "zendesk.json").read_text())
    ticket["ticket"]["organization_id"] = 9
    ticket["organizations"] = [{"id": 8, "name": "Birch"}, {"id": 9, "name": "Alder Foods"}]
    data = [("t.json", json.dumps(ticket).encode())]
    situation = intake.read_files(data)
    assert situation.context.account == "Alder Foods"
    assert any("organisation: Alder Foods" in note for note in situation.notes)
    assert intake.read_files(data, context=AccountContext(account="Elm")).context.account == "Elm"


def test_a_list_of_users_beside_a_slack_channel() -> None:
    """users.json gives the names to the ids of authors and mentions; alone it is no thread."""
    users = b'[{"id": "U1", "name": "jh", "profile": {"real_name": "Jana Holm"}}, {"id": "U2", "real_name": "Bo Ray"}]'
    day = b'[{"type": "message", "user": "U1", "ts": "1793606700.0002", "text": "<@U2> it fails"}]'
    situation = intake.read_files([("export/users.json", users), ("export/alder/2026-11-02.json", day)])
    (message,) = situation.messages
    assert (message.author, message.body) == ("Jana Holm", "@Bo Ray it fails")
    with pytest.raises(InputError):
        intake.read_files([("users.json", users)])
