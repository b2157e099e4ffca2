import subprocess

import psycopg
import pytest

from agent.store import Store
from tests.store import postgres


@pytest.fixture(scope="session")
def postgres_url():
    """A running PostgreSQL."""
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.server() as url:
        yield url


@pytest.fixture
def fresh_postgres(postgres_url):
    """The URL of an empty database: emptied, since a new one is seven megabytes and hundreds of files."""
    url = f"{postgres_url}/postgres"
    with psycopg.connect(url, autocommit=True) as connection:
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres' AND pid <> %s"
        connection.execute(others, [connection.info.backend_pid])
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path):
    """Where a record may be: a file that does not exist yet, and an empty PostgreSQL database."""
    return tmp_path / "record.db" if request.param == "sqlite" else request.getfixturevalue("fresh_postgres")


@pytest.fixture
def store(place):
    with Store(place) as opened:
        yield opened


@pytest.fixture
def sqlite(tmp_path):
    with Store(tmp_path / "record.db") as opened:
        yield opened


@pytest.fixture
def small_disk(tmp_path):
    """A file system of two megabytes of its own; skipped where the test may not mount one."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "triage-test", str(folder)]
    try:
        mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    except FileNotFoundError as error:
        pytest.skip(f"no small file system: {error}")
    if mounted.returncode:
        pytest.skip(f"no small file system: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)
