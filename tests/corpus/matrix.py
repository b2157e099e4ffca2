"""The corpus of threads: every client in every language it speaks, and threads that are hard to take apart."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

from agent import strict_yaml
from agent.intake import read_text
from agent.schema import OwnCompany, Side, Situation

HERE = Path(__file__).parent / "threads"
OURS = OwnCompany(name="Nordlicht Software", domains=("nordlicht.example",))
LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt", "pl", "sv", "da", "no", "fi", "cs", "ja")


class Expected(NamedTuple):
    """A message as a reader of the thread sees it."""

    author: str | None
    side: Side
    body: str
    signature: str | None = None
    disclaimer: str | None = None


class Case(NamedTuple):
    """A thread and its messages, newest first."""

    client: str
    language: str
    text: str
    messages: tuple[Expected, ...]

    @property
    def name(self) -> str:
        return f"{self.client}-{self.language}"

    def read(self) -> Situation:
        return read_text(self.text, company=OURS)


def _load(name: str) -> dict:
    return strict_yaml.load((HERE / name).read_text(encoding="utf-8"))


@cache
def cases() -> tuple[Case, ...]:
    """Every client by every language, then the hard ones."""
    letters = _load("letters.yaml")
    built = [
        _case(client, entry, language, letters[language])
        for client, entry in _load("clients.yaml").items()
        for language in LANGUAGES
        if language in entry
    ]
    return (*built, *_hard())


def _case(client: str, entry: dict, language: str, letter: dict) -> Case:
    them, us = letter["customer"], letter["us"]
    heading = entry[language].format(
        **them, to=us["name"], to_address=us["address"], subject=letter["subject"], time="09:15"
    )
    quoted = f"{letter['letter']}\n\n{letter['letter_signature']}"
    if entry["quoted"].startswith("marks"):
        empty = "> \n" if entry["quoted"] == "marks_with_header" else ""
        quoted = empty + "\n".join(f"> {line}".rstrip() for line in quoted.splitlines())
    else:
        quoted = f"\n{quoted}"
    above = f"{letter['answer']}\n\n{letter['answer_signature']}"
    if entry["newest"] == "header":
        own = entry[language].format(
            **us, to=them["name"], to_address=them["address"], subject=f"RE: {letter['subject']}", time="11:40"
        )
        above = f"{own}\n\n{above}"
    messages = (
        Expected(us["name"], Side.US, letter["answer"], letter["answer_signature"]),
        Expected(them["name"], Side.CUSTOMER, letter["letter"], letter["letter_signature"]),
    )
    return Case(client, language, f"{above}\n\n{heading}\n{quoted}\n", messages)


def _hard() -> list[Case]:
    return [
        Case(
            entry["name"],
            entry["language"],
            entry["text"],
            tuple(
                Expected(m.get("author"), Side(m["side"]), m["body"].strip(), m.get("signature"), m.get("disclaimer"))
                for m in entry["messages"]
            ),
        )
        for entry in _load("hard.yaml")
    ]
