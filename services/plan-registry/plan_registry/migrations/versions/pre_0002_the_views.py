"""The views of plan-registry's lists, for tools that read databases. To be run before the code."""

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
    for view in ("as_of", "actions", "focus_areas", "focus_area_reviews", "members", "baselines"):
        op.execute(f"DROP VIEW {view}")


_VIEWS = {
    "sqlite": [
        (
            "CREATE VIEW as_of AS SELECT t.sequence AS \"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at "
            "/ 1000000, 'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM "
            "position t"
        ),
        (
            'CREATE VIEW actions AS SELECT t."id" AS "id", t."objective" AS "objective", t."period" AS '
            '"period", t."title" AS "title", t."due_on" AS "due_on", t."desired_future" AS "desired_future", '
            't."risk" AS "risk", t."state" AS "state", t."started_on" AS "started_on", t."completed_on" AS '
            '"completed_on", t."evidence" AS "evidence", t."event" AS "event", t."reason" AS "reason", '
            "t.sequence AS \"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || "
            "printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM action t WHERE t.until = "
            "9223372036854775807"
        ),
        (
            'CREATE VIEW focus_areas AS SELECT t."id" AS "id", t."title" AS "title", t."title_in_plan" AS '
            '"title_in_plan", t."title_in_review" AS "title_in_review", t."introduced" AS "introduced", '
            "t.sequence AS \"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || "
            "printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM focus_area t WHERE t.until = "
            "9223372036854775807"
        ),
        (
            'CREATE VIEW focus_area_reviews AS SELECT t."focus_area" AS "focus_area", t."review" AS "review", '
            't."period" AS "period", t."decision" AS "decision", t."title" AS "title", t."replaced_by" AS '
            '"replaced_by", t."integrated_into" AS "integrated_into", t."reviewed_on" AS "reviewed_on", '
            "t.sequence AS \"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || "
            "printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM focus_area_review t WHERE "
            "t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW members AS SELECT t."iso3" AS "iso3", t."region" AS "region", t."effective_on" AS '
            '"effective_on", (SELECT min(n.effective_on) FROM members_list n WHERE n.until = '
            '9223372036854775807 AND n.effective_on > t.effective_on) AS "replaced_on", t.sequence AS '
            "\"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || "
            "printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM member t JOIN members_list l ON "
            "l.list = t.list AND l.until = 9223372036854775807 WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW baselines AS SELECT t."kpi" AS "kpi", t."value" AS "value", t."measured_on" AS '
            '"measured_on", t."source" AS "source", t.sequence AS "sequence", (strftime(\'%Y-%m-%dT%H:%M:%S\', '
            "t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS "
            '"recordedtime" FROM baseline t WHERE t.until = 9223372036854775807'
        ),
    ],
    "postgresql": [
        (
            "CREATE VIEW as_of AS SELECT t.sequence AS \"sequence\", (timestamptz 'epoch' + t.recorded_at * "
            "interval '1 microsecond') AS \"recordedtime\" FROM position t"
        ),
        (
            'CREATE VIEW actions AS SELECT t."id" AS "id", t."objective" AS "objective", t."period" AS '
            '"period", t."title" AS "title", CAST(t."due_on" AS date) AS "due_on", t."desired_future" AS '
            '"desired_future", t."risk" AS "risk", t."state" AS "state", CAST(t."started_on" AS date) AS '
            '"started_on", CAST(t."completed_on" AS date) AS "completed_on", t."evidence" AS "evidence", '
            't."event" AS "event", t."reason" AS "reason", t.sequence AS "sequence", (timestamptz \'epoch\' + '
            "t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM action t WHERE t.until = "
            "9223372036854775807"
        ),
        (
            'CREATE VIEW focus_areas AS SELECT t."id" AS "id", t."title" AS "title", t."title_in_plan" AS '
            '"title_in_plan", t."title_in_review" AS "title_in_review", (t."introduced" = 1) AS "introduced", '
            "t.sequence AS \"sequence\", (timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS "
            '"recordedtime" FROM focus_area t WHERE t.until = 9223372036854775807'
        ),
        (
            'CREATE VIEW focus_area_reviews AS SELECT t."focus_area" AS "focus_area", t."review" AS "review", '
            't."period" AS "period", t."decision" AS "decision", t."title" AS "title", t."replaced_by" AS '
            '"replaced_by", t."integrated_into" AS "integrated_into", CAST(t."reviewed_on" AS date) AS '
            '"reviewed_on", t.sequence AS "sequence", (timestamptz \'epoch\' + t.recorded_at * interval \'1 '
            'microsecond\') AS "recordedtime" FROM focus_area_review t WHERE t.until = 9223372036854775807'
        ),
        (
            'CREATE VIEW members AS SELECT t."iso3" AS "iso3", t."region" AS "region", CAST(t."effective_on" AS '
            'date) AS "effective_on", CAST((SELECT min(n.effective_on) FROM members_list n WHERE n.until = '
            '9223372036854775807 AND n.effective_on > t.effective_on) AS date) AS "replaced_on", t.sequence AS '
            "\"sequence\", (timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" "
            "FROM member t JOIN members_list l ON l.list = t.list AND l.until = 9223372036854775807 WHERE "
            "t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW baselines AS SELECT t."kpi" AS "kpi", CAST(t."value" AS numeric) AS "value", '
            'CAST(t."measured_on" AS date) AS "measured_on", t."source" AS "source", t.sequence AS "sequence", '
            "(timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM baseline t "
            "WHERE t.until = 9223372036854775807"
        ),
    ],
}
