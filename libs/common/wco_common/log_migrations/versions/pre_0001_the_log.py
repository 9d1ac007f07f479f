"""The tables of a log, and the guard that keeps its events as they are. To be run before the code."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_POSITION = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "event",
        sa.Column("sequence", _POSITION, autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="microseconds since 1970-01-01T00:00:00Z"),
        sa.Column("key", sa.LargeBinary, nullable=False, comment="SHA-256 of the canonical JSON of [source, id]"),
        sa.Column("type", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("subjectversion", sa.BigInteger, nullable=False),
        sa.Column("traceparent", sa.Text),
        sa.Column("body", sa.LargeBinary, nullable=False, comment="the canonical bytes of the recorded event"),
        sa.PrimaryKeyConstraint("sequence", name="pk_event"),
        sa.UniqueConstraint("key", name="uq_event_key"),
    )
    op.create_index("ix_event_type", "event", ["type", "sequence"])
    op.create_index("ix_event_subject", "event", ["subject", "sequence"])
    op.create_table(
        "head",
        sa.Column("log", sa.Text, nullable=False),
        sa.Column(
            "log_id", sa.Uuid, nullable=False, comment="born with the log; a log restored or begun anew has another"
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False),
        sa.Column(
            "closed", sa.BigInteger, nullable=False, comment="microseconds; no later event is recorded up to here"
        ),
        sa.PrimaryKeyConstraint("log", name="pk_head"),
    )
    op.create_table(
        "entity",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False, comment="JSON, as the decider of the log made it"),
        sa.PrimaryKeyConstraint("kind", "id", name="pk_entity"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "subject",
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False, comment="how many events the subject has"),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="of its last event"),
        sa.PrimaryKeyConstraint("kind", "subject", name="pk_subject"),
        sqlite_with_rowid=False,
    )
    for statement in _GUARD[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop the tables, and with them the log."""
    for table in ("subject", "entity", "head", "event"):
        op.drop_table(table)
    if op.get_context().dialect.name == "postgresql":
        op.execute("DROP FUNCTION event_stays()")


_GUARD = {
    "sqlite": [
        f"""
        CREATE TRIGGER event_stays_on_{action} BEFORE {action} ON event
        BEGIN SELECT RAISE(ABORT, 'an event that was recorded stays as it is'); END
        """
        for action in ("update", "delete")
    ],
    "postgresql": [
        """
        CREATE FUNCTION event_stays() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'an event that was recorded stays as it is'; END $$
        """,
        """
        CREATE TRIGGER event_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION event_stays()
        """,
    ],
}
