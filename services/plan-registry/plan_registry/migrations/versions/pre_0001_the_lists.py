"""The lists of plan-registry: their tables. To be run before the code."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "position",
        sa.Column("one", sa.SmallInteger, autoincrement=False, nullable=False, comment="1: there is one row."),
        sa.Column(
            "version", sa.SmallInteger, nullable=False, comment="By which version of the lists the rows are made."
        ),
        sa.Column("log_id", sa.Text, nullable=False, comment="Of which log."),
        sa.Column(
            "sequence", sa.BigInteger, nullable=False, comment="All events up to it are in the rows, none beyond."
        ),
        sa.Column(
            "recorded_at", sa.BigInteger, nullable=False, comment="Of that event; microseconds since 1970-01-01 UTC."
        ),
        sa.PrimaryKeyConstraint("one", name="pk_position"),
        comment="How far the lists are; moved by compare-and-set together with what is written.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "action",
        sa.Column("id", _TEXT, nullable=False, comment="The action."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("objective", _TEXT, nullable=False, comment="The objective or focus area that it serves."),
        sa.Column("period", _TEXT, nullable=False, comment="The period that it counts in."),
        sa.Column("title", _TEXT, nullable=False, comment="What is to be done."),
        sa.Column("due_on", _TEXT, nullable=False, comment="The day by which it is to be done."),
        sa.Column(
            "desired_future",
            _TEXT,
            nullable=True,
            comment="The desired future of the Environmental Scan that it leads to.",
        ),
        sa.Column("risk", _TEXT, nullable=True, comment="The risk of the WCO's risk map that it mitigates."),
        sa.Column("state", _TEXT, nullable=False, comment="One of open, started, completed, withdrawn."),
        sa.Column("started_on", _TEXT, nullable=True, comment="The day it last started, where that was said."),
        sa.Column("completed_on", _TEXT, nullable=True, comment="The day it was completed."),
        sa.Column("evidence", _TEXT, nullable=True, comment="What shows that it is completed."),
        sa.Column("event", _TEXT, nullable=False, comment="What happened last, by the name of the event's type."),
        sa.Column("reason", _TEXT, nullable=True, comment="Why that happened, where it was said."),
        sa.PrimaryKeyConstraint("id", "until", name="pk_action"),
        comment="Actions of the implementation plans.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_action_due_on_id", "action", ["due_on", "id"])
    op.create_index("ix_action_objective_id", "action", ["objective", "id"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("action", "position"):
        op.drop_table(table)
