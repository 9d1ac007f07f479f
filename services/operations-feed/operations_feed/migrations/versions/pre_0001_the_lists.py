"""The lists of operations-feed: their tables. To be run before the code."""

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
        "operation",
        sa.Column("id", _TEXT, nullable=False, comment="The operation."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("title", _TEXT, nullable=False, comment="The operation's name."),
        sa.Column("theme", _TEXT, nullable=True, comment="What it is against."),
        sa.Column("starts_on", _TEXT, nullable=False, comment="Its first day."),
        sa.Column("ends_on", _TEXT, nullable=False, comment="Its last day, which says the period that it counts in."),
        sa.Column("participants", sa.Text, nullable=False, comment="The Members that take part; none: not published."),
        sa.Column("state", _TEXT, nullable=False, comment="One of launched, cancelled."),
        sa.Column(
            "event",
            _TEXT,
            nullable=False,
            comment="What happened last to the operation itself, by the name of the event's type.",
        ),
        sa.Column("reason", _TEXT, nullable=True, comment="Why that happened, where it was said."),
        sa.PrimaryKeyConstraint("id", "until", name="pk_operation"),
        comment="Joint operations.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_operation_ends_on_id", "operation", ["ends_on", "id"])
    op.create_table(
        "published_report",
        sa.Column("operation", _TEXT, nullable=False, comment="The operation."),
        sa.Column("stage", _TEXT, nullable=False, comment="One of interim, final."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("published_on", _TEXT, nullable=False, comment="The day it was published."),
        sa.Column("seizures", sa.BigInteger, nullable=True, comment="How many seizures, where it says so."),
        sa.Column("cases", sa.BigInteger, nullable=True, comment="How many cases."),
        sa.Column("reporting_members", sa.BigInteger, nullable=True, comment="How many Members reported."),
        sa.Column(
            "quantities", sa.Text, nullable=True, comment="How much was seized, as published: amount and unit of each."
        ),
        sa.Column("by_category", sa.Text, nullable=True, comment="The figures by category, as published."),
        sa.PrimaryKeyConstraint("operation", "stage", "until", name="pk_published_report"),
        comment="Published reports on operations: of each stage the one recorded last.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seizure_report",
        sa.Column("operation", _TEXT, nullable=False, comment="The operation."),
        sa.Column("report", _TEXT, nullable=False, comment="The report, within the operation."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("member", _TEXT, nullable=False, comment="The Member that seized."),
        sa.Column("seized_on", _TEXT, nullable=False, comment="The day of the seizures."),
        sa.Column("category", _TEXT, nullable=False, comment="What was seized."),
        sa.Column("seizures", sa.BigInteger, nullable=False, comment="How many seizures."),
        sa.Column("cases", sa.BigInteger, nullable=True, comment="How many cases they belong to."),
        sa.Column("quantities", sa.Text, nullable=False, comment="How much was seized: amount and unit of each."),
        sa.Column("hs_code", _TEXT, nullable=True, comment="The goods' Harmonized System code."),
        sa.Column("state", _TEXT, nullable=False, comment="One of current, retracted."),
        sa.Column("event", _TEXT, nullable=False, comment="What happened last, by the name of the event's type."),
        sa.Column("reason", _TEXT, nullable=True, comment="Why that happened, where it was said."),
        sa.PrimaryKeyConstraint("operation", "report", "until", name="pk_seizure_report"),
        comment="Reports of seizures.",
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_seizure_report_operation_seized_on_report", "seizure_report", ["operation", "seized_on", "report"]
    )
    op.create_table(
        "reported_category",
        sa.Column("operation", _TEXT, nullable=False, comment="The operation."),
        sa.Column("category", _TEXT, nullable=False, comment="What was seized."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("reports", sa.BigInteger, nullable=False, comment="How many current reports there are."),
        sa.Column("seizures", sa.Text, nullable=False, comment="How many seizures they add up to."),
        sa.Column("cases", sa.Text, nullable=False, comment="How many cases they add up to, where they say so."),
        sa.PrimaryKeyConstraint("operation", "category", "until", name="pk_reported_category"),
        comment="What the current reports of an operation add up to, by category.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reported_category_operation_until", "reported_category", ["operation", "until"])
    op.create_table(
        "reported_quantity",
        sa.Column("operation", _TEXT, nullable=False, comment="The operation."),
        sa.Column("category", _TEXT, nullable=False, comment="What was seized."),
        sa.Column(
            "unit",
            _TEXT,
            nullable=False,
            comment="What it is counted in: kg, pieces, litres, m3 or, of money, an ISO 4217 code.",
        ),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column(
            "amount",
            sa.Text,
            nullable=False,
            comment="How much of the unit: weight and pieces are additional to each other.",
        ),
        sa.PrimaryKeyConstraint("operation", "category", "unit", "until", name="pk_reported_quantity"),
        comment="The quantities that the current reports of an operation add up to, by category and unit.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reported_quantity_operation_until", "reported_quantity", ["operation", "until"])
    op.create_table(
        "reported_member",
        sa.Column("operation", _TEXT, nullable=False, comment="The operation."),
        sa.Column("member", _TEXT, nullable=False, comment="The Member that seized."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("reports", sa.BigInteger, nullable=False, comment="How many current reports it made."),
        sa.PrimaryKeyConstraint("operation", "member", "until", name="pk_reported_member"),
        comment="Members that reported on an operation.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_reported_member_operation_until", "reported_member", ["operation", "until"])
    op.create_table(
        "partnership",
        sa.Column("id", _TEXT, nullable=False, comment="The partnership."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("partner", _TEXT, nullable=False, comment="The organisation."),
        sa.Column("partner_kind", _TEXT, nullable=False, comment="What it is."),
        sa.Column("instrument", _TEXT, nullable=False, comment="What the partnership rests on."),
        sa.Column("objectives", sa.Text, nullable=False, comment="The objectives that it serves."),
        sa.Column("since", _TEXT, nullable=False, comment="The day from which it exists."),
        sa.Column("state", _TEXT, nullable=False, comment="One of current, ended."),
        sa.Column("ended_on", _TEXT, nullable=True, comment="The day it ended."),
        sa.Column(
            "event",
            _TEXT,
            nullable=False,
            comment="What happened last to the partnership itself, by the name of the event's type.",
        ),
        sa.Column("reason", _TEXT, nullable=True, comment="Why that happened, where it was said."),
        sa.PrimaryKeyConstraint("id", "until", name="pk_partnership"),
        comment="Partnerships with stakeholders outside Customs.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "partnership_step",
        sa.Column("partnership", _TEXT, nullable=False, comment="The partnership."),
        sa.Column("step", _TEXT, nullable=False, comment="The step, within the partnership."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("kind", _TEXT, nullable=False, comment="One of reviewed, upgraded."),
        sa.Column("on", _TEXT, nullable=False, comment="The day it was taken."),
        sa.Column("objectives", sa.Text, nullable=False, comment="The objectives that it is about."),
        sa.Column("summary", _TEXT, nullable=False, comment="What was done."),
        sa.Column("state", _TEXT, nullable=False, comment="One of current, retracted."),
        sa.Column("event", _TEXT, nullable=False, comment="What happened last, by the name of the event's type."),
        sa.Column("reason", _TEXT, nullable=True, comment="Why that happened, where it was said."),
        sa.PrimaryKeyConstraint("partnership", "step", "until", name="pk_partnership_step"),
        comment="Reviews and upgrades of partnerships.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_partnership_step_partnership_on_step", "partnership_step", ["partnership", "on", "step"])
    op.create_table(
        "activity",
        sa.Column("id", _TEXT, nullable=False, comment="The activity."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("title", _TEXT, nullable=False, comment="What it is called."),
        sa.Column(
            "delivered_on",
            _TEXT,
            nullable=False,
            comment="The day it was delivered, which says the period that it counts in.",
        ),
        sa.Column("members", sa.Text, nullable=False, comment="The Members that received it."),
        sa.Column("aligned_with", sa.Text, nullable=False, comment="The objectives that it is aligned with."),
        sa.Column(
            "delivered_by",
            _TEXT,
            nullable=False,
            comment="The experts that delivered it: one of accredited, recognised, other.",
        ),
        sa.Column("experts", sa.Text, nullable=True, comment="Their pseudonyms, where they were given."),
        sa.Column("cost", sa.Text, nullable=True, comment="What it cost, where that is known."),
        sa.Column("currency", _TEXT, nullable=True, comment="In which currency, as ISO 4217 has it."),
        sa.Column("state", _TEXT, nullable=False, comment="One of delivered, retracted."),
        sa.Column("event", _TEXT, nullable=False, comment="What happened last, by the name of the event's type."),
        sa.Column("reason", _TEXT, nullable=True, comment="Why that happened, where it was said."),
        sa.PrimaryKeyConstraint("id", "until", name="pk_activity"),
        comment="Capacity building activities.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_activity_delivered_on_id", "activity", ["delivered_on", "id"])
    op.create_table(
        "expert",
        sa.Column("expert", _TEXT, nullable=False, comment="The expert, by a pseudonym."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column(
            "accreditations",
            sa.Text,
            nullable=False,
            comment="The accreditations, in the order in which they were given.",
        ),
        sa.PrimaryKeyConstraint("expert", "until", name="pk_expert"),
        comment="Experts: what the accreditations are told from.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "accreditation",
        sa.Column("expert", _TEXT, nullable=False, comment="The expert, by a pseudonym."),
        sa.Column(
            "accreditation",
            _TEXT,
            nullable=False,
            comment="The accreditation: the 16 digits of the sequence of the event that gave it.",
        ),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("status", _TEXT, nullable=False, comment="What the expert became: one of accredited, recognised."),
        sa.Column(
            "employer", _TEXT, nullable=False, comment="Whom the expert works for: one of wco, administration, other."
        ),
        sa.Column("areas", sa.Text, nullable=False, comment="What the expert is accredited for."),
        sa.Column("accredited_on", _TEXT, nullable=False, comment="The first day in force."),
        sa.Column("expires_on", _TEXT, nullable=True, comment="The first day no longer in force, as it was given."),
        sa.Column("ended_on", _TEXT, nullable=True, comment="The first day no longer in force, where it was ended."),
        sa.Column("ends_on", _TEXT, nullable=True, comment="The earlier of both: the first day no longer in force."),
        sa.Column("event", _TEXT, nullable=False, comment="What happened last, by the name of the event's type."),
        sa.Column("reason", _TEXT, nullable=True, comment="Why that happened, where it was said."),
        sa.PrimaryKeyConstraint("expert", "accreditation", "until", name="pk_accreditation"),
        comment="Accreditations of experts.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_accreditation_ends_on_expert", "accreditation", ["ends_on", "expert"])


def downgrade() -> None:
    """Drop the tables."""
    for table in (
        "accreditation",
        "expert",
        "activity",
        "partnership_step",
        "partnership",
        "reported_member",
        "reported_quantity",
        "reported_category",
        "seizure_report",
        "published_report",
        "operation",
        "position",
    ):
        op.drop_table(table)
