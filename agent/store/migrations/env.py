"""Runs a migration inside the connection and transaction that it is given; alembic asks for this file."""

from alembic import context

# Both engines roll back a half-done migration with everything else of the transaction.
context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
