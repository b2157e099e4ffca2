"""What a draft may not say: the framework's mistakes, leaks, inventions and promises. Pure; a finding is a value.

A finding on a good draft costs a plain wording, a missed leak costs more: what is internal is judged strictly, the rest
only where it is sure.
"""

from collections.abc import Iterator

from agent.guards import form, invented, leaks, marked, promises, words
from agent.guards.hearing import hear
from agent.guards.quoting import may_quote
from agent.guards.texts import for_customer, for_us
from agent.policy import Policy
from agent.schema import Brief, Draft, Finding

__all__ = ["check", "may_quote", "unchecked"]


def check(draft: Draft, brief: Brief, policy: Policy) -> tuple[Finding, ...]:
    """Everything that is wrong with a draft, its placeholders still in it; empty if it may be shown."""
    return tuple(dict.fromkeys(_findings(draft, brief, policy)))


def unchecked(language: str) -> str | None:
    """What goes unchecked in a draft in that language; None where the word lists know it."""
    if language in words.load().promises:
        return None
    return f"promises and internal words are not checked in '{language}': read the message before you send it"


def _findings(draft: Draft, brief: Brief, policy: Policy) -> Iterator[Finding]:
    heard = hear(brief)
    resolved = bool(brief.grounded.extraction.already_resolved) or promises.tells_a_result(heard.shared)
    yield from form.check_placeholders(draft, brief, heard=heard)
    yield from form.check_ask(draft, brief, policy, heard=heard)
    yield from form.check_language(draft, brief)
    yield from form.check_length(draft)
    for text in for_customer(draft):
        yield from leaks.check(text, brief, policy, heard=heard)
        yield from invented.check_dates(text, heard, to_customer=True)
        yield from invented.check_amounts(text, heard, to_customer=True)
        yield from invented.check_addresses(text, heard, to_customer=True)
        yield from invented.check_names(text, brief, policy, heard=heard)
        yield from promises.check(text, heard, resolved=resolved)
        yield from form.check_echo(text)
        yield from marked.check_copied(text, brief)
        yield from marked.check_restored(text, heard)
    for text in for_us(draft):
        yield from invented.check_dates(text, heard, to_customer=False)
        yield from invented.check_amounts(text, heard, to_customer=False)
        yield from invented.check_colleagues(text, brief, policy, heard=heard)
        yield from invented.check_addresses(text, heard, to_customer=False)
        yield from form.check_echo(text)
        yield from marked.check_restored(text, heard)
