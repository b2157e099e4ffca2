"""Whose people are us comes from the settings."""

import pytest

from agent.cli import settings, sources


@pytest.fixture
def config(tmp_path, monkeypatch):
    """An empty config directory; what a test writes there is the user's file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    return sources.path()


def test_domains_from_the_environment(config, monkeypatch):
    """Commas part them; an @, capitals and spaces do not matter."""
    monkeypatch.setenv("TRIAGE_COMPANY_DOMAINS", "@Ours.example, mail.ours.example")
    assert settings.load().company_domains == ("ours.example", "mail.ours.example")


def test_domains_from_the_file(config):
    """A list in the file."""
    config.parent.mkdir(parents=True)
    config.write_text('company_domains = ["ours.example"]\n', encoding="utf-8")
    assert settings.load().company_domains == ("ours.example",)


def test_the_setting_reaches_the_reading(triage):
    """Who writes from the domain is us, whatever the words sound like."""
    thread = (
        "From: Bo <bo@ours.example>\nTo: Ann <ann@alder.example>\n\nOur engineers look into it, sorry for that.\n\n"
        "From: Ann <ann@alder.example>\nTo: Bo <bo@ours.example>\n\nYour export fails again, we cannot ship."
    )
    asked = ("preview", "-", "--model", "openai/gpt-5-mini")
    for domain, side in (("alder.example", "us"), ("ours.example", "customer")):
        seen = triage(*asked, stdin=thread, OPENAI_API_KEY="none", TRIAGE_COMPANY_DOMAINS=domain)
        assert seen.code == 0, seen.err
        assert f"side={side} author=Ann>" in seen.out
