"""The schema comes forward from every earlier version, with what is in it."""

import subprocess
import sys

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from agent.errors import StoreUnusable
from agent.schema.follow_up import FoundBy
from agent.store import Store, engine, migrate
from agent.store.tables import entries, metadata, threads
from agent.store.verify import verify
from tests.store import kept


def stands_at(place, revision):
    """A database as that version made it, filled with what it could hold."""
    url = engine.url_of(place)
    made = engine.connect(url)
    migrate.forward(made, revision)
    return made


def test_a_new_database_has_the_tables_that_the_code_names(place):
    """Every table, column and index of the code, and no other, on both engines."""
    made = stands_at(place, migrate.NEWEST)
    with made.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
    made.dispose()


def test_the_first_version_comes_forward_with_its_data(place):
    """A triage kept before threads could be found is found after the migration, and the chain is whole."""
    made = stands_at(place, "0001")
    with Store.__new__(Store) as old:  # a store of the first version: it knew no threads
        old.url, old._engine, old._writing = engine.url_of(place), made, made.execution_options(writes=True)
        with made.begin() as connection:
            threads.create(connection)
        key = kept.keep(old)
        with made.begin() as connection:
            threads.drop(connection)
    with Store(place) as store:
        assert store.get(key).assessment.account == "Acme"
        going_on = kept.case(text=f"{kept.THREAD}\n> and one line more\n").situation
        assert store.same_thread(going_on) is None or store.same_thread(going_on)[0] == key
        same_message = kept.case(text=f"From: Ada\nSubject: Fwd\n\nPlease look.\n\n{kept.THREAD}").situation
        assert store.same_thread(same_message) == (key, FoundBy.BODY)
        assert verify(store).faults == ()
        kept.keep(store)


@pytest.mark.parametrize("revision", migrate.REVISIONS)
def test_every_version_comes_forward(place, revision):
    """From each revision that ever was to the newest, and once there nothing is done again."""
    stands_at(place, revision).dispose()
    for _ in range(2):
        with Store(place) as store:
            kept.keep(store)
    with Store(place) as store:
        assert store.count() == 2


def test_a_newer_database_is_refused(place):
    """Its rows are not touched, and the line says what to do."""
    made = stands_at(place, migrate.NEWEST)
    with made.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StoreUnusable, match=r"newer triage \(schema 9999.*pip install --upgrade"):
        Store(place)
    with made.connect() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(entries)).scalar() == 0
    made.dispose()


def test_a_failed_migration_leaves_the_old_schema(place):
    """A migration is one transaction: what stands in its way leaves nothing half done."""
    made = stands_at(place, "0001")
    with made.begin() as connection:
        connection.execute(sa.text("CREATE TABLE threads (x INTEGER)"))
    with pytest.raises(StoreUnusable):
        Store(place)
    with made.begin() as connection:
        assert connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar() == "0001"
        connection.execute(sa.text("DROP TABLE threads"))
    made.dispose()
    with Store(place) as store:
        kept.keep(store)


def test_several_first_starts_at_once(place):
    """Four processes open a place that does not exist yet; each keeps its triage."""
    code = "import sys; from agent.store import Store; from tests.store import kept; kept.keep(Store(sys.argv[1]))"
    started = [subprocess.Popen([sys.executable, "-c", code, str(place)]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]
    with Store(place) as store:
        assert store.count() == 4


def test_a_usual_start_does_not_import_alembic(tmp_path):
    """A schema that is up to date costs no third of a second."""
    Store(tmp_path / "record.db").close()
    code = "import sys; from agent.store import Store; Store(sys.argv[1]); assert 'alembic' not in sys.modules"
    subprocess.run([sys.executable, "-c", code, str(tmp_path / "record.db")], check=True)
