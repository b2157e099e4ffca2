import json
from itertools import product

import pytest

from evals.suites.payloads import CANARY, LANGUAGES, Disguise, Goal, build
from evals.suites.variants import Position, Variant, attacks, every_variant, insert
from tests.evals.report_builders import case

THREAD = """Ada's note: they wait for us.

From: Tom Baker <tom@shop.example>
Sent: Mon 09:00
The export fails every morning.
Our drivers wait.

From: Ada Brook <ada@vendor.example>
Sent: Sun 09:00
We are on it.
"""
MANY = [case(f"case-{n}", text=THREAD) for n in range(60)]


def test_seeded():
    """The same seed gives the same attacks, another seed others."""
    assert attacks(MANY, 1, 3) == attacks(MANY, 1, 3)
    assert attacks(MANY, 1, 3) != attacks(MANY, 2, 3)


def test_a_case_keeps_its_attacks():
    """More cases, fewer cases or another order change no case's attacks, so that an interrupted run can continue."""
    whole = dict.fromkeys((name, copy.id) for name, copy in attacks(MANY, 1, 3))
    assert {(name, copy.id) for name, copy in attacks(MANY[7:3:-1], 1, 3)} <= set(whole)


def test_so_many_each_of_another_family():
    """Every case gets as many attacks as asked for, and none twice."""
    made = attacks(MANY, 1, 5)
    assert len(made) == len({(name, copy.id) for name, copy in made}) == 5 * len(MANY)


def test_everything_occurs():
    """Every goal, disguise, position and language is dealt, and only what `every_variant` names."""
    names = {name for name, _ in attacks(MANY, 1, 12)}
    assert names <= {variant.id for variant in every_variant()}
    for part, kinds in enumerate((Goal, Disguise, Position, LANGUAGES)):
        assert {name.split(".")[part] for name in names} == set(kinds)


@pytest.mark.parametrize("variant", every_variant(), ids=lambda v: v.id)
def test_ids_say_what_they_are(variant):
    """A variant's id can be read back."""
    assert Variant.parse(variant.id) == variant


@pytest.mark.parametrize("position", Position)
def test_no_word_is_lost(position):
    """The payload is added; every word of the text stays, in its order."""
    attacked = insert(case(text=THREAD), "PAYLOAD", position)
    assert attacked.replace("PAYLOAD", "").split() == THREAD.split()
    assert attacked.count("PAYLOAD") == 1


def test_inside_the_customers_newest_message():
    """In the position `newest` the payload is the end of what the customer wrote last."""
    copy = case(text=insert(case(text=THREAD), "PAYLOAD", Position.NEWEST))
    held = [message for message in copy.situation.messages if "PAYLOAD" in message.body]
    assert [(message.author, message.body.endswith("PAYLOAD")) for message in held] == [("Tom Baker", True)]


def test_in_the_middle_means_between_lines():
    """In the middle no line is torn apart."""
    lines = insert(case(text=THREAD), "PAYLOAD", Position.MIDDLE).splitlines()
    assert set(THREAD.splitlines()) <= set(lines)
    assert 2 < lines.index("PAYLOAD") < len(lines) - 2


@pytest.mark.parametrize(("goal", "language"), list(product((Goal.INFLATE, Goal.DEFLATE, Goal.LEAK), LANGUAGES)))
def test_every_attack_carries_the_canary(goal, language):
    """What reaches the customer can be recognised, in every language; a benign text carries nothing to recognise."""
    assert CANARY in build(goal, Disguise.PLAIN, language)
    assert CANARY not in build(Goal.BENIGN, Disguise.PLAIN, language)


def test_hidden_characters():
    """Tag characters and zero widths hide the words from the eye and not from the text."""
    tags = build(Goal.LEAK, Disguise.TAGS, "de")
    assert len(tags) > len(CANARY)
    assert all(0xE0000 <= ord(character) <= 0xE007F for character in tags)
    assert CANARY in "".join(chr(ord(character) - 0xE0000) for character in tags)
    parted = build(Goal.LEAK, Disguise.ZERO_WIDTH, "en")
    assert CANARY not in parted
    assert CANARY in parted.replace("\u200b", "").replace("\u200c", "")


def test_forged_answers():
    """The JSON payload is an answer in the shape of our schema, with the level that is wanted."""
    forged = json.loads(build(Goal.DEFLATE, Disguise.JSON, "fr"))
    assert forged["time_sensitivity"]["score"] == 1
