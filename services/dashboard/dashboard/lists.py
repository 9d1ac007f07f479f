"""The lists of the desk: where each is, which of its fields are shown, and what is asked of it first.

How a list is filtered and sorted, and what its fields are, its service says itself: see `listing.py`.
"""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import NamedTuple

from dashboard.words import N_
from wco_common.problem import NotFound
from wco_events.forms import ID

_ID = re.compile(ID)

DAYS_AHEAD = re.compile("P([0-9]{1,4})D")
"""A day told by how many days it is after the one that a list is seen from: P90D, a duration of ISO 8601.

In an address it moves with the moment.
"""


def on_day(told: str, day: date) -> str:
    """Return a day as services are asked for it; one that is told by days ahead is counted from another."""
    ahead = DAYS_AHEAD.fullmatch(told)
    return told if ahead is None else str(day + timedelta(days=int(ahead[1])))


class Question(NamedTuple):
    """What is asked of a list first: its words, and its filters as an address names them."""

    words: str
    filters: Mapping[str, str]

    def on(self, day: date) -> dict[str, str]:
        """Return the filters as they are on a day."""
        return {name: on_day(each, day) for name, each in self.filters.items()}


class ListOf(NamedTuple):
    """A list of a service.

    `path` is its address there, `rows` the name that its rows have in the answer, and `item`, where it is one within
    a thing, that thing's. `columns` are the fields shown, the first of which names a row. `page` is the address of its
    page below /desk where that is not the address of its tables. `dated` is the field that `from` and `to` limit, and
    `order` the one that rows are in first, where the service would begin with what is longest past.
    """

    service: str
    path: str
    rows: str
    title: str
    columns: tuple[str, ...]
    says: str = ""
    item: str | None = None
    question: Question | None = None
    page: str | None = None
    dated: str | None = None
    order: str = ""

    def at(self, named: Mapping[str, str]) -> str:
        """Return the address within the service, of the thing that is named. Raises NotFound."""
        for name in named.values():
            if not _ID.fullmatch(name):
                raise NotFound(f"{name!r} is no id")
        return self.path.format(**named)


LISTS: Mapping[str, ListOf] = {
    "actions": ListOf(
        "plan-registry",
        "v1/actions",
        "actions",
        N_("Actions"),
        ("title", "objective", "period", "due_on", "state", "overdue", "sequence"),
        N_("What the Implementation Plans set out to do, and what is overdue."),
        question=Question(N_("Overdue"), {"overdue": "true"}),
    ),
    "actions/{id}": ListOf(
        "plan-registry",
        "v1/actions/{id}",
        "course",
        N_("Its course"),
        ("recordedtime", "state", "due_on", "started_on", "completed_on", "sequence"),
        item="action",
    ),
    "surveys": ListOf(
        "survey-intake",
        "v1/surveys",
        "surveys",
        N_("Surveys"),
        ("title", "kind", "committee", "opens_on", "closes_on", "state", "running", "response"),
        N_("How many Members answered each, and which did not."),
        question=Question(N_("Open for answers"), {"running": "true"}),
        dated="closes_on",
        order="-closes_on",
    ),
    "surveys/{id}": ListOf(
        "survey-intake",
        "v1/surveys/{id}",
        "members",
        N_("Members"),
        ("member", "invited", "answered", "submissions", "submitted_on", "sequence"),
        item="survey",
        question=Question(N_("Not answered"), {"answered": "false"}),
    ),
    "operations": ListOf(
        "operations-feed",
        "v1/operations",
        "operations",
        N_("Operations"),
        ("title", "theme", "ends_on", "state", "running", "interim", "final", "reported", "figure"),
        N_("Interim figures against final ones, and against the sum of what Members reported."),
        question=Question(N_("Under way"), {"running": "true"}),
        dated="ends_on",
        order="-ends_on",
    ),
    "operations/{id}/reports": ListOf(
        "operations-feed",
        "v1/operations/{id}/reports",
        "reports",
        N_("Reports of seizures"),
        ("report", "member", "seized_on", "category", "seizures", "cases", "quantities", "state", "sequence"),
        item="operation",
        page="operations/{id}",
        dated="seized_on",
    ),
    "partnerships": ListOf(
        "operations-feed",
        "v1/partnerships",
        "partnerships",
        N_("Partnerships"),
        ("partner", "partner_kind", "instrument", "objectives", "since", "in_force", "last_step"),
        N_("Whom the WCO works with on each objective, and the last step taken."),
        question=Question(N_("In force"), {"in_force": "true"}),
        order="-last_step",
    ),
    "partnerships/{id}": ListOf(
        "operations-feed",
        "v1/partnerships/{id}",
        "steps",
        N_("Its steps"),
        ("on", "kind", "objectives", "summary", "state", "sequence"),
        item="partnership",
    ),
    "assistance": ListOf(
        "operations-feed",
        "v1/assistance",
        "assistance",
        N_("Assistance"),
        ("title", "delivered_on", "members", "aligned_with", "delivered_by", "cost", "state", "sequence"),
        N_("Capacity building that was delivered, for whom, by whom and at what cost."),
        dated="delivered_on",
        order="-delivered_on",
    ),
    "assistance/{id}": ListOf(
        "operations-feed",
        "v1/assistance/{id}",
        "course",
        N_("Its course"),
        ("recordedtime", "state", "delivered_on", "members", "delivered_by", "cost", "sequence"),
        item="activity",
    ),
    "experts": ListOf(
        "operations-feed",
        "v1/experts",
        "experts",
        N_("Experts"),
        ("expert", "status", "employer", "areas", "accredited_on", "ends_on", "in_force", "sequence"),
        N_("Accreditations, and which of them end soon."),
        question=Question(N_("Ending within 90 days"), {"ending_before": "P90D", "sort": "ends_on"}),
    ),
    "focus-areas": ListOf(
        "plan-registry",
        "v1/focus-areas",
        "focus_areas",
        N_("Focus areas"),
        ("title", "introduced", "reviews", "sequence"),
        N_("What each is called, and what was decided on it over the years."),
    ),
    "members": ListOf(
        "plan-registry",
        "v1/members",
        "members",
        N_("Members"),
        ("iso3", "region", "effective_on", "sequence"),
        N_("The Members and their regions, by the list that holds on the day."),
    ),
    "baselines": ListOf(
        "plan-registry",
        "v1/baselines",
        "baselines",
        N_("Baselines"),
        ("kpi", "value", "measured_on", "source", "sequence"),
        N_("What indicators were at before the plan began."),
    ),
}
"""By the address of their tables below /desk."""
