"""The views of survey-intake's lists, for tools that read databases. To be run before the code."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the views."""
    for statement in _VIEWS[op.get_context().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    """Drop the views."""
    for view in ("as_of", "surveys", "survey_members", "survey_topics", "submissions"):
        op.execute(f"DROP VIEW {view}")


_VIEWS = {
    "sqlite": [
        (
            "CREATE VIEW as_of AS SELECT t.sequence AS \"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at "
            "/ 1000000, 'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM "
            "position t"
        ),
        (
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
        (
            'CREATE VIEW survey_members AS SELECT t."survey" AS "survey", t."member" AS "member", t."invited" '
            'AS "invited", t."submissions" AS "submissions", CASE WHEN t.submissions > 0 THEN 1 ELSE 0 END AS '
            '"answered", t.sequence AS "sequence", (strftime(\'%Y-%m-%dT%H:%M:%S\', t.recorded_at / 1000000, '
            "'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM survey_member t "
            "WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW survey_topics AS SELECT t."survey" AS "survey", t."topic" AS "topic", t."ratings" AS '
            '"ratings", CAST(t."sum" AS integer) AS "sum", t.sequence AS "sequence", '
            "(strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', "
            't.recorded_at % 1000000)) AS "recordedtime" FROM survey_topic t WHERE t.until = '
            "9223372036854775807"
        ),
        (
            'CREATE VIEW submissions AS SELECT t."survey" AS "survey", t."member" AS "member", t."respondent" '
            'AS "respondent", t."submitted_on" AS "submitted_on", t."ratings" AS "ratings", t."instruments" AS '
            '"instruments", t.sequence AS "sequence", (strftime(\'%Y-%m-%dT%H:%M:%S\', t.recorded_at / 1000000, '
            "'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM submission t "
            "WHERE t.until = 9223372036854775807"
        ),
    ],
    "postgresql": [
        (
            "CREATE VIEW as_of AS SELECT t.sequence AS \"sequence\", (timestamptz 'epoch' + t.recorded_at * "
            "interval '1 microsecond') AS \"recordedtime\" FROM position t"
        ),
        (
            'CREATE VIEW surveys AS SELECT t."id" AS "id", t."kind" AS "kind", t."committee" AS "committee", '
            't."title" AS "title", CAST(t."opens_on" AS date) AS "opens_on", CAST(t."closes_on" AS date) AS '
            '"closes_on", t."scale_min" AS "scale_min", t."scale_max" AS "scale_max", CAST(t."topics" AS jsonb) '
            'AS "topics", CAST(t."instruments" AS jsonb) AS "instruments", t."invited" AS "invited", t."state" '
            'AS "state", CAST(t."closed_on" AS date) AS "closed_on", t."event" AS "event", t."reason" AS '
            '"reason", r."answered" AS "answered", r."submissions" AS "submissions", t.sequence AS "sequence", '
            "(timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM survey t "
            "JOIN survey_response r ON r.survey = t.id AND r.until = 9223372036854775807 WHERE t.until = "
            "9223372036854775807"
        ),
        (
            'CREATE VIEW survey_members AS SELECT t."survey" AS "survey", t."member" AS "member", (t."invited" '
            '= 1) AS "invited", t."submissions" AS "submissions", (CASE WHEN t.submissions > 0 THEN 1 ELSE 0 '
            'END = 1) AS "answered", t.sequence AS "sequence", (timestamptz \'epoch\' + t.recorded_at * interval '
            "'1 microsecond') AS \"recordedtime\" FROM survey_member t WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW survey_topics AS SELECT t."survey" AS "survey", t."topic" AS "topic", t."ratings" AS '
            '"ratings", CAST(t."sum" AS numeric) AS "sum", t.sequence AS "sequence", (timestamptz \'epoch\' + '
            "t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM survey_topic t WHERE t.until = "
            "9223372036854775807"
        ),
        (
            'CREATE VIEW submissions AS SELECT t."survey" AS "survey", t."member" AS "member", t."respondent" '
            'AS "respondent", CAST(t."submitted_on" AS date) AS "submitted_on", CAST(t."ratings" AS jsonb) AS '
            '"ratings", CAST(t."instruments" AS jsonb) AS "instruments", t.sequence AS "sequence", (timestamptz '
            "'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM submission t WHERE "
            "t.until = 9223372036854775807"
        ),
    ],
}
