"""Cases through the product's own pipeline: what a user would get, or how it failed. Nothing is dropped.

An interrupted run continues: every result is a line in the user's cache, under a key made of all that an answer depends
on (model, prompts, response schemas, policy, the product's own files, deadline). Failures that say nothing about the
answer (timed out, unavailable, rejected) are tried again.
"""

import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import platformdirs
from pydantic import ValidationError

import agent
from agent import prompts, triage
from agent.cli.wiring import Minds
from agent.errors import (
    ConfigurationError,
    DeadlineExceeded,
    InputError,
    ModelInvalid,
    ModelRefused,
    ModelRejected,
    ModelTruncated,
    ModelUnavailable,
    ModelUnusable,
    ReplayError,
    TriageError,
)
from agent.models.port import Deadline
from agent.policy import Policy
from agent.schema import Assessment, Draft, Extraction, Noun, Signature
from evals.items import Item
from evals.results import CaseResult, Outcome

_OUTCOMES: Mapping[type[TriageError], Outcome] = {
    InputError: Outcome.INVALID,
    ReplayError: Outcome.UNAVAILABLE,
    ModelRejected: Outcome.REJECTED,
    ModelUnusable: Outcome.INVALID,
    ModelRefused: Outcome.REFUSED,
    ModelTruncated: Outcome.TRUNCATED,
    ModelInvalid: Outcome.INVALID,
    ModelUnavailable: Outcome.UNAVAILABLE,
    DeadlineExceeded: Outcome.TIMED_OUT,
}
_AGAIN = (Outcome.TIMED_OUT, Outcome.UNAVAILABLE, Outcome.REJECTED)

OnResult = Callable[[CaseResult], None]


class Contender(Protocol):
    """Anything that answers an item, or says how it failed."""

    def answer(self, item: Item) -> CaseResult: ...


def outcome(error: TriageError) -> Outcome:
    """What becomes of a failure. A ConfigurationError is nobody's answer: it is raised again and ends the run."""
    if isinstance(error, ConfigurationError):
        raise error
    return next(_OUTCOMES[kind] for kind in type(error).__mro__ if kind in _OUTCOMES)


@dataclass(frozen=True)
class Pipeline:
    """The product as every item of a run meets it."""

    minds_for: Callable[[Item], Minds]
    policy: Policy
    deadline_seconds: float | None = None

    def answer(self, item: Item) -> CaseResult:
        """One item, from its text to an assessment or to the way it failed."""
        started = time.monotonic()
        about = {"case_id": item.case.id, "variant": item.variant, "repeat": item.repeat}
        try:
            assessment = self._assess(item, started)
        except TriageError as error:
            seconds = round(time.monotonic() - started, 3)
            return CaseResult(**about, outcome=outcome(error), error=str(error), seconds=seconds)
        except Exception as error:
            error.add_note(f"while triaging the case '{item.case.id}' ({item.variant})")
            raise
        return CaseResult(**about, outcome=Outcome.DONE, assessment=assessment, seconds=assessment.provenance.seconds)

    def _assess(self, item: Item, started: float) -> Assessment:
        limit, situation, minds = Deadline(self.deadline_seconds), item.situation, self.minds_for(item)
        case = triage.judge(
            situation,
            minds.scorer,
            policy=self.policy,
            now=item.case.now,
            context_characters=minds.context_characters,
            deadline=limit,
        )
        wording = triage.word(
            case,
            minds.drafter,
            minds.plain,
            language=situation.language or "en",
            signature=Signature(),
            deadline=limit,
        )
        return triage.assemble(
            case,
            wording,
            model=minds.reference,
            embedded=minds.embedded,
            remote=minds.remote,
            seconds=time.monotonic() - started,
        )


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
    """sha256 of the product's own files: guards, templates and fitted weights change answers as much as a prompt."""
    folder, both = Path(agent.__file__).parent, hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.suffix in {".py", ".yaml", ".json", ".md"}):
        both.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return both.hexdigest()


def gather(
    items: Sequence[Item], contender: Contender, *, kept: Kept, concurrency: int, on_result: OnResult
) -> tuple[CaseResult, ...]:
    """The results of all items in their order; those that were kept are not run again."""
    results: dict[int, CaseResult] = {}
    waiting: dict[int, Item] = {}
    for number, item in enumerate(items):
        found = kept.find(item)
        if found is None:
            waiting[number] = item
        else:
            results[number] = found

    def run(item: Item) -> CaseResult:
        result = contender.answer(item)
        kept.keep(item, result)
        return result

    pool = ThreadPoolExecutor(concurrency)
    try:
        numbers = {pool.submit(run, item): number for number, item in waiting.items()}
        for done in as_completed(numbers):
            results[numbers[done]] = done.result()
            on_result(done.result())
    finally:
        pool.shutdown(cancel_futures=True)  # Ctrl-C: what runs is finished and kept, nothing else is started
    return tuple(results[number] for number in range(len(items)))
