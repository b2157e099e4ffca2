"""By which keys a later mail finds the triage it goes on from, the surest first. A key is a hash: it names nobody."""

import re
from collections.abc import Iterable

from agent.schema import Side, Situation
from agent.store.chain import sha256

LEAST_BODY = 60  # characters; a shorter message is a greeting that many threads share
KINDS = ("id", "body", "subject")
_REPLY = re.compile(r"^\s*(?:(?:re|fwd?|aw|wg|tr|rv|sv|vs|odp|antw)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)


def keys(situation: Situation, message_ids: Iterable[str] = ()) -> dict[str, str]:
    """Key to kind: Message-IDs, the words of whole messages, and the subject with who wrote."""
    found = {sha256(f"id\0{each}"): "id" for each in message_ids}
    bodies = (" ".join(message.body.split()) for message in situation.messages)
    found |= {sha256(f"body\0{body}"): "body" for body in bodies if len(body) >= LEAST_BODY}
    people = sorted(
        {
            (message.address or message.author or "").lower()
            for message in situation.messages
            if message.side in {Side.CUSTOMER, Side.UNKNOWN}
        }
        - {""}
    )
    subjects = {_REPLY.sub("", message.subject).strip().lower() for message in situation.messages if message.subject}
    return found | {
        sha256(f"subject\0{subject}\0{person}"): "subject" for subject in subjects if subject for person in people
    }
