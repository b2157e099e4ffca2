"""Nothing internal reaches the customer: revenue, ratings, band names, renewal talk, colleagues, the CSM's notes."""

import re
from collections.abc import Iterator
from decimal import Decimal

import regex

from agent import money
from agent.guards import words
from agent.guards.hearing import Hearing
from agent.guards.texts import Text
from agent.late import late
from agent.policy import Policy
from agent.schema import Brief, Finding, FindingCode

# Four words in a row are copied, not met by chance, if two of them carry meaning. Without the customer's own words a
# note is the only source of the topic, and only longer runs are copying.
COPIED_WORDS, COPIED_WORDS_OF_A_NOTE, TELLING_WORDS, TELLING_LENGTH = 4, 7, 2, 5
ANY_WORDS = 6  # so many in a row are copied whatever they mean
THOUSAND = 1_000
_BARE_NUMBER = late(r"(?<![\w.,])(?P<figure>\d[\d.,'’]*\d|\d)\s?(?P<thousands>k|tsd\.?|mille)?(?!\w)", re.IGNORECASE)
_LEVEL_MOST, _SCORE_OF = 5, re.compile(r"(?<![\d/.,])\d{1,2}\s?/\s?(?:5|20)(?![\d/])")
MONTHS_A_YEAR, QUARTERS_A_YEAR = 12, 4
_MIXED = regex.compile(r"\b(?=\w*\p{Latin})\w*[\p{Cyrillic}\p{Greek}]\w*")


def check(text: Text, brief: Brief, policy: Policy, *, heard: Hearing) -> Iterator[Finding]:
    """What in a text for the customer only we may know."""
    for said, why in (
        *_internal_words(text.plain, heard),
        *((said, "letters of two scripts in one word") for said in mixes_scripts(text.plain)),
        *_labels(text.plain, brief, policy, heard=heard),
        *_ratings(text.plain, brief, heard=heard),
        *_revenue(text.plain, brief, heard=heard),
        *_colleagues(text.plain, brief, heard=heard),
        *_copied(text.plain, heard),
    ):
        yield Finding(code=FindingCode.INTERNAL, where=text.where, words=said, message=why)


def mixes_scripts(text: str) -> list[str]:
    """Words that look Latin and are not quite: a word list would not know them."""
    return [match[0] for match in _MIXED.finditer(text)]


def _internal_words(body: str, heard: Hearing) -> Iterator[tuple[str, str]]:
    for group in words.load().internal.values():
        if (match := group.search(body)) and not group.search(heard.customer):
            yield match[0], "internal word; the customer did not use it"


def _labels(body: str, brief: Brief, policy: Policy, *, heard: Hearing) -> Iterator[tuple[str, str]]:
    """Names that only our framework and our organisation use."""
    labels = [rule.label for rule in policy.bands.values()] + [rule.label for rule in policy.dimensions.values()]
    for label in (*labels, *(rule.label.split(" (")[0] for rule in policy.issue_types.values())):
        if label.lower() in body.lower() and label.lower() not in heard.customer.lower():
            yield label, "a name from the internal framework"
    public = " ".join(team.for_customer(brief.language) for team in policy.teams.values())
    for team in policy.teams.values():
        name = team.name.split(",")[0]
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", body) and name not in public and name not in heard.shared:
            yield name, "an internal team name; write [OWNER]"


def _ratings(body: str, brief: Brief, *, heard: Hearing) -> Iterator[tuple[str, str]]:
    levels, spoken = (*range(1, _LEVEL_MOST + 1), brief.decision.total), spoken_levels(body)
    rated = (match for pattern in words.load().rated for match in pattern.finditer(body))
    found = (*_SCORE_OF.finditer(body), *rated, *(match for match in spoken if int(match["n"]) in levels))
    yield from ((m[0], "a rating or a sum of ratings") for m in found if m[0].lower() not in heard.shared.lower())


def spoken_levels(text: str) -> Iterator[re.Match[str]]:
    """'Level 3', 'a total of 12'; the number is the group `n`."""
    link = r"\s?(?:of|von|de|van|di|:|=)?\s?"
    return re.finditer(rf"{words.load().level.pattern}{link}(?P<n>\d\d?)(?!\w)", text, re.IGNORECASE)


