"""The real server over a real record, on loopback, and a real browser before it."""

import shutil
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC

import httpx2
import pytest

from agent.schema.record import KeepText
from agent.store import Store
from agent.web import serving
from agent.web.desk import Desk
from agent.web.door import Door
from tests.store.conftest import fresh_postgres, place, postgres_url, sqlite, store
from tests.web import cases

__all__ = ["fresh_postgres", "place", "postgres_url", "sqlite", "store"]

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
PATIENCE_MS = 240_000  # of a machine that does other work; a pass never waits for it


@dataclass(frozen=True)
class Site:
    """A running server: its door, its record, and clients that went through the door."""

    door: Door
    store: Store

    @contextmanager
    def client(self):
        """A client with a session of its own."""
        origin = self.door.origin
        with httpx2.Client(base_url=origin, timeout=PATIENCE_MS / 1000, headers={"Origin": origin}) as opened:
            opened.get(self.door.link(), follow_redirects=True).raise_for_status()
            yield opened


@contextmanager
def serve(store, *, by="Ada", keep_text=KeepText.FULL):
    """A server for the record, stopped at the end."""
    listening = serving.bound("127.0.0.1", 0)
    door = Door(host="127.0.0.1", port=listening.getsockname()[1], by=by)
    server = serving.server(Desk(store, cases.POLICY, UTC, keep_text), door)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield Site(door, store)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture
def site(store):
    """A server over SQLite, and over PostgreSQL."""
    with serve(store) as running:
        yield running


@pytest.fixture
def lite(sqlite):
    """A server over SQLite, for what the kind of database cannot change."""
    with serve(sqlite) as running:
        yield running


@pytest.fixture
def client(lite):
    with lite.client() as opened:
        yield opened


@pytest.fixture(scope="session")
def chromium():
    """Debian's Chromium, driven by Playwright."""
    playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
    if CHROMIUM is None:
        pytest.skip("no Chromium on the PATH: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=PATIENCE_MS
        )
        yield launched
        launched.close()


@pytest.fixture
def browse(chromium):
    """Opens a page that came in by the site's link; whatever it loads from elsewhere, or fails at, is noted."""
    contexts = []

    def opened(site, *, width=1280, scheme="light", scripts=True):
        context = chromium.new_context(
            viewport={"width": width, "height": 844}, color_scheme=scheme, java_script_enabled=scripts
        )
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.faults = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.goto(site.door.link())
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def axe():
    """What axe finds wrong on a page, as its report; empty where it finds nothing."""
    sync_axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install axe-playwright-python")

    def violations(page):
        found = sync_axe.Axe().run(page)
        return found.generate_report() if found.violations_count else ""

    return violations
