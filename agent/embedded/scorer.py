"""The scorer of the small built-in model, which cannot read a rubric or write: it answers closed questions.

Levels come from those answers and from words (`judge`), account value from amounts (`value`), quotes and every other
fact from passages of the text. What it fills in is a form for the CSM to check, and the report says so.
"""

from collections.abc import Mapping

from agent import intake
from agent.embedded import judge, passages, value
from agent.models import questions as closed
from agent.models.port import Deadline, QuestionModel
from agent.policy import Policy
from agent.schema import (
    Answer,
    Basis,
    Dimension,
    DimensionReading,
    Extraction,
    FactReading,
    IssueType,
    Level,
    Reading,
    RoutingCondition,
    Side,
    Situation,
    StatedArr,
    SurpriseTest,
)
from agent.schema.situation import context_note

_MIDDLE: Level = 3
_SEVERE: Level = 4  # from this impact on, a manager who hears it from the customer first is surprised
_TRUST_DAMAGED = 0.5  # log-odds of yes
_NEARLY_AS_LIKELY = 0.25  # distance of a runner-up type, in standard deviations of the types' readings


class EmbeddedScorer:
    """`Scorer` over a model that answers closed questions."""

    def __init__(self, model: QuestionModel) -> None:
        self._model = model
        self._judge = judge.load()

    def extract(self, situation: Situation, policy: Policy, deadline: Deadline) -> Reading:
        """Ask every closed question about the same text; no text is generated."""
        text, asked = _text(situation), judge.facts()
        answered = self._model.ask(
            text, [fact.question for fact in asked], input_digest=intake.digest(situation), deadline=deadline
        )
        signals = {answer.name: judge.signal(answer.probabilities) for answer in answered.answers}
        return Reading(
            extraction=self._extraction(situation, policy, text, signals),
            low_confidence=judge.READ_DIMENSIONS,
            facts=tuple(
                FactReading(name=fact.name, question=fact.ask, yes=round(answer.probabilities[0], 4))
                for fact, answer in zip(asked, answered.answers, strict=True)
            ),
            calls=(answered.call,),
        )

    def _extraction(self, situation: Situation, policy: Policy, text: str, signals: Mapping[str, float]) -> Extraction:
        readings = self._judge.read(text, signals)
        sentences = passages.all_sentences(situation.messages)
        worth = value.read(text, sentences, ours=situation.bodies(Side.CSM_NOTE, Side.US), policy=policy)
        # What the CSM can do is said on our side; the customer can only guess it.
        ours = passages.all_sentences(m for m in situation.messages if m.side is not Side.CUSTOMER)
        # The amount is said already; it is no reason for anything else.
        telling, ours = (_without(worth.arr, passed) for passed in (sentences, ours or sentences))
        read = {
            dimension: self._dimension(
                dimension,
                judge.level(readings[dimension]),
                ours if dimension is Dimension.CSM_CAPABILITY else telling,
                signals,
                policy,
            )
            for dimension in judge.READ_DIMENSIONS
        }
        read[Dimension.ACCOUNT_VALUE] = DimensionReading(
            quotes=worth.quotes, basis=worth.basis, rationale=worth.rationale, score=worth.level, question=None
        )
        (issue_type, best), (runner_up, second), *_ = judge.ranked_types(readings)
        impact = read[Dimension.CUSTOMER_IMPACT]
        open_now = _short(impact.quotes[:1]) if impact.score >= _MIDDLE else ()
        return Extraction(
            account=situation.context.account or passages.account(situation),
            situation=_in_their_words(situation, read),
            open_now=open_now,
            already_resolved=(),
            attempts=_short(passages.with_cue("attempt", sentences, most=4)),
            told_so_far=_told(situation),
            customer_request=None,
            customer_deadline=passages.deadline(situation),
            arr=worth.arr,
            renewal=next(iter(_short(passages.with_cue("renewal", sentences, most=1), 120)), None),
            issue_type_reason=self._because(issue_type, signals, high=True),
            issue_type=issue_type,
            issue_type_runner_up=runner_up if best - second < _NEARLY_AS_LIKELY else None,
            routing_condition=RoutingCondition(reason="The built-in model does not judge it.", met=Answer.NOT_KNOWN),
            surprise_test=_surprise(impact.score, signals["trust"]),
            other_issues=(),
            **{dimension.value: read[dimension] for dimension in Dimension},
        )

    def _dimension(
        self,
        dimension: Dimension,
        level: Level,
        sentences: tuple[str, ...],
        signals: Mapping[str, float],
        policy: Policy,
    ) -> DimensionReading:
        high = level >= _MIDDLE
        sign = 1 if high else -1
        quotes = passages.strongest(sentences, lambda s: sign * self._judge.lexicon.pull(s, dimension), most=2)
        definition = policy.dimensions[dimension].levels[level]
        return DimensionReading(
            quotes=quotes,
            basis=Basis.INFERRED,
            rationale=f"{definition} {self._because(dimension, signals, high=high)}",
            score=level,
            question=None,
        )

    def _because(self, target: Dimension | IssueType, signals: Mapping[str, float], *, high: bool) -> str:
        """The one or two answers that moved a target most in the direction it was read."""
        sign = 1 if high else -1
        pulls = {name: sign * pull for name, pull in self._judge.facts.pulls(signals, target).items()}
        told = [
            fact
            for fact in judge.facts()
            if target in fact.about
            and pulls[fact.name] > 0
            and self._judge.facts.speaks_for(fact.name, signals[fact.name], target, high=high)
        ]
        told.sort(key=lambda fact: -pulls[fact.name])
        phrases = [fact.yes if signals[fact.name] > 0 else fact.no for fact in told[:2]]
        return f"Read from: {'; '.join(phrases)}." if phrases else "Read from the words of the text."


