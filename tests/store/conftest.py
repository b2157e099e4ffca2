from itertools import count

import psycopg
import pytest

from agent.store import Store
from tests.store import postgres

_number = count(1)


@pytest.fixture(scope="session")
def postgres_url():
    """A running PostgreSQL."""
    if postgres.binaries() is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with postgres.server() as url:
        yield url


@pytest.fixture
def fresh_postgres(postgres_url):
    """The URL of an empty database."""
    name = f"record_{next(_number)}"
    with psycopg.connect(f"{postgres_url}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return f"{postgres_url}/{name}"


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
