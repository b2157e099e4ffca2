"""How long the review pages take: `python -m evals.benchmarks.review [CASES ...]`, from a checkout, with `web`.

Keeps that many triages in a SQLite record (10,000 unless told; `10000 100000` shows the growth), every tenth with a
verdict that agrees or moves one score, and asks the site for its pages in this process, without a network. Two figures
per page, both medians: the time by the clock, and the processor time, which other work on the machine does not
lengthen. The ratio is the processor time to the budget of 150 ms.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from agent import verdicts
from agent.policy import LEVELS
from agent.schema import Dimension
from agent.schema.record import KeepText, Verdict
from agent.store import Store
from agent.web.app import app
from agent.web.desk import Desk
from agent.web.door import Door
from tests import builders
from tests.web import cases

BUDGET_SECONDS = 0.15
ROUNDS = 15
DIFFERENT = 200
MOVED = 0.4  # of the verdicts
CASES = 10_000
Page = Callable[[], Awaitable[int]]


def fill(store: Store, count: int) -> list[str]:
    """That many triages, an hour apart, and a verdict on every tenth; the engine decided as many as differ."""
    dimensions, chance = tuple(Dimension), random.Random(1)  # noqa: S311 - repeatable
    decided = [cases.varied(place) for place in range(DIFFERENT)]
    assessed = [cases.assessed(case) for case in decided]
    keys = []
    for place in range(count):
        case, assessment = decided[place % DIFFERENT], assessed[place % DIFFERENT]
        made = assessment.provenance.model_copy(update={"made_at": builders.NOW - timedelta(hours=place)})
        assessment = assessment.model_copy(update={"account": f"{assessment.account} {place}", "provenance": made})
        kept = {"situation": case.situation, "grounded": case.grounded, "policy": case.policy, "by": "Maya"}
        keys.append(store.save(assessment, **kept))
    for key in keys[::10]:
        moved = {chance.choice(dimensions): chance.choice(LEVELS)} if chance.random() < MOVED else {}
        verdicts.give(store, store.get(key), Verdict(scores=moved, reason="So it is."), by="Ada")
    return keys


class Browser:
    """Asks the site for pages as a browser with a session does."""

    def __init__(self, store: Store) -> None:
        door = Door(host="127.0.0.1", port=1, by="Ada")
        self._site = app(Desk(store, cases.POLICY, UTC, KeepText.FULL), door)
        self._cookie = b""
        asyncio.run(self._asked(door.link().removeprefix(door.origin)))

    def get(self, path: str) -> None:
        """Ask for a page; a wrong answer ends the benchmark."""
        if (status := asyncio.run(self._asked(path))) != 200:  # noqa: PLR2004 - HTTP's word for fine
            raise SystemExit(f"{path} answered {status}")

    async def _asked(self, path: str) -> int:
        status = 0
        start, _, query = path.partition("?")
        scope = {
            "type": "http", "method": "GET", "path": start, "raw_path": start.encode(), "query_string": query.encode(),
            "headers": [(b"host", b"127.0.0.1:1"), (b"cookie", self._cookie)], "scheme": "http",
            "server": ("127.0.0.1", 1), "client": ("127.0.0.1", 2), "root_path": "", "http_version": "1.1",
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:  # noqa: ANN401 - ASGI's own shape
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                given = dict(message["headers"]).get(b"set-cookie", b"")
                self._cookie = given.partition(b";")[0] or self._cookie

        await self._site(scope, receive, send)
        return status


def medians(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock and of the processor, after one call that warms up."""
    call()
    clock, spent = [], []
    for _ in range(ROUNDS):
        before, used = time.perf_counter(), time.process_time()
        call()
        clock.append(time.perf_counter() - before)
        spent.append(time.process_time() - used)
    return statistics.median(clock), statistics.median(spent)


def measure(browser: Browser, count: int, pages: dict[str, str]) -> None:
    """Print one line per page."""
    for name, path in pages.items():
        clock, spent = medians(partial(browser.get, path))
        ratio = spent / BUDGET_SECONDS
        print(f"{count:>7,} cases  {name:<18} {clock * 1e3:6.0f} ms, CPU {spent * 1e3:6.0f} ms, ratio {ratio:.2f}")


def main(counts: list[int]) -> None:
    """Fill a record for each number of cases, and measure every page on it."""
    for count in counts:
        with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "record.db") as store:
            keys = fill(store, count)
            pages = {
                "queue": "/", "queue, page 20": "/?page=20", "all, newest": "/?view=all", "case": f"/case/{keys[7]}",
                "overdue": "/overdue", "agreement": "/agreement", "words in the text": "/?text=payment+file",
            }  # fmt: skip
            measure(Browser(store), count, pages)


if __name__ == "__main__":
    main([int(given) for given in sys.argv[1:]] or [CASES])
