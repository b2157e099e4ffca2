"""What every page works with: the record, the policy in force, and the settings that the page tells its reader."""

from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from agent import verdicts
from agent.policy import Policy
from agent.schema.record import KeepText, Run
from agent.store import Store


@dataclass(frozen=True)
class Desk:
    """One server's desk. `policy` is the one in force today; a case is shown under its policy of record."""

    store: Store
    policy: Policy
    zone: tzinfo
    keep_text: KeepText
    _policies: dict[str, Policy] = field(default_factory=dict)

    def now(self) -> datetime:
        return datetime.now(self.zone)

    def policy_of(self, run: Run) -> Policy:
        """The run's policy of record, proven once."""
        known = self._policies.get(run.policy_digest)
        if known is None:
            known = self._policies[run.policy_digest] = verdicts.policy_of_record(self.store, run)
        return known
