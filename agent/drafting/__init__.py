"""Model call 2: the ask and the customer message. `Drafter` is the port.

`hosted` writes with a model, `template` is the plain deterministic wording.
"""

from collections.abc import Sequence
from typing import Protocol

from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import Brief, Finding, Written


class Drafter(Protocol):
    """Words an ask (or a next step) and a customer message. The other place where a model may speak."""

    def draft(self, brief: Brief, policy: Policy, deadline: Deadline, findings: Sequence[Finding] = ()) -> Written:
        """Word a draft with its placeholders still in it; `findings` is what a guard held against the last one."""
