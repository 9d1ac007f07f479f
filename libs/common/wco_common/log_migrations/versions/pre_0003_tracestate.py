"""The tracestate that an event came with, beside its traceparent. To be run before the code."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("event", sa.Column("tracestate", sa.Text))


def downgrade() -> None:
    """Take it back."""
    op.drop_column("event", "tracestate")
