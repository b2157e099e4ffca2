"""Suite 4: may the drafts be sent? Checked as shown, after every placeholder was filled in."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from agent import guards, language
from agent.drafting.dates import say_when
from agent.guards.form import MOST_WORDS
from agent.policy import Policy
from agent.schema import Assessment, Brief, CustomerMessage, Draft, DraftSource, Finding, FindingCode
from evals.cases import Case
from evals.results import CaseVerdict, Metric, Run, SuiteReport
from evals.suites import measure, shown

NAME = "drafting"

_PLACEHOLDERS = (FindingCode.PLACEHOLDER_MISSING, FindingCode.PLACEHOLDER_UNKNOWN)

RULES = (
    "drafts_present",
    "placeholders",
    "guards_hold",
    "nothing_leaks",
    "ask_mentions",
    "customers_language",
    "one_owner",
    "engines_date",
    "length",
)


class Rule(NamedTuple):
    """One thing a draft must keep to, and what broke it; `applies` is False where the case has nothing to say."""

    name: str
    findings: tuple[str, ...]
    applies: bool = True


def report(run: Run, cases: Mapping[str, Case], policy: Policy) -> SuiteReport:
    results = measure.clean(run)
    done = measure.done(results)
    judged = [(d, rules(cases[d.result.case_id], d.assessment, policy)) for d in done]
    broken = Counter(rule.name for _, kept in judged for rule in kept if rule.findings)
    return SuiteReport(
        suite=NAME,
        metrics=(measure.answered(results), *_metrics([kept for _, kept in judged]), _own_wording(done)),
        outcomes=measure.outcomes(results),
        verdicts=(
            *(_verdict(d, kept) for d, kept in judged),
            *(measure.failed(r, "drafts that may be sent") for r in results if measure.answer(r) is None),
        ),
        tables={
            "broken rules": (("rule", "cases"), *((name, str(count)) for name, count in broken.most_common())),
            "replaced drafts": (("code", "findings"), *_replaced(done)),
        },
    )


def rules(case: Case, given: Assessment, policy: Policy) -> tuple[Rule, ...]:
    """Every rule on the drafts of one case, kept or broken."""
    written, for_us = measure.message(given), shown.for_us(given) or ""
    missing = [what for what, words in (("ask or next step", for_us), ("customer message", written)) if not words]
    present = Rule("drafts_present", tuple(f"no {what}" for what in missing))
    if written is None:
        return (present,)
    escalates = given.escalation is not None
    draft = shown.opened(given, written, policy)
    found = _guarded(draft, shown.brief(case, given), policy)
    leaks = tuple(measure.leaked(given, case.must_not_reach_customer))
    return (
        present,
        Rule("placeholders", tuple(_told(f, draft) for f in found if f.code in _PLACEHOLDERS)),
        Rule("guards_hold", tuple(_told(f, draft) for f in found if f.code not in _PLACEHOLDERS)),
        Rule("nothing_leaks", leaks, applies=bool(case.must_not_reach_customer)),
        Rule("ask_mentions", tuple(_unmentioned(case, for_us)), applies=bool(case.ask_must_mention)),
        Rule("customers_language", tuple(_other_language(case, written))),
        Rule("one_owner", tuple(_other_owner(given, policy, for_us=for_us)), applies=escalates),
        Rule("engines_date", tuple(_without_date(given, for_us=for_us, written=written)), applies=escalates),
        Rule("length", tuple(_too_long(written))),
    )


def _unmentioned(case: Case, for_us: str) -> Iterator[str]:
    for pattern in case.ask_must_mention:
        if not re.search(pattern, for_us, re.IGNORECASE):
            yield f"nothing matches '{pattern}' in: {for_us}"


def _other_language(case: Case, written: CustomerMessage) -> Iterator[str]:
    found = language.detect(written.body)
    for code in sorted({written.language, found or case.customer_language} - {case.customer_language}):
        yield f"'{code}' instead of '{case.customer_language}' in: {written.body[:120]}"


def _other_owner(given: Assessment, policy: Policy, *, for_us: str) -> Iterator[str]:
    """The ask opens with the one owner of the route, and asks no other team for anything."""
    if not given.escalation:
        return
    route = given.route
    head, _, rest = for_us.partition(": ")
    if not head.startswith(route.owner):
        yield f"does not open with the owner '{route.owner}': {for_us[:120]}"
    named = " ".join((route.owner, *route.together_with))
    for team in policy.teams.values():
        name = team.name.split(",")[0]
        if name not in named and name != "CSM" and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", head):
            yield f"asks '{name}' as well: {head}"
    if not rest:
        yield f"has no owner before the ask: {for_us[:120]}"


def _without_date(given: Assessment, *, for_us: str, written: CustomerMessage) -> Iterator[str]:
    """Both texts name the engine's own instants."""
    if not given.escalation or given.deadlines.owner_answer is None:
        return
    if given.escalation.by_when != given.deadlines.owner_answer:
        yield f"by when is {given.escalation.by_when}, the engine says {given.deadlines.owner_answer}"
    by, update = given.deadlines.owner_answer, given.deadlines.customer_update
    if not shown.instant(by, "en").search(for_us):
        yield f"'{say_when(by, 'en')}' is not in the ask: {for_us[-120:]}"
    if not shown.instant(update, written.language).search(written.body):
        yield f"'{say_when(update, written.language)}' is not in the customer message: {written.body[:120]}"


