"""The schema comes forward from every earlier version, with what is in it."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from agent.errors import StoreUnusable
from agent.schema import Dimension
from agent.schema.follow_up import FoundBy
from agent.schema.record import Filters
from agent.store import Store, engine, migrate
from agent.store.tables import entries, metadata
from agent.store.verify import verify
from tests.store import kept

KEPT = Path(__file__).parent / "kept_by_0002.json"


def stands_at(place, revision):
    """An empty database as that version made it."""
    url = engine.url_of(place)
    made = engine.connect(url)
    migrate.forward(made, revision)
    return made


def written_by(place, revision):
    """A database with rows as an earlier version wrote them, in the tables it had; the ids by what was done with each."""
    written = json.loads(KEPT.read_text())
    made = stands_at(place, revision)
    then = sa.MetaData()
    then.reflect(made)
    with made.begin() as connection:
        for table in then.sorted_tables:
            if rows := written["tables"].get(table.name):
                connection.execute(table.insert(), [_typed(table, row, made.dialect.name) for row in rows])
    made.dispose()
    return written["names"]


def _typed(table, row, dialect):
    """A row of JSON with the instants, days and truths that its columns hold."""
    typed = dict(row)
    for column in table.columns:
        given = typed[column.name]
        if isinstance(column.type, sa.DateTime) and given:
            moment = datetime.fromisoformat(given)
            typed[column.name] = moment if dialect == "sqlite" else moment.replace(tzinfo=UTC)
        elif isinstance(column.type, sa.Date) and given:
            typed[column.name] = date.fromisoformat(given)
        elif isinstance(column.type, sa.Boolean):
            typed[column.name] = bool(given)
    return typed


def test_a_new_database_has_the_tables_that_the_code_names(place):
    """Every table, column and index of the code, and no other, on both engines."""
    made = stands_at(place, migrate.NEWEST)
    with made.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), metadata) == []
    made.dispose()


@pytest.mark.parametrize("revision", migrate.REVISIONS[:-1])
def test_every_earlier_version_comes_forward_with_its_data(place, revision):
    """What was kept is whole and found, what stands of each case is what was said of it, and more can be kept."""
    names = written_by(place, revision)
    with Store(place) as store:
        assert verify(store).faults == ()
        listed = {summary.id: summary for summary in store.list()}
        assert listed.keys() == set(names.values())
        assert listed[names["moved"]].rescored.scores[Dimension.CSM_CAPABILITY] == 5
        verified = {names["agreed"], names["moved"]}
        assert {s.id for s in store.list(Filters(verified=True))} == verified
        still_open = listed.keys() - {names["over"], names["plain"]}
        assert {s.id for s in store.list(Filters(open_only=True))} == still_open
        assert store.get(names["plain"]).assessment.account == "Acme"
        assert store.count(Filters(text="ACME orders")) == len(names)
        kept.keep(store)
    with Store(place) as store:  # once there nothing is done again
        assert store.count() == len(names) + 1


@pytest.mark.parametrize("revision", migrate.REVISIONS[:-1])
def test_verdicts_of_every_earlier_version_are_counted(place, revision):
    """The model's own scores beside the standing verdicts, as if they had been given today."""
    names = written_by(place, revision)
    with Store(place) as store:
        before = store.tally()
        assert (before.verdicts, before.untouched) == (2, 1)
        assert {each.origin.model for each in before.bands} == {"openai/gpt-5-mini", "local"}
        for key in (names["agreed"], names["moved"]):  # said again, it is counted by today's code
            run = store.get(key)
            store.add_verdict(key, run.summary.verdict, run.summary.rescored, by="Ada")
        assert store.tally() == before


def test_a_thread_kept_before_threads_could_be_found_is_found(place):
    """The migration reads the keys of whole messages from what is kept."""
    written_by(place, "0001")
    with Store(place) as store:
        same_message = kept.case(text=f"From: Ada\nSubject: Fwd\n\nPlease look.\n\n{kept.THREAD}").situation
        assert store.same_thread(same_message)[1] is FoundBy.BODY


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
