"""The lists of operations-feed."""

from operations_feed import (
    assistance_list,
    expert_list,
    operation_list,
    partnership_list,
    published_report,
    seizure_report_list,
    seizure_totals,
)
from wco_common.lists.opened import Lists
from wco_common.lists.writing import ListTables
from wco_common.migrate import Migrations

TABLES = ListTables(
    1,
    [
        *operation_list.DERIVED,
        *published_report.DERIVED,
        *seizure_report_list.DERIVED,
        *seizure_totals.DERIVED,
        *partnership_list.DERIVED,
        *assistance_list.DERIVED,
        *expert_list.DERIVED,
    ],
)
MIGRATIONS = Migrations("operations_feed:migrations/versions", "operations_feed_lists_version", TABLES.metadata)

LISTS = Lists(
    TABLES,
    MIGRATIONS,
    [
        *operation_list.LISTINGS,
        *seizure_report_list.LISTINGS,
        *partnership_list.LISTINGS,
        *assistance_list.LISTINGS,
        *expert_list.LISTINGS,
    ],
    operation_list.ITEMS,
)
"""What operations-feed answers beside its log."""
