"""Account value by code: the stated amount against the policy's thresholds, raised by words of strategic weight."""

from dataclasses import dataclass

from agent import money
from agent.embedded import passages
from agent.policy import Policy
from agent.schema import Basis, Level, StatedArr

_LONGEST_WORDS = 120


@dataclass(frozen=True)
class AccountValue:
    """The level, where it comes from, and the words that say so."""

    level: Level
    basis: Basis
    rationale: str
    quotes: tuple[str, ...]
    arr: StatedArr | None


def read(text: str, sentences: tuple[str, ...], *, ours: str = "", policy: Policy) -> AccountValue:
    """Read the account value; `ours` is what our side wrote, where a bare amount is the account's.

    Without an amount and without strategic words the text does not say: 3, unstated.
    """
    amount = money.find_arr(text) or money.find_arr(ours)
    if amount and len(amount.words) > _LONGEST_WORDS:  # no real amount is written like that
        amount = None
    eur = policy.rates.to_eur(money.per_year(amount), amount.currency) if amount else None
    strong, some, weak, none = (
        passages.with_cue(kind, sentences, most=1)
        for kind in ("strategic_strong", "strategic_some", "strategic_weak", "not_strategic")
    )
    strategic = strong or some
    definitions = policy.dimensions["account_value"].levels  # type: ignore[index]  # StrEnum keys equal their text
    if amount is not None and eur is not None:
        level = policy.account_value_by_arr.level(eur)
        hint = weak if level == min(definitions) else ()
        raised = bool(strategic or hint) and not none and level < max(definitions)
        why = amount.words if eur == amount.amount else f"{amount.words} is about EUR {round(eur):,} a year"
        if raised:
            level += 1
            why += ", and the account has some strategic weight"
        quotes = (amount.words, *(strategic or hint if raised else ()))
        arr = StatedArr(words=amount.words, amount=amount.amount, currency=amount.currency, period=amount.period)
        return AccountValue(level, Basis.STATED, f"{why}: {definitions[level]}", quotes, arr)
    if none:
        return AccountValue(1, Basis.INFERRED, f"No amount, and nothing strategic: {definitions[1]}", none, None)
    if strategic:
        level = max(definitions) if strong else max(definitions) - 2
        return AccountValue(
            level, Basis.INFERRED, f"No amount, but strategic weight: {definitions[level]}", strategic, None
        )
    return AccountValue(3, Basis.UNSTATED, "The text states neither an amount nor strategic weight.", (), None)
