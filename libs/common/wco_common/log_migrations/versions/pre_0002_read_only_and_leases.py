"""Why a log is read-only, and who alone may do what one process at a time does. To be run before the code."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column(
        "head", sa.Column("read_only", sa.Text, comment="why nothing may be recorded, NULL where nothing hinders it")
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
    """Take them back."""
    op.drop_table("lease")
    op.drop_column("head", "read_only")
