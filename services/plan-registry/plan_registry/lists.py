"""The lists of plan-registry."""

from plan_registry import action_list
from wco_common.lists.opened import Lists
from wco_common.lists.writing import ListTables
from wco_common.migrate import Migrations

TABLES = ListTables(1, [action_list.ACTIONS])
MIGRATIONS = Migrations("plan_registry:migrations/versions", "plan_registry_lists_version", TABLES.metadata)

LISTS = Lists(TABLES, MIGRATIONS, action_list.LISTINGS, [])
"""What plan-registry answers beside its log."""
