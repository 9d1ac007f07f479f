"""The views of plan-registry's lists."""

from plan_registry.action_list import ACTION
from plan_registry.baseline_list import BASELINE
from plan_registry.focus_area_list import FOCUS_AREA, REVIEW
from plan_registry.member_list import MEMBER
from wco_common.lists.form import DATE
from wco_common.lists.table import Field
from wco_common.lists.view import AS_OF, NOW, View, ViewColumn, changed_by, columns_of, view_of

VIEWS = [
    AS_OF,
    view_of("actions", "Actions of the implementation plans.", ACTION),
    view_of("focus_areas", "Focus areas: the plan's, and those introduced since.", FOCUS_AREA),
    view_of("focus_area_reviews", "Reviews of focus areas.", REVIEW),
    View(
        "members",
        "Members and their regions, by every list that holds from some day on.",
        [
            *columns_of(MEMBER, leave_out=("list",)),
            ViewColumn(
                Field("replaced_on", DATE, "The day from which the next list holds instead.", maybe=True),
                f"(SELECT min(n.effective_on) FROM members_list n WHERE n.{NOW} AND n.effective_on > t.effective_on)",
            ),
            *changed_by(),
        ],
        f"FROM member t JOIN members_list l ON l.list = t.list AND l.{NOW} WHERE t.{NOW}",
    ),
    view_of("baselines", "Baselines of KPIs: of each the one recorded last.", BASELINE),
]
