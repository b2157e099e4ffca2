from agent import engine, intake, policy
from agent.hand_over import hand_over
from agent.schema import AccountContext
from tests.builders import NOW, grounded, stated_arr

POLICY = policy.load_default()
TEXT = """From: Ada Okoye <ada@acme.example>
Sent: 12 March 2026 09:00
To: Ben Sand <ben@ours.example>
Subject: RE: export

It failed again.

From: Ben Sand <ben@ours.example>
Sent: 11 March 2026 17:00
To: Ada Okoye
Subject: export

We are looking at it."""


def handed_over(**fields):
    read = grounded((4, 3, 4, 4), **fields)
    situation = intake.read_text(TEXT, context=AccountContext(strategic=True))
    return hand_over(situation, read, engine.decide(read, POLICY, NOW))


def test_the_timeline_is_oldest_first_and_names_who_spoke():
    """A brief is read as a story."""
    timeline = handed_over().timeline
    assert ["We are looking" in timeline[0], "It failed again" in timeline[1]] == [True, True]
    assert "Ben Sand" in timeline[0]


def test_commercial_context_gives_the_amount_as_stated_and_in_euros():
    """The words of the text and what they come to."""
    lines = handed_over(arr=stated_arr(64000, "USD"), renewal="in May").commercial_context
    assert lines == (
        "ARR as stated: USD 64000 (about EUR 57,286 a year)",
        "Renewal: in May",
        "Strategically important, says the CSM",
    )


def test_what_is_missing_is_named():
    """ARR and renewal are named as missing until they are known."""
    assert {"the ARR", "the renewal date"} <= set(handed_over().missing)
    assert not {"the ARR", "the renewal date"} & set(handed_over(arr=stated_arr(30000), renewal="in May").missing)
