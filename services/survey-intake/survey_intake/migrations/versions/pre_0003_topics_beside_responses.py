"""A survey's topics in the row of its responses, instead of rows of their own. To be run before the code.

The lists are made anew by the code; until then those of the code before it stand still, in view.
"""

from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    """Make the table of responses anew, with the topics, and the views that it is in."""
    _drop("survey_topic", "survey_response")
    op.create_table(
        "survey_response",
        sa.Column("survey", _TEXT, nullable=False, comment="The survey."),
        *_version(),
        *_counts(),
        sa.Column(
            "topics",
            sa.Text,
            nullable=False,
            comment="Of each topic, how many of them rate it, and what their ratings add up to.",
        ),
        sa.PrimaryKeyConstraint("survey", "until", name="pk_survey_response"),
        comment="How many answered a survey, and what they gave its topics.",
        sqlite_with_rowid=False,
    )
    _make(_SURVEYS, _TOPICS)


def downgrade() -> None:
    """Make both tables as they were, and the views; the lists are made anew."""
    _drop("survey_response")
    op.create_table(
        "survey_response",
        sa.Column("survey", _TEXT, nullable=False, comment="The survey."),
        *_version(),
        *_counts(),
        sa.PrimaryKeyConstraint("survey", "until", name="pk_survey_response"),
        comment="How many answered a survey.",
        sqlite_with_rowid=False,
    )
    op.create_table(
        "survey_topic",
        sa.Column("survey", _TEXT, nullable=False, comment="The survey."),
        sa.Column("topic", _TEXT, nullable=False, comment="What is rated."),
        *_version(),
        sa.Column("ratings", sa.BigInteger, nullable=False, comment="How many current submissions rate it."),
        sa.Column("sum", sa.Text, nullable=False, comment="What their ratings add up to, on the survey's scale."),
        sa.PrimaryKeyConstraint("survey", "topic", "until", name="pk_survey_topic"),
        comment="What the ratings of a survey's topics add up to.",
        sqlite_with_rowid=False,
    )
    op.create_index("ix_survey_topic_survey_until", "survey_topic", ["survey", "until"])
    _make(_SURVEYS, _TOPICS_BEFORE)
    op.execute("DELETE FROM position")


def _version() -> Iterator[sa.Column[int]]:
    yield sa.Column(
        "until", sa.BigInteger, nullable=False, comment="The event that ended the version; the greatest: it holds."
    )
    yield sa.Column("sequence", sa.BigInteger, nullable=False, comment="The event that made the version.")
    yield sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="Microseconds since 1970-01-01 UTC.")


def _counts() -> Iterator[sa.Column[int]]:
    yield sa.Column("answered", sa.BigInteger, nullable=False, comment="How many Members have a current submission.")
    yield sa.Column("submissions", sa.BigInteger, nullable=False, comment="How many current submissions there are.")


def _drop(*tables: str) -> None:
    for view in ("surveys", "survey_topics"):
        op.execute(f"DROP VIEW {view}")
    for table in tables:
        op.drop_table(table)


def _make(*views: dict[str, str]) -> None:
    for view in views:
        op.execute(view[op.get_context().dialect.name])


_SURVEYS = {
    "sqlite": (
        'CREATE VIEW surveys AS SELECT t."id" AS "id", t."kind" AS "kind", t."committee" AS "committee", '
        't."title" AS "title", t."opens_on" AS "opens_on", t."closes_on" AS "closes_on", t."scale_min" AS '
        '"scale_min", t."scale_max" AS "scale_max", t."topics" AS "topics", t."instruments" AS '
        '"instruments", t."invited" AS "invited", t."state" AS "state", t."closed_on" AS "closed_on", '
        't."event" AS "event", t."reason" AS "reason", r."answered" AS "answered", r."submissions" AS '
        '"submissions", t.sequence AS "sequence", (strftime(\'%Y-%m-%dT%H:%M:%S\', t.recorded_at / 1000000, '
        "'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM survey t JOIN "
        "survey_response r ON r.survey = t.id AND r.until = 9223372036854775807 WHERE t.until = "
        "9223372036854775807"
    ),
    "postgresql": (
        'CREATE VIEW surveys AS SELECT t."id" AS "id", t."kind" AS "kind", t."committee" AS "committee", '
        't."title" AS "title", CAST(t."opens_on" AS date) AS "opens_on", CAST(t."closes_on" AS date) AS '
        '"closes_on", t."scale_min" AS "scale_min", t."scale_max" AS "scale_max", CAST(t."topics" AS jsonb)'
        ' AS "topics", CAST(t."instruments" AS jsonb) AS "instruments", t."invited" AS "invited", t."state"'
        ' AS "state", CAST(t."closed_on" AS date) AS "closed_on", t."event" AS "event", t."reason" AS '
        '"reason", r."answered" AS "answered", r."submissions" AS "submissions", t.sequence AS "sequence", '
        "(timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM survey t "
        "JOIN survey_response r ON r.survey = t.id AND r.until = 9223372036854775807 WHERE t.until = "
        "9223372036854775807"
    ),
}
_TOPICS = {
    "sqlite": (
        'CREATE VIEW survey_topics AS SELECT t.survey AS "survey", s.key AS "topic", CAST(s.value ->> '
        "'ratings' AS bigint) AS \"ratings\", CAST(s.value ->> 'sum' AS integer) AS \"sum\", t.sequence AS "
        "\"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || "
        "printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM survey_response t, "
        "json_each(t.topics) s WHERE t.until = 9223372036854775807"
    ),
    "postgresql": (
        'CREATE VIEW survey_topics AS SELECT t.survey AS "survey", s.key AS "topic", CAST(s.value ->> '
        "'ratings' AS bigint) AS \"ratings\", CAST(s.value ->> 'sum' AS numeric) AS \"sum\", t.sequence AS "
        "\"sequence\", (timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" "
        "FROM survey_response t, jsonb_each(CAST(t.topics AS jsonb)) s WHERE t.until = 9223372036854775807"
    ),
}
_TOPICS_BEFORE = {
    "sqlite": (
        'CREATE VIEW survey_topics AS SELECT t."survey" AS "survey", t."topic" AS "topic", t."ratings" AS '
        '"ratings", CAST(t."sum" AS integer) AS "sum", t.sequence AS "sequence", '
        "(strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', "
        't.recorded_at % 1000000)) AS "recordedtime" FROM survey_topic t WHERE t.until = '
        "9223372036854775807"
    ),
    "postgresql": (
        'CREATE VIEW survey_topics AS SELECT t."survey" AS "survey", t."topic" AS "topic", t."ratings" AS '
        '"ratings", CAST(t."sum" AS numeric) AS "sum", t.sequence AS "sequence", (timestamptz \'epoch\' + '
        "t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM survey_topic t WHERE t.until = "
        "9223372036854775807"
    ),
}
