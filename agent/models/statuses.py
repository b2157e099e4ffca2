"""What an endpoint's HTTP status means for a run: who has to act, and whether waiting helps."""

import time
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from agent.errors import ModelRejected, ModelUnavailable, TriageError
from agent.models.choose import KEY_VARIABLE
from agent.schema import Noun

_LATER = {HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS}


class Refusal(Noun):
    """A status that is no success, and what the server said with it, in one line and without the key."""

    status: int
    said: str
    code: str | None = None
    endpoint: str
    model: str
    has_key: bool
    key_variable: str = KEY_VARIABLE


def error(refusal: Refusal) -> TriageError:
    """ModelUnavailable where the same request may work later, else ModelRejected. Names what the reader can change."""
    status, endpoint, words = refusal.status, refusal.endpoint, f"({refusal.status}: {refusal.said})"
    if status == HTTPStatus.UNAUTHORIZED:
        # What the server says here quotes the key.
        wants = "does not accept the key in" if refusal.has_key else "wants a key in"
        return ModelRejected(f"{endpoint} {wants} {refusal.key_variable} ({status})")
    if refusal.code == "insufficient_quota" or status == HTTPStatus.PAYMENT_REQUIRED:
        return ModelRejected(f"the account behind {refusal.key_variable} has no credit left at {endpoint} {words}")
    if status in _LATER or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return ModelUnavailable(f"{endpoint} cannot answer now {words}")
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        return ModelRejected(f"{endpoint} points to another address ({status}); name that one if the text may go there")
    if status == HTTPStatus.NOT_FOUND:
        return ModelRejected(f"{endpoint} has no model '{refusal.model}', or is not the API's base URL {words}")
    return ModelRejected(f"{endpoint} does not accept the request to '{refusal.model}' {words}")


def retry_after(header: str | None) -> float | None:
    """Seconds to wait, from either form of Retry-After; None where the header says nothing that can be read."""
    if header is None:
        return None
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return None
