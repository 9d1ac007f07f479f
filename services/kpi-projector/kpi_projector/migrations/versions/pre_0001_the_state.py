"""The tables of the fold's state. To be run before the code."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_CELL_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "position",
        sa.Column(
            "log", sa.SmallInteger, autoincrement=False, nullable=False, comment="The log's place in the logs' order."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="All events up to it are folded, none beyond."),
        sa.Column("cells", sa.BigInteger, nullable=False, comment="How many cells of the log there are."),
        sa.Column("fold", sa.SmallInteger, nullable=False, comment="The version of the fold that made the state."),
        sa.PrimaryKeyConstraint("log", name="pk_position"),
        comment="Where the fold stands in each log; moved by compare-and-set together with what it wrote.",
    )
    op.create_table(
        "event",
        sa.Column("log", sa.SmallInteger, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("log", "sequence", name="pk_event"),
        comment="What evidence and moments need to know of the events that are folded.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_event_log_recorded_at_sequence", "event", ["log", "recorded_at", "sequence"])
    op.create_table(
        "cell",
        sa.Column("id", _CELL_ID, autoincrement=False, nullable=False),
        sa.Column("log", sa.SmallInteger, nullable=False),
        sa.Column("bucket", sa.Text, nullable=False, comment="Its kind and group, as they are read together."),
        sa.Column("key", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_cell"),
        comment="A fact or a total: see wco_kpi.cell.",
    )
    op.create_index("ix_cell_bucket_key", "cell", ["bucket", "key"], unique=True)
    op.create_table(
        "version",
        sa.Column("cell", _CELL_ID, autoincrement=False, nullable=False),
        sa.Column("sequence", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("content", sa.Text, nullable=False, comment="[sequence, own, sums] as JSON."),
        sa.PrimaryKeyConstraint("cell", "sequence", name="pk_version"),
        comment="A cell's content from an event on, until the next version.",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables: the logs can be folded again."""
    for table in ("version", "cell", "event", "position"):
        op.drop_table(table)
