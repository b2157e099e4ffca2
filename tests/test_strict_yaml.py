"""YAML is read as people expect it."""

import pytest

from agent import strict_yaml
from agent.errors import ConfigurationError


@pytest.mark.parametrize(
    "word", ["no", "yes", "on", "off", "10:30", "2026-01-01", "1_000", "0x10", "1e3", "True", "NO"]
)
def test_words_stay_words(word):
    """What only some YAML readers take for a truth value, a time, a date or a number stays text."""
    assert strict_yaml.load(f"key: {word}") == {"key": word}


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("1.5904", 1.5904),
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
    ],
)
def test_plain_values(written, value):
    """Decimal numbers, true, false and null are what they say."""
    assert strict_yaml.load(f"key: {written}") == {"key": value}


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [("a: 1\nb: 2\na: 3\n", 3, "a"), ("top:\n  x: 1\n  x: 1\n", 3, "x"), ("list:\n- {k: 1, k: 2}\n", 2, "k")],
)
def test_repeated_key_is_a_fault(text, line, key):
    """A key given twice, at any depth, is refused with its line."""
    with pytest.raises(ConfigurationError, match=rf"line {line}: '{key}' is given twice"):
        strict_yaml.load(text)


def test_same_key_in_two_mappings_is_no_fault():
    """Only keys of one mapping can repeat each other."""
    assert strict_yaml.load("a: {x: 1}\nb: {x: 2}") == {"a": {"x": 1}, "b": {"x": 2}}


@pytest.mark.parametrize(("text", "line"), [("a: [1, 2\nb: 3", 2), ("a: 1\n\tb: 2", 2), ("a: *nobody", 1)])
def test_broken_text_names_its_line(text, line):
    """What is not YAML is refused with the line of the fault."""
    with pytest.raises(ConfigurationError, match=rf"line {line}: "):
        strict_yaml.load(text)


@pytest.mark.parametrize("text", ["a: !!python/name:os.system", "a: !!python/object/apply:os.getcwd []"])
def test_no_objects(text):
    """A document cannot make Python objects."""
    with pytest.raises(ConfigurationError, match="line 1: could not determine a constructor"):
        strict_yaml.load(text)


def test_control_characters_are_a_fault_without_a_traceback():
    """A control character is refused as not YAML."""
    with pytest.raises(ConfigurationError, match="not YAML"):
        strict_yaml.load("a: \x00")
