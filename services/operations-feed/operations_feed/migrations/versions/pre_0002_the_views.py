"""The views of operations-feed's lists, for tools that read databases. To be run before the code."""

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
    for view in (
        "as_of",
        "operations",
        "published_reports",
        "seizure_reports",
        "reported_categories",
        "reported_quantities",
        "reported_members",
        "partnerships",
        "partnership_steps",
        "assistance",
        "experts",
    ):
        op.execute(f"DROP VIEW {view}")


_VIEWS = {
    "sqlite": [
        (
            "CREATE VIEW as_of AS SELECT t.sequence AS \"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at "
            "/ 1000000, 'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM "
            "position t"
        ),
        (
            'CREATE VIEW operations AS SELECT t."id" AS "id", t."title" AS "title", t."theme" AS "theme", '
            't."starts_on" AS "starts_on", t."ends_on" AS "ends_on", t."participants" AS "participants", '
            't."state" AS "state", t."event" AS "event", t."reason" AS "reason", interim.published_on AS '
            '"interim_published_on", interim.seizures AS "interim_seizures", final.published_on AS '
            '"final_published_on", final.seizures AS "final_seizures", t.sequence AS "sequence", '
            "(strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', "
            't.recorded_at % 1000000)) AS "recordedtime" FROM operation t LEFT JOIN published_report interim ON '
            "interim.operation = t.id AND interim.stage = 'interim' AND interim.until = 9223372036854775807 "
            "LEFT JOIN published_report final ON final.operation = t.id AND final.stage = 'final' AND "
            "final.until = 9223372036854775807 WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW published_reports AS SELECT t."operation" AS "operation", t."stage" AS "stage", '
            't."published_on" AS "published_on", t."seizures" AS "seizures", t."cases" AS "cases", '
            't."reporting_members" AS "reporting_members", t."quantities" AS "quantities", t."by_category" AS '
            '"by_category", t.sequence AS "sequence", (strftime(\'%Y-%m-%dT%H:%M:%S\', t.recorded_at / 1000000, '
            "'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM published_report "
            "t WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW seizure_reports AS SELECT t."operation" AS "operation", t."report" AS "report", '
            't."member" AS "member", t."seized_on" AS "seized_on", t."category" AS "category", t."seizures" AS '
            '"seizures", t."cases" AS "cases", t."quantities" AS "quantities", t."hs_code" AS "hs_code", '
            't."state" AS "state", t."event" AS "event", t."reason" AS "reason", t.sequence AS "sequence", '
            "(strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', "
            't.recorded_at % 1000000)) AS "recordedtime" FROM seizure_report t WHERE t.until = '
            "9223372036854775807"
        ),
        (
            'CREATE VIEW reported_categories AS SELECT t."operation" AS "operation", t."category" AS '
            '"category", t."reports" AS "reports", CAST(t."seizures" AS integer) AS "seizures", CAST(t."cases" '
            'AS integer) AS "cases", t.sequence AS "sequence", (strftime(\'%Y-%m-%dT%H:%M:%S\', t.recorded_at / '
            "1000000, 'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM "
            "reported_category t WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW reported_quantities AS SELECT t."operation" AS "operation", t."category" AS '
            '"category", t."unit" AS "unit", t."amount" AS "amount", t.sequence AS "sequence", '
            "(strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', "
            't.recorded_at % 1000000)) AS "recordedtime" FROM reported_quantity t WHERE t.until = '
            "9223372036854775807"
        ),
        (
            'CREATE VIEW reported_members AS SELECT t."operation" AS "operation", t."member" AS "member", '
            't."reports" AS "reports", t.sequence AS "sequence", (strftime(\'%Y-%m-%dT%H:%M:%S\', t.recorded_at / '
            "1000000, 'unixepoch') || printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM "
            "reported_member t WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW partnerships AS SELECT t."id" AS "id", t."partner" AS "partner", t."partner_kind" AS '
            '"partner_kind", t."instrument" AS "instrument", t."objectives" AS "objectives", t."since" AS '
            '"since", t."state" AS "state", t."ended_on" AS "ended_on", t."event" AS "event", t."reason" AS '
            '"reason", s."step" AS "last_step", s."kind" AS "last_step_kind", s."on" AS "last_step_on", '
            "t.sequence AS \"sequence\", (strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || "
            "printf('.%06dZ', t.recorded_at % 1000000)) AS \"recordedtime\" FROM partnership t LEFT JOIN (SELECT "
            'partnership, step, kind, "on", row_number() OVER (PARTITION BY partnership ORDER BY "on" DESC, '
            "sequence DESC) AS rank FROM partnership_step WHERE state = 'current' AND until = "
            "9223372036854775807) s ON s.partnership = t.id AND s.rank = 1 WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW partnership_steps AS SELECT t."partnership" AS "partnership", t."step" AS "step", '
            't."kind" AS "kind", t."on" AS "on", t."objectives" AS "objectives", t."summary" AS "summary", '
            't."state" AS "state", t."event" AS "event", t."reason" AS "reason", t.sequence AS "sequence", '
            "(strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', "
            't.recorded_at % 1000000)) AS "recordedtime" FROM partnership_step t WHERE t.until = '
            "9223372036854775807"
        ),
        (
            'CREATE VIEW assistance AS SELECT t."id" AS "id", t."title" AS "title", t."delivered_on" AS '
            '"delivered_on", t."members" AS "members", t."aligned_with" AS "aligned_with", t."delivered_by" AS '
            '"delivered_by", t."experts" AS "experts", t."cost" AS "cost", t."currency" AS "currency", '
            't."state" AS "state", t."event" AS "event", t."reason" AS "reason", t.sequence AS "sequence", '
            "(strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', "
            't.recorded_at % 1000000)) AS "recordedtime" FROM activity t WHERE t.until = 9223372036854775807'
        ),
        (
            'CREATE VIEW experts AS SELECT t."expert" AS "expert", t."accreditation" AS "accreditation", '
            't."status" AS "status", t."employer" AS "employer", t."areas" AS "areas", t."accredited_on" AS '
            '"accredited_on", t."expires_on" AS "expires_on", t."ended_on" AS "ended_on", t."ends_on" AS '
            '"ends_on", t."event" AS "event", t."reason" AS "reason", t.sequence AS "sequence", '
            "(strftime('%Y-%m-%dT%H:%M:%S', t.recorded_at / 1000000, 'unixepoch') || printf('.%06dZ', "
            't.recorded_at % 1000000)) AS "recordedtime" FROM accreditation t WHERE t.until = '
            "9223372036854775807"
        ),
    ],
    "postgresql": [
        (
            "CREATE VIEW as_of AS SELECT t.sequence AS \"sequence\", (timestamptz 'epoch' + t.recorded_at * "
            "interval '1 microsecond') AS \"recordedtime\" FROM position t"
        ),
        (
            'CREATE VIEW operations AS SELECT t."id" AS "id", t."title" AS "title", t."theme" AS "theme", '
            'CAST(t."starts_on" AS date) AS "starts_on", CAST(t."ends_on" AS date) AS "ends_on", '
            'CAST(t."participants" AS jsonb) AS "participants", t."state" AS "state", t."event" AS "event", '
            't."reason" AS "reason", CAST(interim.published_on AS date) AS "interim_published_on", '
            'interim.seizures AS "interim_seizures", CAST(final.published_on AS date) AS "final_published_on", '
            'final.seizures AS "final_seizures", t.sequence AS "sequence", (timestamptz \'epoch\' + t.recorded_at '
            "* interval '1 microsecond') AS \"recordedtime\" FROM operation t LEFT JOIN published_report interim "
            "ON interim.operation = t.id AND interim.stage = 'interim' AND interim.until = 9223372036854775807 "
            "LEFT JOIN published_report final ON final.operation = t.id AND final.stage = 'final' AND "
            "final.until = 9223372036854775807 WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW published_reports AS SELECT t."operation" AS "operation", t."stage" AS "stage", '
            'CAST(t."published_on" AS date) AS "published_on", t."seizures" AS "seizures", t."cases" AS '
            '"cases", t."reporting_members" AS "reporting_members", CAST(t."quantities" AS jsonb) AS '
            '"quantities", CAST(t."by_category" AS jsonb) AS "by_category", t.sequence AS "sequence", '
            "(timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM "
            "published_report t WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW seizure_reports AS SELECT t."operation" AS "operation", t."report" AS "report", '
            't."member" AS "member", CAST(t."seized_on" AS date) AS "seized_on", t."category" AS "category", '
            't."seizures" AS "seizures", t."cases" AS "cases", CAST(t."quantities" AS jsonb) AS "quantities", '
            't."hs_code" AS "hs_code", t."state" AS "state", t."event" AS "event", t."reason" AS "reason", '
            "t.sequence AS \"sequence\", (timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS "
            '"recordedtime" FROM seizure_report t WHERE t.until = 9223372036854775807'
        ),
        (
            'CREATE VIEW reported_categories AS SELECT t."operation" AS "operation", t."category" AS '
            '"category", t."reports" AS "reports", CAST(t."seizures" AS numeric) AS "seizures", CAST(t."cases" '
            'AS numeric) AS "cases", t.sequence AS "sequence", (timestamptz \'epoch\' + t.recorded_at * interval '
            "'1 microsecond') AS \"recordedtime\" FROM reported_category t WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW reported_quantities AS SELECT t."operation" AS "operation", t."category" AS '
            '"category", t."unit" AS "unit", CAST(t."amount" AS numeric) AS "amount", t.sequence AS "sequence", '
            "(timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM "
            "reported_quantity t WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW reported_members AS SELECT t."operation" AS "operation", t."member" AS "member", '
            't."reports" AS "reports", t.sequence AS "sequence", (timestamptz \'epoch\' + t.recorded_at * '
            "interval '1 microsecond') AS \"recordedtime\" FROM reported_member t WHERE t.until = "
            "9223372036854775807"
        ),
        (
            'CREATE VIEW partnerships AS SELECT t."id" AS "id", t."partner" AS "partner", t."partner_kind" AS '
            '"partner_kind", t."instrument" AS "instrument", CAST(t."objectives" AS jsonb) AS "objectives", '
            'CAST(t."since" AS date) AS "since", t."state" AS "state", CAST(t."ended_on" AS date) AS '
            '"ended_on", t."event" AS "event", t."reason" AS "reason", s."step" AS "last_step", s."kind" AS '
            '"last_step_kind", CAST(s."on" AS date) AS "last_step_on", t.sequence AS "sequence", (timestamptz '
            "'epoch' + t.recorded_at * interval '1 microsecond') AS \"recordedtime\" FROM partnership t LEFT JOIN "
            '(SELECT partnership, step, kind, "on", row_number() OVER (PARTITION BY partnership ORDER BY "on" '
            "DESC, sequence DESC) AS rank FROM partnership_step WHERE state = 'current' AND until = "
            "9223372036854775807) s ON s.partnership = t.id AND s.rank = 1 WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW partnership_steps AS SELECT t."partnership" AS "partnership", t."step" AS "step", '
            't."kind" AS "kind", CAST(t."on" AS date) AS "on", CAST(t."objectives" AS jsonb) AS "objectives", '
            't."summary" AS "summary", t."state" AS "state", t."event" AS "event", t."reason" AS "reason", '
            "t.sequence AS \"sequence\", (timestamptz 'epoch' + t.recorded_at * interval '1 microsecond') AS "
            '"recordedtime" FROM partnership_step t WHERE t.until = 9223372036854775807'
        ),
        (
            'CREATE VIEW assistance AS SELECT t."id" AS "id", t."title" AS "title", CAST(t."delivered_on" AS '
            'date) AS "delivered_on", CAST(t."members" AS jsonb) AS "members", CAST(t."aligned_with" AS jsonb) '
            'AS "aligned_with", t."delivered_by" AS "delivered_by", CAST(t."experts" AS jsonb) AS "experts", '
            'CAST(t."cost" AS numeric) AS "cost", t."currency" AS "currency", t."state" AS "state", t."event" '
            'AS "event", t."reason" AS "reason", t.sequence AS "sequence", (timestamptz \'epoch\' + t.recorded_at '
            "* interval '1 microsecond') AS \"recordedtime\" FROM activity t WHERE t.until = 9223372036854775807"
        ),
        (
            'CREATE VIEW experts AS SELECT t."expert" AS "expert", t."accreditation" AS "accreditation", '
            't."status" AS "status", t."employer" AS "employer", CAST(t."areas" AS jsonb) AS "areas", '
            'CAST(t."accredited_on" AS date) AS "accredited_on", CAST(t."expires_on" AS date) AS "expires_on", '
            'CAST(t."ended_on" AS date) AS "ended_on", CAST(t."ends_on" AS date) AS "ends_on", t."event" AS '
            '"event", t."reason" AS "reason", t.sequence AS "sequence", (timestamptz \'epoch\' + t.recorded_at * '
            "interval '1 microsecond') AS \"recordedtime\" FROM accreditation t WHERE t.until = "
            "9223372036854775807"
        ),
    ],
}
