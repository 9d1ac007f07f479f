"""The lists of survey-intake: their tables. To be run before the code."""

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
        "survey",
        sa.Column("id", _TEXT, nullable=False, comment="The survey."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("kind", _TEXT, nullable=False, comment="One of annual, meeting, assistance."),
        sa.Column(
            "committee", _TEXT, nullable=True, comment="Of a meeting survey, whose meeting: one of PTC, HSC, EC, CBC."
        ),
        sa.Column("title", _TEXT, nullable=False, comment="What the survey is called."),
        sa.Column("opens_on", _TEXT, nullable=False, comment="The first day for answers."),
        sa.Column(
            "closes_on",
            _TEXT,
            nullable=False,
            comment="The last day for answers, which says the period that they count in.",
        ),
        sa.Column("scale_min", sa.BigInteger, nullable=False, comment="The worst rating."),
        sa.Column("scale_max", sa.BigInteger, nullable=False, comment="The best rating."),
        sa.Column("topics", sa.Text, nullable=False, comment="What is rated."),
        sa.Column("instruments", sa.Text, nullable=True, comment="The instruments whose use is asked about."),
        sa.Column(
            "invited",
            sa.BigInteger,
            nullable=True,
            comment="How many Members are invited; null where the survey names none.",
        ),
        sa.Column("state", _TEXT, nullable=False, comment="One of open, closed, cancelled."),
        sa.Column("closed_on", _TEXT, nullable=True, comment="The day it was closed."),
        sa.Column(
            "event",
            _TEXT,
            nullable=False,
            comment="What happened last to the survey itself, by the name of the event's type.",
        ),
        sa.Column("reason", _TEXT, nullable=True, comment="Why that happened, where it was said."),
        sa.PrimaryKeyConstraint("id", "until", name="pk_survey"),
        comment="Surveys.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_closes_on_id", "survey", ["closes_on", "id"])
    op.create_table(
        "submission",
        sa.Column("survey", _TEXT, nullable=False, comment="The survey."),
        sa.Column("member", _TEXT, nullable=False, comment="The Member that answers."),
        sa.Column(
            "respondent",
            _TEXT,
            nullable=False,
            comment="A pseudonym where several people of a Member answer, else empty.",
        ),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("submitted_on", _TEXT, nullable=False, comment="The day of the answer."),
        sa.Column("ratings", sa.Text, nullable=False, comment="The rating of each topic that is rated."),
        sa.Column(
            "instruments", sa.Text, nullable=True, comment="What is said of each instrument: its status, and why."
        ),
        sa.PrimaryKeyConstraint("survey", "member", "respondent", "until", name="pk_submission"),
        comment="Current submissions: of each Member and respondent the one recorded last.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_member",
        sa.Column("survey", _TEXT, nullable=False, comment="The survey."),
        sa.Column("member", _TEXT, nullable=False, comment="The Member."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column(
            "invited", sa.SmallInteger, nullable=False, comment="Whether the survey names it among those invited."
        ),
        sa.Column("submissions", sa.BigInteger, nullable=False, comment="How many current submissions it has."),
        sa.PrimaryKeyConstraint("survey", "member", "until", name="pk_survey_member"),
        comment="Members that a survey invites, and others that answered it.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_response",
        sa.Column("survey", _TEXT, nullable=False, comment="The survey."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("answered", sa.BigInteger, nullable=False, comment="How many Members have a current submission."),
        sa.Column("submissions", sa.BigInteger, nullable=False, comment="How many current submissions there are."),
        sa.PrimaryKeyConstraint("survey", "until", name="pk_survey_response"),
        comment="How many answered a survey.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_topic",
        sa.Column("survey", _TEXT, nullable=False, comment="The survey."),
        sa.Column("topic", _TEXT, nullable=False, comment="What is rated."),
        sa.Column(
            "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
        ),
        sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version."),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC."),
        sa.Column("ratings", sa.BigInteger, nullable=False, comment="How many current submissions rate it."),
        sa.Column("sum", sa.Text, nullable=False, comment="What their ratings add up to, on the survey's scale."),
        sa.PrimaryKeyConstraint("survey", "topic", "until", name="pk_survey_topic"),
        comment="What the ratings of a survey's topics add up to.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_topic_survey_until", "survey_topic", ["survey", "until"])


def downgrade() -> None:
    """Drop the tables."""
    for table in ("survey_topic", "survey_response", "survey_member", "submission", "survey", "position"):
        op.drop_table(table)
