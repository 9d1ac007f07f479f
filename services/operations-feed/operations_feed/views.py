"""The views of operations-feed's lists."""

from collections.abc import Iterator

from operations_feed.assistance_list import ACTIVITY
from operations_feed.expert_list import ACCREDITATION
from operations_feed.operation_list import OPERATION
from operations_feed.partnership_list import PARTNERSHIP, PARTNERSHIP_STEP
from operations_feed.published_report import PUBLISHED_REPORT, STAGES
from operations_feed.seizure_report_list import SEIZURE_REPORT
from operations_feed.seizure_totals import REPORTED_CATEGORY, REPORTED_MEMBER, REPORTED_QUANTITY
from wco_common.lists.form import DATE, TEXT, WHOLE
from wco_common.lists.table import Field
from wco_common.lists.view import AS_OF, NOW, View, ViewColumn, changed_by, columns_of, view_of


def _published() -> Iterator[ViewColumn]:
    for stage in STAGES:
        on = Field(f"{stage}_published_on", DATE, f"The day on which the {stage} report was published.", maybe=True)
        seizures = Field(f"{stage}_seizures", WHOLE, f"Its seizures by the {stage} report.", maybe=True)
        yield ViewColumn(on, f"{stage}.published_on")
        yield ViewColumn(seizures, f"{stage}.seizures")


def _last_step() -> Iterator[ViewColumn]:
    for name, form, meaning in (
        ("step", TEXT, "The latest step that is not retracted."),
        ("kind", TEXT, "Which kind of step that is."),
        ("on", DATE, "The day it was taken."),
    ):
        yield ViewColumn(
            Field(f"last_step_{name}" if name != "step" else "last_step", form, meaning, maybe=True), f's."{name}"'
        )


VIEWS = [
    AS_OF,
    View(
        "operations",
        "Joint operations, with the seizures that are published of each; what reports add up to is in "
        "`reported_categories`.",
        [*columns_of(OPERATION), *_published(), *changed_by()],
        "FROM operation t "
        + " ".join(
            f"LEFT JOIN published_report {stage} ON {stage}.operation = t.id AND {stage}.stage = '{stage}' "
            f"AND {stage}.{NOW}"
            for stage in STAGES
        )
        + f" WHERE t.{NOW}",
    ),
    view_of("published_reports", "Published reports on operations: of each stage the last.", PUBLISHED_REPORT),
    view_of("seizure_reports", "Reports of seizures, those that are retracted too.", SEIZURE_REPORT),
    view_of("reported_categories", "What an operation's current reports add up to, by category.", REPORTED_CATEGORY),
    view_of(
        "reported_quantities",
        "The quantities of an operation's current reports, by category and unit; units are never merged.",
        REPORTED_QUANTITY,
    ),
    view_of("reported_members", "Members that reported on an operation.", REPORTED_MEMBER),
    View(
        "partnerships",
        "Partnerships, with the last step of each.",
        [*columns_of(PARTNERSHIP), *_last_step(), *changed_by()],
        'FROM partnership t LEFT JOIN (SELECT partnership, step, kind, "on", row_number() OVER '
        '(PARTITION BY partnership ORDER BY "on" DESC, sequence DESC) AS rank '
        f"FROM partnership_step WHERE state = 'current' AND {NOW}) s ON s.partnership = t.id AND s.rank = 1 "
        f"WHERE t.{NOW}",
    ),
    view_of("partnership_steps", "Reviews and upgrades of partnerships, those retracted too.", PARTNERSHIP_STEP),
    view_of("assistance", "Capacity building activities, those that are retracted too.", ACTIVITY),
    view_of(
        "experts",
        "Accreditations of experts: in force from `accredited_on` up to, not including, `ends_on`.",
        ACCREDITATION,
    ),
]
