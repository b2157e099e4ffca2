"""Account value by code: the stated amount against the policy's thresholds, raised by words of strategic weight."""

from dataclasses import dataclass
from decimal import Decimal

from agent import money
from agent.embedded import passages, standing
from agent.policy import Policy
from agent.schema import Basis, Dimension, Level, StatedArr

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
    own = next((words for words in (text, ours) if money.find_arr(words)), "")
    amount = money.find_arr(own)
    if amount and len(amount.words) > _LONGEST_WORDS:  # no real amount is written like that
        amount = None
    eur = policy.rates.to_eur(money.per_year(amount), amount.currency) if amount else None
    if amount is not None and eur is not None:
        return _by_amount(amount, eur, own, sentences, policy=policy)
    strong, some, none = (
        passages.with_cue(kind, sentences, most=1) for kind in ("strategic_strong", "strategic_some", "not_strategic")
    )
    definitions = policy.dimensions[Dimension.ACCOUNT_VALUE].levels
    if none:
        return AccountValue(1, Basis.INFERRED, f"No amount, and nothing strategic: {definitions[1]}", none, None)
    if strategic := strong or some:
        level = max(definitions) if strong else max(definitions) - 2
        return AccountValue(
            level, Basis.INFERRED, f"No amount, but strategic weight: {definitions[level]}", strategic, None
        )
    return AccountValue(3, Basis.UNSTATED, "The text states neither an amount nor strategic weight.", (), None)


def _by_amount(
    amount: money.StatedAmount, eur: Decimal, text: str, sentences: tuple[str, ...], *, policy: Policy
) -> AccountValue:
    """The level of the amount, and one more where the account counts for more than it pays."""
    definitions = policy.dimensions[Dimension.ACCOUNT_VALUE].levels
    level = policy.account_value_by_arr.level(eur)
    weight = _weight(amount, text, sentences, least=level == min(definitions)) if level < max(definitions) else ()
    why = amount.words if eur == amount.amount else f"{amount.words} is about EUR {round(eur):,} a year"
    if weight:
        level += 1
        why += ", and the account has some strategic weight"
    arr = StatedArr(words=amount.words, amount=amount.amount, currency=amount.currency, period=amount.period)
    return AccountValue(level, Basis.STATED, f"{why}: {definitions[level]}", (amount.words, *weight), arr)


def _weight(amount: money.StatedAmount, text: str, sentences: tuple[str, ...], *, least: bool) -> tuple[str, ...]:
    """What says that the account is strategic: anywhere in strong words, in common ones only beside the amount."""
    if passages.with_cue("not_strategic", sentences, most=1):
        return ()
    if strong := next((said for said in sentences if standing.tells(said, "strategic_strong")), None):
        return (strong,)
    hints = ("strategic_some", "strategic_weak") if least else ("strategic_some",)
    told = standing.quote(standing.beside(text, amount), *hints)
    return (told,) if told else ()
