"""Where alembic starts; it is given a connection and asks nothing else."""

from alembic import context

from aggregator.adapters.sql.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the transaction is the caller's
)
context.run_migrations()
