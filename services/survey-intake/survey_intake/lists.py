"""The lists of survey-intake."""

from survey_intake import survey_list, survey_member_list
from wco_common.lists.opened import Lists
from wco_common.lists.writing import ListTables
from wco_common.migrate import Migrations

TABLES = ListTables(2, [*survey_list.DERIVED, *survey_member_list.DERIVED, *survey_list.TOTALS])
MIGRATIONS = Migrations("survey_intake:migrations/versions", "survey_intake_lists_version", TABLES.metadata)

LISTS = Lists(TABLES, MIGRATIONS, [*survey_list.LISTINGS, *survey_member_list.LISTINGS], [])
"""What survey-intake answers beside its log."""
