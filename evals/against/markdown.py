"""A chat's Markdown, read leniently: whatever can be read is read, and every departure from the form is named."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from agent.errors import ModelInvalid
from agent.policy import MAX_TOTAL, MIN_TOTAL, Policy
from agent.schema import Band, Dimension, IssueType, Level

_SECTIONS = ("Situation", "Scoring", "Decision", "If Escalating", "Issue type", "Customer message")
_BULLETS = ("Route to", "Specific ask", "By when", "Customer communication")
_TITLE = re.compile(r"^## Escalation Assessment: *(?P<account>.+)$", re.MULTILINE)
_ANY_TITLE = re.compile(r"^#{1,6} *\**Escalation Assessment\**:? *(?P<account>.*?)\**$", re.MULTILINE | re.IGNORECASE)
_HEADING = re.compile(r"^(?P<marks>#{1,6}) *\**(?P<name>[^\n*]+?)\**:? *$", re.MULTILINE)
_NOBODY = re.compile(r"\W*(?:unknown|not (?:named|given|stated)|n/?a)?\W*", re.IGNORECASE)
_SUBJECT = re.compile(r"\A\W{0,4}Subject\W{0,4}(?P<subject>[^\n]*?)\**\n", re.IGNORECASE)


@dataclass(frozen=True)
class Page:
    """What was written, as it was written; `owner_team` is empty where the route names no team of the policy."""

    account: str | None
    situation: str
    levels: Mapping[Dimension, Level]
    reasons: Mapping[Dimension, str]
    total: int
    band: Band
    issue_type: IssueType
    owner_team: str
    route_to: str | None
    ask: str | None
    by_when: str | None
    communication: str | None
    subject: str
    message: str
    slips: tuple[str, ...]


def parse(markdown: str, policy: Policy) -> Page:
    """The page. Raises ModelInvalid where a score, the total, the decision or the issue type cannot be read."""
    slips: list[str] = []
    account = _account(markdown, slips)
    sections = _sections(markdown, slips)
    levels, reasons, total = _scoring(sections["Scoring"], policy, slips)
    band = _band(sections["Decision"], policy, slips)
    bullets = _bullets(sections["If Escalating"], slips, wanted=band.escalates)
    owner = _owner(bullets.get("Route to"), band, policy, slips)
    subject, message = _message(sections["Customer message"], slips)
    return Page(
        account=account,
        situation=sections["Situation"] or "Not described.",
        levels=levels,
        reasons=reasons,
        total=total,
        band=band,
        issue_type=_issue_type(sections["Issue type"], owner, policy, slips),
        owner_team=owner,
        route_to=bullets.get("Route to"),
        ask=bullets.get("Specific ask"),
        by_when=bullets.get("By when"),
        communication=bullets.get("Customer communication"),
        subject=subject,
        message=message,
        slips=tuple(dict.fromkeys(slips)),
    )


def _account(markdown: str, slips: list[str]) -> str | None:
    exact = _TITLE.search(markdown)
    title = exact or _ANY_TITLE.search(markdown)
    if not exact:
        slips.append("title")
    if title and markdown[: title.start()].strip():
        slips.append("words before the title")
    name = title["account"].strip()[:120] if title else ""
    return None if _NOBODY.fullmatch(name) else name


def _sections(markdown: str, slips: list[str]) -> dict[str, str]:
    """The text below each known heading, of whatever depth; empty where the heading is missing."""
    found: dict[str, str] = {}
    headings = list(_HEADING.finditer(markdown))
    known = {name.casefold(): name for name in _SECTIONS}
    for n, heading in enumerate(headings):
        if (name := known.get(heading["name"].strip().casefold())) and name not in found:
            end = headings[n + 1].start() if n + 1 < len(headings) else len(markdown)
            found[name] = markdown[heading.end() : end].strip()
            if heading["marks"] != "###" or heading[0].strip() != f"### {name}":
                slips.append(f"heading '{name}' written another way")
    # Without an escalation that part of the form has nothing to say.
    slips += [f"section '{name}' missing" for name in _SECTIONS if name not in found and name != "If Escalating"]
    return {name: found.get(name, "") for name in _SECTIONS}


def _scoring(
    section: str, policy: Policy, slips: list[str]
) -> tuple[dict[Dimension, Level], dict[Dimension, str], int]:
    levels, reasons = {}, {}
    for dimension, rule in policy.dimensions.items():
        number, why, exact = _row(section, rule.label)
        if number not in rule.levels:
            raise ModelInvalid(f"the chat gives no level for '{rule.label}'")
        levels[dimension], reasons[dimension] = number, why
        if not exact:
            slips.append("a score is more than a number")
        if not why:
            slips.append("a rationale is missing")
    total, _, _ = _row(section, "Total")
    if total is None or not MIN_TOTAL <= total <= MAX_TOTAL:
        raise ModelInvalid("the chat gives no total that can be one")
    if not re.search(rf"^\| \*\*Total\*\* \| \*\*{total}\*\* \|", section, re.MULTILINE):
        slips.append("the total's row written another way")
    return levels, reasons, total


def _row(section: str, label: str) -> tuple[int | None, str, bool]:
    """The number and the reason in the table row of that label, and whether the number stands alone."""
    cells = r"\|(?P<score>[^|\n]*)(?:\|(?P<why>[^\n]*?))?\|?[ \t]*$"
    match = re.search(rf"^\s*\|?[\s*]*{re.escape(label)}[\s*]*{cells}", section, re.MULTILINE | re.IGNORECASE)
    number = re.search(r"\d+", match["score"]) if match else None
    if match is None or number is None:
        return None, "", False
    return int(number[0]), (match["why"] or "").strip(" |*"), match["score"].strip(" *") == number[0]


def _band(section: str, policy: Policy, slips: list[str]) -> Band:
    """The first band that the decision names."""
    places = {band: section.casefold().find(rule.label.casefold()) for band, rule in policy.bands.items()}
    named = {band: place for band, place in places.items() if place >= 0}
    if not named:
        raise ModelInvalid("the chat's decision names none of the four bands")
    band = min(named, key=lambda name: named[name])
    if section.strip() != policy.bands[band].label:
        slips.append("the decision is more than its label")
    return band


def _bullets(section: str, slips: list[str], *, wanted: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _BULLETS:
        match = re.search(rf"^\s*[-*] *\**{name}\**:\**(?P<words>[^\n]*)", section, re.MULTILINE | re.IGNORECASE)
        words = match["words"].strip() if match else ""
        if words and words.strip("-–—.").casefold() not in {"n/a", "none", "not applicable", ""}:
            found[name] = words
        elif wanted:
            slips.append(f"'{name}' missing")
    return found


def _owner(route_to: str | None, band: Band, policy: Policy, slips: list[str]) -> str:
    """The team that the route names first; the longest name of several at the same place."""
    if not band.escalates:
        return "csm"
    said = (route_to or "").casefold()
    names = [(key, name.casefold()) for key, team in policy.teams.items() for name in (team.name, _short(team.name))]
    found = [(said.find(name), -len(name), key) for key, name in names if name in said and key != "csm"]
    if not found:
        slips.append("the route names no team of the framework")
        return ""
    return min(found)[2]


def _short(name: str) -> str:
    return name.partition(",")[0]


def _issue_type(section: str, owner: str, policy: Policy, slips: list[str]) -> IssueType:
    """The type that is named; else the one type whose issues that team owns."""
    said = section.casefold()
    places = {kind: said.find(rule.label.split(" (")[0].casefold()) for kind, rule in policy.issue_types.items()}
    named = {kind: place for kind, place in places.items() if place >= 0}
    if named:
        kind = min(named, key=lambda name: named[name])
        if section.strip() not in (policy.issue_types[kind].label, policy.issue_types[kind].label.split(" (")[0]):
            slips.append("the issue type is more than its label")
        return kind
    owned = [k for k, rule in policy.issue_types.items() if rule.routes[Band.ESCALATE_FOR_SUPPORT].owner == owner]
    if len(owned) != 1:
        raise ModelInvalid("the chat names no issue type")
    return owned[0]


def _message(section: str, slips: list[str]) -> tuple[str, str]:
    text = re.sub(r"\A```\w*\n|\n```\s*\Z", "", section)
    text = re.sub(r"^> ?", "", text, flags=re.MULTILINE).strip()
    match = _SUBJECT.match(f"{text}\n")
    if text and not match:
        slips.append("the customer message has no subject")
    return (match["subject"].strip(" *"), text[match.end() :].strip()) if match else ("", text)