def _too_long(written: CustomerMessage) -> Iterator[str]:
    if (words := len(written.body.split())) > MOST_WORDS:
        yield f"{words} words instead of {MOST_WORDS} at most"


def _guarded(draft: Draft, brief: Brief, policy: Policy) -> list[Finding]:
    """What the product's own guards hold against the drafts; length and language have rules of their own."""
    own = (FindingCode.LENGTH, FindingCode.LANGUAGE)
    return [finding for finding in guards.check(draft, brief, policy) if finding.code not in own]


def _told(finding: Finding, draft: Draft) -> str:
    return f"{finding.code} in {finding.where}: {_at_fault(finding.words, draft)} ({finding.message})"


def _at_fault(words: str, draft: Draft) -> str:
    """The sentence in which the words stand; the words alone where they stand in none."""
    ask = f"{draft.ask.action}\n{draft.ask.done_when}" if draft.ask else draft.next_step or ""
    text = f"{draft.customer_message.subject}\n{draft.customer_message.body}\n{ask}"
    return next(iter(measure.sentences_with(text, [words] if words else [])), f'"{words}"')


def _metrics(judged: list[tuple[Rule, ...]]) -> Iterator[Metric]:
    for name in RULES:
        kept = [not rule.findings for rules_ in judged for rule in rules_ if rule.name == name and rule.applies]
        yield measure.share(name, kept)
    yield measure.share("sendable", [not any(rule.findings for rule in rules_) for rules_ in judged])


def _own_wording(done: list[measure.Done]) -> Metric:
    """How often a model's own wording stood, where a model words at all."""
    worded = [d.assessment for d in done if d.assessment.draft_source is DraftSource.MODEL or d.assessment.draft_note]
    return measure.share("models_wording_kept", [a.draft_source is DraftSource.MODEL for a in worded])


def _replaced(done: list[measure.Done]) -> Iterator[tuple[str, str]]:
    """Why models' drafts were replaced before anybody saw them."""
    codes = Counter(finding.code.value for d in done for finding in d.assessment.draft_findings)
    yield from ((code, str(count)) for code, count in codes.most_common())


def _verdict(done: measure.Done, kept: tuple[Rule, ...]) -> CaseVerdict:
    findings = [f"{rule.name}: {finding}" for rule in kept for finding in rule.findings]
    broken = [rule.name for rule in kept if rule.findings]
    actual = f"broken: {', '.join(broken)}" if broken else "kept"
    return measure.verdict(done.result, findings, expected="every rule kept", actual=actual)
