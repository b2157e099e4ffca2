"""The schema, brought forward on start. A database newer than this code is refused, never guessed at."""

from pathlib import Path

import sqlalchemy as sa

from agent.errors import StoreUnusable

FOLDER = Path(__file__).parent / "migrations"
REVISIONS = tuple(sorted(file.name.partition("_")[0] for file in (FOLDER / "versions").glob("[0-9]*.py")))
NEWEST = REVISIONS[-1]
_STAMP = "alembic_version"


def forward(engine: sa.Engine, to: str = NEWEST) -> None:
    """Every migration up to `to` that the database lacks, in one transaction. Raises StoreUnusable if it is newer."""
    with engine.connect() as connection:
        if _is(connection) == to:
            return  # the usual case does not even import alembic
    with engine.execution_options(writes=True).begin() as connection:
        stands = _is(connection)  # another process may have been first
        if stands == to:
            return
        if stands is not None and stands not in REVISIONS:
            raise StoreUnusable(
                f"the record was written by a newer triage (schema {stands}, this one knows {NEWEST}); "
                "run pip install --upgrade escalation-triage"
            )
        _run(connection, to)


def _is(connection: sa.Connection) -> str | None:
    """The revision in the database; None in an empty one."""
    if not sa.inspect(connection).has_table(_STAMP):
        return None
    return connection.execute(sa.text(f"SELECT version_num FROM {_STAMP}")).scalar()  # noqa: S608 - a constant


def _run(connection: sa.Connection, to: str) -> None:
    from alembic import command  # noqa: PLC0415 - a third of a second that only a new schema pays
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, to)
