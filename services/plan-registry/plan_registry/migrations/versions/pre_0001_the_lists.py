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
        sa.Column(
            "event", sa.Text, nullable=False, comment="Which event that is: SHA-256 of its source and id, in hex."
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
    op.create_table(
        "focus_area",
        sa.Column("id", _TEXT, nullable=False, comment="The focus area."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column(
            "title",
            _TEXT,
            nullable=False,
            comment="What it is called: by the last review that named it, else by the plan.",
        ),
        sa.Column("title_in_plan", _TEXT, nullable=True, comment="What the plan calls it, where it has it."),
        sa.Column("title_in_review", _TEXT, nullable=True, comment="What the last review that named it calls it."),
        sa.Column(
            "introduced",
            sa.SmallInteger,
            nullable=False,
            comment="Whether a review introduced it, since the plan was adopted.",
        ),
        sa.PrimaryKeyConstraint("id", "until", name="pk_focus_area"),
        comment="Focus areas: the plan's, and those introduced since.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "focus_area_review",
        sa.Column("focus_area", _TEXT, nullable=False, comment="The focus area."),
        sa.Column("review", _TEXT, nullable=False, comment="The review: the 16 digits of its event's sequence."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("period", _TEXT, nullable=False, comment="The period of the review."),
        sa.Column("decision", _TEXT, nullable=False, comment="One of continued, replaced, integrated, introduced."),
        sa.Column("title", _TEXT, nullable=True, comment="What the area is called, where the review names it."),
        sa.Column("replaced_by", _TEXT, nullable=True, comment="The area that takes its place."),
        sa.Column("integrated_into", _TEXT, nullable=True, comment="The objective that it becomes part of."),
        sa.Column("reviewed_on", _TEXT, nullable=False, comment="The day of the review."),
        sa.PrimaryKeyConstraint("focus_area", "review", "until", name="pk_focus_area_review"),
        comment="Reviews of focus areas.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "members_list",
        sa.Column("effective_on", _TEXT, nullable=False, comment="The day from which the list holds."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("list", _TEXT, nullable=False, comment="The list: the 16 digits of its event's sequence."),
        sa.PrimaryKeyConstraint("effective_on", "until", name="pk_members_list"),
        comment="Lists of Members: of two from the same day, the one recorded last.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "member",
        sa.Column("list", _TEXT, nullable=False, comment="The list: the 16 digits of its event's sequence."),
        sa.Column("iso3", _TEXT, nullable=False, comment="The Member."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("region", _TEXT, nullable=False, comment="Its WCO region: one of AMS, A/P, EUR, ESA, MENA, WCA."),
        sa.Column("effective_on", _TEXT, nullable=False, comment="The day from which the list holds."),
        sa.PrimaryKeyConstraint("list", "iso3", "until", name="pk_member"),
        comment="Members and their regions, by the lists that name them.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "baseline",
        sa.Column("kpi", _TEXT, nullable=False, comment="The KPI."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("value", sa.Text, nullable=False, comment="A year's figure, in the KPI's unit."),
        sa.Column("measured_on", _TEXT, nullable=False, comment="The day it was measured."),
        sa.Column("source", _TEXT, nullable=False, comment="Where the figure comes from."),
        sa.PrimaryKeyConstraint("kpi", "until", name="pk_baseline"),
        comment="Baselines: of each KPI the one recorded last.",
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables."""
    for table in ("baseline", "member", "members_list", "focus_area_review", "focus_area", "action", "position"):
        op.drop_table(table)
