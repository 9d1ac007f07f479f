"""What Alembic runs: migrations, on the connection that `wco_common.migrate` gives."""

from alembic import context

attributes = context.config.attributes
context.configure(
    connection=attributes["connection"],
    version_table=attributes["version_table"],
    target_metadata=attributes["tables"],
    render_as_batch=True,  # SQLite alters a table by making it anew
    transactional_ddl=True,  # also on SQLite, where the engine begins transactions itself
)
with context.begin_transaction():
    context.run_migrations()
