"""Killed, full, read-only, locked: what was reported as saved is there, and the rest is told in one line."""

import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress

import pytest

from agent.errors import StoreUnusable
from agent.schema.record import KeepText
from agent.store import Store
from agent.store.verify import verify
from tests.store import kept

SAVES = """
import sys
from agent.store import Store
from tests.store import kept
with Store(sys.argv[1]) as store:
    while True:
        print(kept.keep(store), flush=True)
"""


@pytest.mark.parametrize("saves", [1, 7, 20])
def test_a_killed_process_loses_nothing_that_it_reported(place, saves):
    """SIGKILL in the middle of saves: every id that was printed is kept, and the chain is whole."""
    with subprocess.Popen([sys.executable, "-c", SAVES, str(place)], stdout=subprocess.PIPE, text=True) as process:
        reported = [process.stdout.readline().strip() for _ in range(saves)]
        process.send_signal(signal.SIGKILL)
        reported += [line.strip() for line in process.stdout if len(line.strip()) == 32]
    with Store(place) as store:
        assert set(reported) <= {summary.id for summary in store.list()}
        assert verify(store).faults == ()
        kept.keep(store)


@contextmanager
def largest_file(size):
    """No file of this process may grow beyond that many bytes: a full disk, as far as SQLite can tell."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_may_not_grow_is_told_and_nothing_is_lost(sqlite, tmp_path):
    """The save fails in one line; what was kept before is whole, and with room again the next save works."""
    key = kept.keep(sqlite)
    size = max(file.stat().st_size for file in tmp_path.glob("record.db*"))
    with largest_file(size), pytest.raises(StoreUnusable, match="full"):
        _fill(sqlite)
    kept_so_far = sqlite.count()
    assert sqlite.get(key).situation is not None
    assert verify(sqlite).faults == ()
    kept.keep(sqlite, keep_text=KeepText.NONE)
    assert sqlite.count() == kept_so_far + 1


def test_a_full_disk_is_told_and_nothing_is_lost(small_disk):
    """No byte is left: the save fails in one line, every case that was reported can be read, and room heals it."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * 500_000)
    reported = []
    with Store(small_disk / "record.db") as store:
        with pytest.raises(StoreUnusable, match=r"record\.db: .*full"):
            _fill(store, reported)
        assert reported
        _stuff(small_disk / "stuffing")
        with pytest.raises(StoreUnusable, match="full"):
            _fill(store, reported)
        assert {summary.id for summary in store.list()} == set(reported)
        assert verify(store).faults == ()
        assert store.get(reported[0]).situation is not None
    ballast.unlink()
    with Store(small_disk / "record.db") as again:
        reported.append(kept.keep(again))
        assert {summary.id for summary in again.list()} == set(reported)
        assert verify(again).faults == ()


def _stuff(file):
    """Writes until nothing more goes on the disk."""
    with file.open("wb", buffering=0) as opened, suppress(OSError):
        while True:
            opened.write(b"x" * 512)


def _fill(store, reported=None):
    for _ in range(100):
        key = kept.keep(store, text=kept.THREAD + "x" * 20_000)
        if reported is not None:
            reported.append(key)


@contextmanager
def as_nobody():
    """Root may write anywhere, so the test steps down where it runs as root."""
    if os.geteuid() == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        if os.getuid() == 0:
            os.seteuid(0)


def test_a_read_only_directory_is_told(tmp_path):
    """No record can be made in it: one line with the place."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o555)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(folder.stat().st_mode | 0o055)
    with as_nobody(), pytest.raises(StoreUnusable, match=r"record\.db"):
        Store(closed / "record.db")


def test_a_read_only_record_is_told(sqlite, tmp_path):
    """A record that belongs to somebody else can be neither opened nor written, and stays as it is."""
    kept.keep(sqlite)
    sqlite.close()
    for folder in tmp_path.parents[:3]:
        folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.chmod(0o555)
    (tmp_path / "record.db").chmod(0o444)
    with as_nobody(), pytest.raises(StoreUnusable, match=r"read-only|opened"), Store(tmp_path / "record.db") as store:
        kept.keep(store)
    tmp_path.chmod(0o755)


def test_a_locked_record_is_told_after_a_while(sqlite, tmp_path):
    """Another process that keeps the lock costs the save, not what is kept; once it is gone the save works."""
    kept.keep(sqlite)
    other = sqlite3.connect(tmp_path / "record.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnusable, match="locked"):
        kept.keep(sqlite)
    assert sqlite.count() == 1  # reading goes on beside a writer
    other.execute("ROLLBACK")
    other.close()
    kept.keep(sqlite)
    assert sqlite.count() == 2


def test_a_link_that_points_nowhere_yet(tmp_path):
    """The record may lie elsewhere: it is made there, and is its owner's alone."""
    (tmp_path / "record.db").symlink_to(tmp_path / "elsewhere" / "record.db")
    with Store(tmp_path / "record.db") as store:
        kept.keep(store)
        assert store.count() == 1
    assert (tmp_path / "elsewhere" / "record.db").stat().st_mode & 0o777 == 0o600


def test_a_first_start_waits_for_another(tmp_path):
    """Turning a new file to write-ahead needs it alone, and SQLite does not wait for that by itself."""
    other = sqlite3.connect(tmp_path / "record.db", isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE first (x)")
    other.execute("BEGIN IMMEDIATE")
    let_go = threading.Timer(0.3, other.execute, ["COMMIT"])
    let_go.start()
    with Store(tmp_path / "record.db") as store:
        kept.keep(store)
        assert store.count() == 1
    let_go.join()
    other.close()


@pytest.mark.parametrize("replaced", [False, True])
def test_a_file_that_is_gone_is_told_and_nothing_is_reported_as_saved(sqlite, tmp_path, replaced):
    """Deleted, or replaced by a backup, under one that has it open: a save into the old file would be lost."""
    kept.keep(sqlite)
    sqlite.squeeze()
    file = tmp_path / "record.db"
    if replaced:
        shutil.copy(file, tmp_path / "backup.db")
        (tmp_path / "backup.db").replace(file)
    else:
        file.unlink()
    for _ in range(2):
        with pytest.raises(StoreUnusable, match="removed or replaced while it was open; start again"):
            kept.keep(sqlite)
    assert file.exists() is replaced  # and no empty one is made in its place
    with Store(file) as again:
        assert again.count() == int(replaced)


@pytest.mark.parametrize(
    "change",
    ["UPDATE runs SET made_at = 'soon'", "UPDATE entries SET figures = 'none'"],
)
def test_what_somebody_wrote_by_hand_is_told(sqlite, tmp_path, change):
    """A row that cannot be read is one line that leads to the check, which names it."""
    key = kept.keep(sqlite)
    raw = sqlite3.connect(tmp_path / "record.db", isolation_level=None)
    raw.execute(change)
    raw.close()
    with pytest.raises(StoreUnusable, match=r"never wrote .*; see `triage log verify`"):
        sqlite.list(), sqlite.history(key)
    assert verify(sqlite).faults