def _revenue(body: str, brief: Brief, *, heard: Hearing) -> Iterator[tuple[str, str]]:
    """What the account pays, in whatever notation, its currency or not, unless the customer names the amount."""
    ours, theirs = revenue(brief), {amount for _, amount in numbers(heard.customer)}
    paid = {m.end() for m in words.load().paying.finditer(body)}
    for said, amount in numbers(body):
        if amount in ours - theirs:
            yield said, "the account's revenue"
        elif amount not in theirs and any(body[end:].lstrip().startswith(said) for end in paid):
            yield said, "what the account pays"


def revenue(brief: Brief) -> frozenset[Decimal]:
    """What the account pays, as stated and brought to a month, a quarter and a year."""
    arr, typed = brief.grounded.extraction.arr, brief.situation.context.arr
    stated = (*money.read_amounts(typed or ""), *([arr] if arr else ()))
    yearly = {money.per_year(amount) for amount in stated}
    parts = {amount / parts for amount in yearly for parts in (1, QUARTERS_A_YEAR, MONTHS_A_YEAR)}
    return frozenset(parts | {amount.amount for amount in stated})


def numbers(text: str) -> Iterator[tuple[str, Decimal]]:
    yield from ((amount.words, amount.amount) for amount in money.read_amounts(text))
    for match in _BARE_NUMBER.finditer(text):
        figure = Decimal(re.sub(r"\D", "", re.sub(r"[.,]00$", "", match["figure"])))
        yield match[0], figure * (THOUSAND if match["thousands"] else 1)


def _colleagues(body: str, brief: Brief, *, heard: Hearing) -> Iterator[tuple[str, str]]:
    """People who wrote, or are spoken of, only among ourselves; the CSM who signs is no secret."""
    signed = set((brief.signature.name or "").lower().split())
    no_name = words.load().capitals_that_are_no_names
    for token in dict.fromkeys(re.findall(r"[^\W\d_][\w’'-]*", body)):
        name = re.sub(r"['’]s$", "", token.lower())
        if token[0].isupper() and name in heard.people_inside - signed and not no_name.fullmatch(name):
            yield token, "a colleague the customer does not know"
    shared = signed | heard.people_inside | set(_tokens(heard.shared))
    for match in re.finditer(rf"(?:^|[.!?\n…])\s*(?P<name>[^\W\d_]{{3,}}) {words.load().doing.pattern}", body):
        name = match["name"]
        if name.lower() not in shared and _is_name_inside(name, heard):
            yield name, "somebody only our notes speak of"


def _is_name_inside(name: str, heard: Hearing) -> bool:
    """Written with a capital in our notes, and only so."""
    spoken_of = set(re.findall(r"\w+", heard.internal))
    return name[0].isupper() and name in spoken_of and name.lower() not in spoken_of and not _is_pronoun(name)


def _is_pronoun(word: str) -> bool:
    return bool(words.load().pronouns.fullmatch(word) or words.load().capitals_that_are_no_names.fullmatch(word))


def _tokens(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def _copied(body: str, heard: Hearing) -> Iterator[tuple[str, str]]:
    """The first run of words that stands in an internal text and in none that the customer has read."""
    lengths = (COPIED_WORDS_OF_A_NOTE,) if heard.note_only else (COPIED_WORDS, ANY_WORDS)
    for length in lengths:
        ours = _runs(heard.internal, length) - _runs(heard.customer if heard.note_only else heard.shared, length)
        for run in _runs_in_order(body, length):
            telling = sum(len(word) >= TELLING_LENGTH for word in run) >= TELLING_WORDS
            if run in ours and (telling or length >= ANY_WORDS):
                yield " ".join(run), "copied from an internal note"
                return


def _runs(text: str, length: int) -> set[tuple[str, ...]]:
    return set(_runs_in_order(text, length))


def _runs_in_order(text: str, length: int) -> list[tuple[str, ...]]:
    tokens = _tokens(text)
    return [tuple(tokens[n : n + length]) for n in range(len(tokens) - length + 1)]
