"""Which of the states beside each other answers. To be run before the code."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_OF_A_STATE = ("position", "event", "cell", "version", "quarantine", "lease", "kpi_projector_version")


def upgrade() -> None:
    """Make the table. A state from before there were several becomes the one that answers."""
    op.create_table(
        "serving",
        sa.Column("one", sa.SmallInteger, autoincrement=False, nullable=False, comment="1: there is one row."),
        sa.Column("fold", sa.SmallInteger, nullable=False, comment="The version of the fold that makes the state."),
        sa.Column("name", sa.Text, nullable=False, comment="Which of the states by that fold, empty for the first."),
        sa.Column("since", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.PrimaryKeyConstraint("one", name="pk_serving"),
        comment="The state that answers are given from; moved by compare-and-set to one that stands where it stands.",
        sqlite_with_rowid=False,
    )
    bind = op.get_bind()
    tables = [table for table in _OF_A_STATE if sa.inspect(bind).has_table(table)]
    if bind.dialect.name != "postgresql" or not tables:
        return
    # Its own tables stay as they are, and what is folded need not be folded again.
    fold = bind.scalar(sa.text("SELECT max(fold) FROM position")) or 1
    op.execute(f"CREATE SCHEMA fold_{fold}")
    for table in tables:
        op.execute(f"ALTER TABLE {table} SET SCHEMA fold_{fold}")
    op.execute(
        f"INSERT INTO serving (one, fold, name, since) VALUES (1, {fold}, '', extract(epoch FROM now()) * 1000000)"
    )


def downgrade() -> None:
    """Drop the table. States stay where they are."""
    op.drop_table("serving")
