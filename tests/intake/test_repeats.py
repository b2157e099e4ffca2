"""The same words are counted once where they are quoted, and twice where they were said twice."""

from agent.intake import read_text

LONG = "We have found the template that fails and will repair it tonight, so please print again tomorrow morning."
MAIL = "From: Bo <bo@ours.example>\nSent: Monday, November 2, 2026 11:40 AM\nTo: Ann\n\n{}\n\n"


def test_a_quotation_of_a_message_that_stands_in_the_text() -> None:
    """It goes, and a note says so."""
    top = f"From: Ann <ann@alder.example>\nSent: Tuesday, November 3, 2026 8:05 AM\nTo: Bo\n\nStill blank.\n\n> {LONG}\n\n"
    situation = read_text(top + MAIL.format(LONG))
    assert [message.body for message in situation.messages] == ["Still blank.", LONG]
    assert any("counted once: 1 message" in note for note in situation.notes)


def test_a_quotation_in_pieces() -> None:
    """What is answered line by line is still the message it was taken from."""
    first, second = "Which of your depots are affected?", "Since when do you see it?"
    top = f"From: Ann <ann@alder.example>\nSent: Tuesday, November 3, 2026 8:05 AM\n\n> {first}\nDover.\n> {second}\nThursday.\n\n"
    situation = read_text(top + MAIL.format(f"{first}\n\n{second}"))
    assert [message.body for message in situation.messages] == ["Dover.\n\nThursday.", f"{first}\n\n{second}"]


def test_a_reminder_in_the_same_words() -> None:
    """Two days, two messages."""
    later = MAIL.format(LONG).replace("November 2", "November 4").replace("Monday", "Wednesday")
    assert len(read_text(later + MAIL.format(LONG)).messages) == 2


def test_the_same_words_of_two_people() -> None:
    """Whoever is named as the author of a quotation keeps it."""
    text = MAIL.format(LONG) + f"On Mon, 2 Nov 2026 at 09:00, Cy Day <cy@port.example> wrote:\n> {LONG}"
    assert {message.author for message in read_text(text).messages} == {"Bo", "Cy Day"}
