"""The seal of the record: each entry carries the hash of the one before it, so a change of any of them shows."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NamedTuple

START = "0" * 64


class Sealed(NamedTuple):
    """The columns of an entry that its hash covers."""

    sequence: int
    id: str
    kind: str
    run_id: str
    of_id: str | None
    at: datetime
    author: str
    figures: str
    content_digest: str | None
    previous: str

    def hash(self) -> str:
        """sha256 over every field, the previous hash included."""
        fields = self._replace(at=self.at.astimezone(UTC).isoformat(timespec="microseconds"))  # type: ignore[arg-type]  # its text
        return sha256(canonical(list(fields)))


def canonical(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """One way to write a JSON value, so that equal values have equal digests."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def content_digest(salt: str, body: str) -> str:
    """The digest of words. Its salt is forgotten with them, so that nobody can try guesses against the digest."""
    return sha256(f"{salt}\0{body}")
