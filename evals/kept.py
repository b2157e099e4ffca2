"""Results that outlive an interruption: every one is a line in the user's cache as soon as it is there.

The file's name is a key made of all that an answer depends on (model, prompts, response schemas, policy, the product's
own files, endpoint, deadline). Failures that say nothing about the answer are tried again.
"""

import hashlib
import json
import re
import threading
from collections.abc import Sequence
from pathlib import Path

import platformdirs
from pydantic import ValidationError

import agent
from agent import prompts
from agent.policy import Policy
from agent.schema import Draft, Extraction, Noun
from evals.items import Item
from evals.results import CaseResult, Outcome

_AGAIN = (Outcome.TIMED_OUT, Outcome.UNAVAILABLE, Outcome.REJECTED)


class _Line(Noun):
    """One line of the cache."""

    item: str
    result: CaseResult


class Kept:
    """Results as they came, one line each in a file. Without a file nothing is kept."""

    def __init__(self, path: Path | None, *, fresh: bool = False) -> None:
        self._path, self._lock = path, threading.Lock()
        self._results: dict[str, CaseResult] = {}
        if path is None:
            return
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if fresh:
            path.unlink(missing_ok=True)
        if path.is_file():
            self._results = dict(_lines(path))
            _end_line(path)

    def find(self, item: Item) -> CaseResult | None:
        """The earlier result of an item, if it says something about the answer."""
        result = self._results.get(item.digest)
        return None if result is None or result.outcome in _AGAIN else result

    def keep(self, item: Item, result: CaseResult) -> None:
        """Write one line; what was written is there after a crash."""
        if self._path is None:
            return
        line = _Line(item=item.digest, result=result).model_dump_json()
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(line + "\n")


def _end_line(path: Path) -> None:
    """A line that a killed run left unfinished must not swallow the next one."""
    data = path.read_bytes()
    if data and not data.endswith(b"\n"):
        path.write_bytes(data + b"\n")


def _lines(path: Path) -> Sequence[tuple[str, CaseResult]]:
    found = []
    for text in path.read_text(encoding="utf-8").splitlines():
        try:
            line = _Line.model_validate_json(text)
        except ValidationError:  # the run was killed while it wrote
            continue
        found.append((line.item, line.result))
    return found


def cache_file(model: str, policy: Policy, **also: object) -> Path:
    """Where the results of a run are kept; another key for everything that could change an answer."""
    depends_on = {
        "model": model,
        "prompts": [prompts.load("extract").reference(Extraction), prompts.load("draft").reference(Draft)],
        "policy": [policy.reference, policy.calendar.country],
        "product": _product_digest(),
        **also,
    }
    key = hashlib.sha256(json.dumps(depends_on, sort_keys=True, default=str).encode()).hexdigest()
    name = re.sub(r"[^\w.-]+", "-", model)
    return Path(platformdirs.user_cache_dir("escalation-triage")) / "evals" / f"{name}-{key[:16]}.jsonl"


def _product_digest() -> str:
    """sha256 of the files of product and baselines: a template changes answers as much as a prompt."""
    digest = hashlib.sha256()
    for folder in (Path(agent.__file__).parent, Path(__file__).parent / "against"):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".yaml", ".json", ".md"}):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