def prompts(situation: Situation) -> list[str]:
    """Every prompt that the built-in model is asked, for `triage preview`."""
    opening = closed.opening(_text(situation))
    return [opening + closed.closing(fact.question) for fact in judge.facts()]


def _text(situation: Situation) -> str:
    """What the model reads: the text as pasted, or what of it fits, and the CSM's own additions."""
    words = situation.bodies() if situation.left_out else situation.text
    note = context_note(situation.context)
    return f"{words}\n\n[CSM: {note}]" if note else words


def _in_their_words(situation: Situation, read: Mapping[Dimension, DimensionReading]) -> str:
    """Two sentences that claim nothing: what stands in the text, and who says so."""
    customer = tuple(s for m in situation.messages if m.side is Side.CUSTOMER for s in passages.sentences(m))
    quotes = [*read[Dimension.CUSTOMER_IMPACT].quotes, *read[Dimension.TIME_SENSITIVITY].quotes]
    theirs = next((quote for quote in quotes if quote in customer), None) or next(iter(customer), None)
    rest = [*read[Dimension.CSM_CAPABILITY].quotes, *quotes]
    ours = next((quote for quote in rest if quote not in customer), None)
    lines = [f'The customer writes: "{theirs}"'] if theirs else []
    lines += [f'{"On our side" if theirs else "The text says"}: "{ours}"'] if ours else []
    return " ".join(lines)[:500] or "The text is too short to quote from."


def _told(situation: Situation) -> tuple[str, ...]:
    return tuple(
        f"{message.author or 'We'} wrote to {message.to or 'the customer'}"[:200]
        for message in situation.messages
        if message.side is Side.US
    )[:4]


def _without(arr: StatedArr | None, sentences: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences without those that state the revenue; all of them where nothing else would be left."""
    return tuple(sentence for sentence in sentences if not arr or arr.words not in sentence) or sentences


def _short(sentences: tuple[str, ...], most: int = 200) -> tuple[str, ...]:
    return tuple(sentence[:most] for sentence in sentences)


def _surprise(impact: Level, trust: float) -> SurpriseTest:
    if impact >= _SEVERE:
        return SurpriseTest(reason="The customer's business is hit hard.", surprised=True)
    if trust > _TRUST_DAMAGED:
        return SurpriseTest(reason="Trust reads as damaged, or leaving was mentioned.", surprised=True)
    return SurpriseTest(reason="Neither a severe impact nor damaged trust was read.", surprised=False)
