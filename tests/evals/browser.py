"""A real browser without a window, through its command line. Tests that need it are skipped where there is none."""

import http.server
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = next((found for name in NAMES if (found := shutil.which(name))), None)
needs_browser = pytest.mark.skipif(BROWSER is None, reason=f"no browser on the PATH (looked for {', '.join(NAMES)})")
_FLAGS = (
    "--headless",
    "--no-sandbox",  # a container's root user cannot have one; the page is our own
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--virtual-time-budget=2000",
)


def browse(page: Path, *flags: str, fragment: str = "") -> str:
    """What the browser prints for the page, with its scripts run."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [BROWSER, *_FLAGS, f"--user-data-dir={profile}", *flags, f"{page.as_uri()}{fragment}"]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def dom(page: Path, fragment: str = "") -> str:
    """The document as it stands after its scripts ran."""
    return browse(page, "--dump-dom", fragment=fragment)


@contextmanager
def counting_server() -> Iterator[tuple[str, list[str]]]:
    """A server on loopback, and the paths it was asked for."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
