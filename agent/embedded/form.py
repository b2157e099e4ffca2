"""What code reads of a situation for a scorer whose model does not write: quotes, amount, names, dates, attempts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from agent.embedded import account, passages, value
from agent.embedded.value import AccountValue
from agent.policy import Policy
from agent.schema import (
    Answer,
    Basis,
    Dimension,
    DimensionReading,
    Extraction,
    IssueType,
    IssueTypeProbabilities,
    Level,
    RoutingCondition,
    Side,
    Situation,
    SurpriseTest,
)
from agent.schema.situation import context_note

_MIDDLE: Level = 3
_OPEN_CHARACTERS, _RENEWAL_CHARACTERS, _SITUATION_CHARACTERS = 200, 120, 500

_NEARLY_AS_LIKELY = 0.5  # of the best type's share

Pull = Callable[[str, Dimension], float]


@dataclass(frozen=True)
class Form:
    """The parts of an extraction that need no model."""

    situation: Situation
    policy: Policy

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        return passages.all_sentences(self.situation.messages)

    @cached_property
    def worth(self) -> AccountValue:
        ours, note = self.situation.bodies(Side.CSM_NOTE, Side.US), context_note(self.situation.context)
        text = f"{self.situation.text}\n\n[CSM: {note}]" if note else self.situation.text
        return value.read(text, self.sentences, ours=ours, policy=self.policy)

    def reading(
        self, dimension: Dimension, level: Level, *, pull: Pull | None, because: str, told: frozenset[str] = frozenset()
    ) -> DimensionReading:
        """A level with the sentences that speak for it most, in the rubric's words.

        `pull` tells how far a sentence speaks for a high level; None where the text is silent. `told` are sentences
        that stand for another score already.
        """
        sign, basis = 1 if level >= _MIDDLE else -1, Basis.INFERRED
        quotes: tuple[str, ...] = ()
        if pull is None:
            basis = Basis.UNSTATED
        elif dimension is Dimension.ACCOUNT_VALUE:  # what speaks for a value is found by words of its own
            quotes, basis = self.worth.quotes, self.worth.basis
        else:
            quotes = passages.strongest(
                self._telling(dimension), lambda s: sign * pull(s, dimension), told=told, most=2
            )
        return DimensionReading(
            quotes=quotes,
            basis=basis,
            rationale=f"{self.policy.dimensions[dimension].levels[level]} {because}",
            score=level,
            question=None,
        )

    def readings(
        self, read: Callable[[Dimension, frozenset[str]], DimensionReading]
    ) -> dict[Dimension, DimensionReading]:
        """All four by `read`, which is told the sentences that stand for those before."""
        done: dict[Dimension, DimensionReading] = {}
        for dimension in Dimension:
            told = frozenset(quote for reading in done.values() for quote in reading.quotes)
            done[dimension] = read(dimension, told)
        return done

    def amount(self) -> DimensionReading:
        """The account value as the amount and the words of strategic weight give it."""
        worth = self.worth
        return DimensionReading(
            quotes=worth.quotes, basis=worth.basis, rationale=worth.rationale, score=worth.level, question=None
        )

    def extraction(
        self,
        readings: Mapping[Dimension, DimensionReading],
        *,
        issue_type: IssueType,
        runner_up: IssueType | None,
        reason: str,
        surprise: SurpriseTest,
    ) -> Extraction:
        """The whole form around the four readings."""
        impact = readings[Dimension.CUSTOMER_IMPACT]
        renewal = passages.with_cue("renewal", self.sentences, most=1)
        return Extraction(
            account=self.situation.context.account or account.name(self.situation),
            situation=self._in_their_words(readings),
            open_now=tuple(q[:_OPEN_CHARACTERS] for q in impact.quotes[:1]) if impact.score >= _MIDDLE else (),
            already_resolved=(),
            attempts=tuple(s[:_OPEN_CHARACTERS] for s in passages.with_cue("attempt", self.sentences, most=4)),
            told_so_far=self._told(),
            customer_request=None,
            customer_deadline=passages.deadline(self.situation),
            arr=self.worth.arr,
            renewal=renewal[0][:_RENEWAL_CHARACTERS] if renewal else None,
            issue_type_reason=reason,
            issue_type=issue_type,
            issue_type_runner_up=runner_up,
            routing_condition=RoutingCondition(reason="The model was not asked.", met=Answer.NOT_KNOWN),
            surprise_test=surprise,
            other_issues=(),
            **{dimension.value: reading for dimension, reading in readings.items()},
        )

    def _telling(self, dimension: Dimension) -> tuple[str, ...]:
        """What the CSM can do is said on our side; the amount is said already and is no reason for anything else."""
        ours = passages.all_sentences(m for m in self.situation.messages if m.side is not Side.CUSTOMER)
        if dimension is Dimension.CSM_CAPABILITY and (told := self._beside_the_amount(ours)):
            return told
        return self._beside_the_amount(self.sentences) or self.sentences

    def _beside_the_amount(self, said: tuple[str, ...]) -> tuple[str, ...]:
        arr = self.worth.arr
        return tuple(sentence for sentence in said if not arr or arr.words not in sentence)

    def _told(self) -> tuple[str, ...]:
        """Whom we wrote to, as far as the messages say."""
        ours = (message for message in self.situation.messages if message.side is Side.US)
        return tuple(f"{m.author or 'We'} wrote to {m.to or 'the customer'}"[:_OPEN_CHARACTERS] for m in ours)[:4]

    def _in_their_words(self, readings: Mapping[Dimension, DimensionReading]) -> str:
        """Two sentences that claim nothing: what stands in the text, and who says so."""
        customer = tuple(s for m in self.situation.messages if m.side is Side.CUSTOMER for s in passages.sentences(m))
        told = [q for d in (Dimension.CUSTOMER_IMPACT, Dimension.TIME_SENSITIVITY) for q in readings[d].quotes]
        theirs = next((quote for quote in told if quote in customer), None) or next(iter(customer), None)
        rest = [*readings[Dimension.CSM_CAPABILITY].quotes, *told]
        ours = next((quote for quote in rest if quote not in customer), None)
        lines = [f'The customer writes: "{theirs}"'] if theirs else []
        lines += [f'{"On our side" if theirs else "The text says"}: "{ours}"'] if ours else []
        return " ".join(lines)[:_SITUATION_CHARACTERS] or "The text is too short to quote from."


def runner_up(types: IssueTypeProbabilities) -> IssueType | None:
    """The second issue type where it is nearly as likely as the first."""
    best, second = sorted(IssueType, key=lambda kind: -types.values[kind])[:2]
    return second if types.values[second] >= _NEARLY_AS_LIKELY * types.values[best] else None
