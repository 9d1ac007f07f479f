"""What Alembic runs: the migrations, on the connection that `wco_common.migrate` gives."""

from alembic import context

from wco_common.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    version_table=context.config.attributes["version_table"],
    target_metadata=METADATA,
    render_as_batch=True,  # SQLite alters a table by making it anew
    transactional_ddl=True,  # also on SQLite, where the engine begins transactions itself
)
with context.begin_transaction():
    context.run_migrations()
