"""What several instances need that fold from Kafka. To be run before the code."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Add the columns and the tables."""
    op.add_column(
        "position", sa.Column("log_id", sa.Uuid, comment="Which log is folded; NULL where the log does not say.")
    )
    op.add_column(
        "position",
        sa.Column(
            "stopped", sa.Text, comment="Why the event after it cannot be folded, NULL where nothing hinders it."
        ),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("partition", sa.Integer, nullable=False),
        sa.Column("offset", sa.BigInteger, nullable=False),
        sa.Column(
            "written_at", sa.BigInteger, nullable=False, comment="As Kafka has it; microseconds since 1970-01-01 UTC."
        ),
        sa.Column("key", sa.LargeBinary),
        sa.Column("value", sa.LargeBinary),
        sa.Column("headers", sa.Text, nullable=False, comment="[[name, Base64 or null], …] as JSON."),
        sa.Column("reason", sa.Text, nullable=False, comment="Why it is no event of its log."),
        sa.Column("found_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.PrimaryKeyConstraint("id", name="pk_quarantine"),
        sa.UniqueConstraint(
            "topic", "partition", "offset", "written_at", name="uq_quarantine_topic_partition_offset_written_at"
        ),
        comment="Records of the topics that are no events of their logs. They have no position.",
    )
    op.create_table(
        "lease",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holder", sa.Text, nullable=False),
        sa.Column(
            "since", sa.BigInteger, nullable=False, comment="microseconds since 1970, by the clock of the database"
        ),
        sa.Column("until", sa.BigInteger, nullable=False, comment="by the same clock; then another may take it"),
        sa.PrimaryKeyConstraint("name", name="pk_lease"),
    )


def downgrade() -> None:
    """Take them back. Foreign records are in their topics still."""
    op.drop_table("lease")
    op.drop_table("quarantine")
    op.drop_column("position", "stopped")
    op.drop_column("position", "log_id")
