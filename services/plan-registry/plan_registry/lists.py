"""The lists of plan-registry."""

from plan_registry import action_list, baseline_list, focus_area_list, member_list
from wco_common.lists.opened import Lists
from wco_common.lists.writing import ListTables
from wco_common.migrate import Migrations

_KINDS = (action_list, focus_area_list, member_list, baseline_list)

TABLES = ListTables(1, [derived for kind in _KINDS for derived in kind.DERIVED])
MIGRATIONS = Migrations("plan_registry:migrations/versions", "plan_registry_lists_version", TABLES.metadata)

LISTS = Lists(TABLES, MIGRATIONS, [listing for kind in _KINDS for listing in kind.LISTINGS], [])
"""What plan-registry answers beside its log."""
