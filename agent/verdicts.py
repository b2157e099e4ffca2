"""What a person says about a kept triage, decided anew by the real engine under the policy of record.

Deadlines count from the moment of the triage, not of the verdict: a late look does not buy time.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from agent import by_hand, engine, evidence
from agent import policy as policies
from agent.engine import deadlines
from agent.errors import PolicyError
from agent.policy import Policy
from agent.schema import Decision, Dimension, Level
from agent.schema.record import Entry, Rescored, Run, Verdict
from agent.store import Store


def policy_of_record(store: Store, run: Run) -> Policy:
    """The policy that decided the run. Sections that this version added since are the shipped ones."""
    recorded = store.policy_document(run.policy_digest)
    shipped = policies.load_default().model_dump(mode="json", by_alias=True)
    complete = recorded | {key: rule for key, rule in shipped.items() if key not in recorded}
    added = {code: rule for code, rule in shipped["warnings"].items() if code not in recorded["warnings"]}
    try:
        return Policy.model_validate(complete | {"warnings": recorded["warnings"] | added})
    except ValidationError as error:
        fault = error.errors()[0]
        raise PolicyError(
            f"the policy of record of {run.summary.id[:7]} cannot be read by this version: "
            f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}"
        ) from error


def moved(run: Run, verdict: Verdict) -> dict[Dimension, Level]:
    """The scores that the verdict really changes."""
    return {dimension: level for dimension, level in verdict.scores.items() if level != run.summary.scores[dimension]}


def rescore(run: Run, policy: Policy, verdict: Verdict) -> Decision:
    """What the engine decides on the verdict's scores; a band set by hand brings its own owner and deadlines."""
    grounded = run.grounded or by_hand.grounded(run.summary.scores, run.summary.issue_type, policy)
    grounded = evidence.overrule(grounded, moved(run, verdict))
    now = _moment(run)
    decision = engine.decide(grounded, policy, now)
    band = verdict.decision
    if band is None or band is decision.band:
        return decision
    by_the_band = {
        "band": band,
        "label": policy.bands[band].label,
        "route": engine.route(grounded.extraction, policy, band),
        "deadlines": deadlines.set_for(grounded.scores, policy, band=band, now=now),
    }
    return decision.model_copy(update=by_the_band)


def give(store: Store, run: Run, verdict: Verdict, *, by: str) -> Entry:
    """Rescore and keep the verdict. What it does not really change is kept as agreement with that part."""
    decision = rescore(run, policy_of_record(store, run), verdict)
    scores = moved(run, verdict)
    same = not scores and decision.band is run.summary.band
    kept = verdict.model_copy(update={"scores": scores, "decision": None if same else verdict.decision})
    rescored = Rescored(
        scores=run.summary.scores | scores,
        total=decision.total,
        band=decision.band,
        decision=decision.label,
        owner=decision.route.owner,
        owner_answer=decision.deadlines.owner_answer,
        customer_word=decision.deadlines.customer_word,
        customer_update=decision.deadlines.customer_update,
        escalate_if_unresolved=decision.deadlines.escalate_if_unresolved,
    )
    return store.add_verdict(run.summary.id, kept, rescored, by=by)


def others(store: Store, entry: Entry) -> tuple[str, ...]:
    """Who else's verdict stood on the case when this entry was written, also where both came at the same moment."""
    said = (e for e in store.history(entry.run_id) if e.verdict and not e.undone and e.sequence < entry.sequence)
    return tuple(dict.fromkeys(each.by for each in said if each.by != entry.by))


def _moment(run: Run) -> datetime:
    """When it was made, in the zone in which office hours were counted."""
    made = run.assessment.provenance.made_at
    return made.astimezone(ZoneInfo(run.time_zone)) if run.time_zone else made
