"""The list of focus areas, each with its reviews over the years."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plan_registry.objective import FOCUS
from wco_common.event import RecordedEvent
from wco_common.lists.declaring import Listing, Told
from wco_common.lists.deriving import Change, Derived
from wco_common.lists.form import DATE, FLAG, TEXT
from wco_common.lists.openapi import several, told_row
from wco_common.lists.reading import Rows, answered, grouped
from wco_common.lists.table import Field, Key, ListTable, Row, Version

DECISIONS = ("continued", "replaced", "integrated", "introduced")

FOCUS_AREA = ListTable(
    "focus_area",
    [Field("id", TEXT, "The focus area.")],
    [
        Field("title", TEXT, "What it is called: by the last review that named it, else by the plan."),
        Field("title_in_plan", TEXT, "What the plan calls it, where it has it.", maybe=True),
        Field("title_in_review", TEXT, "What the last review that named it calls it.", maybe=True),
        Field("introduced", FLAG, "Whether a review introduced it, since the plan was adopted."),
    ],
    comment="Focus areas: the plan's, and those introduced since.",
)
REVIEW = ListTable(
    "focus_area_review",
    [
        Field("focus_area", TEXT, "The focus area."),
        Field("review", TEXT, "The review: the 16 digits of its event's sequence."),
    ],
    [
        Field("period", TEXT, "The period of the review."),
        Field("decision", TEXT, f"One of {', '.join(DECISIONS)}."),
        Field("title", TEXT, "What the area is called, where the review names it.", maybe=True),
        Field("replaced_by", TEXT, "The area that takes its place.", maybe=True),
        Field("integrated_into", TEXT, "The objective that it becomes part of.", maybe=True),
        Field("reviewed_on", DATE, "The day of the review."),
    ],
    comment="Reviews of focus areas.",
)


def _in_plan(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    for objective in event.data["objectives"]:
        yield (objective["id"],), _planned(objective)


def _planned(objective: Mapping[str, str]) -> Change:
    def change(row: Row) -> Row | None:
        if objective["layer"] == FOCUS:
            return _called(row, title_in_plan=objective["title"])
        # Of another layer, it is a focus area all the same if a review introduced it.
        return row if row.get("introduced") else None

    return change


def _reviewed(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    introduced = {"introduced": 1} if event.data["decision"] == "introduced" else {}
    named = {"title_in_review": event.data["title"]} if "title" in event.data else {}
    yield (event.subject,), lambda row: _called(row, **introduced, **named)


def _called(row: Row, **said: Any) -> Row:
    before = {"title_in_plan": None, "title_in_review": None, "introduced": 0}
    now = before | dict(row) | said
    return now | {"title": now["title_in_review"] or now["title_in_plan"]}


def _review(event: RecordedEvent) -> Iterator[tuple[Key, Change]]:
    said = {field.name: event.data.get(field.name) for field in REVIEW.says}
    yield (event.subject, event.sequence), lambda row: said


DERIVED = [
    Derived(FOCUS_AREA, {"plan.adopted": _in_plan, "plan.revised": _in_plan, "focus-area.reviewed": _reviewed}),
    Derived(REVIEW, {"focus-area.reviewed": _review}),
]


def _reviews(rows: Rows, versions: Sequence[Version]) -> Sequence[Mapping[str, Any]]:
    areas = [version.key[0] for version in versions]
    by_area = grouped(rows.of(REVIEW, REVIEW.of(areas)))
    return [{"reviews": [answered(REVIEW, each) for each in by_area[area]]} for area in areas]


LISTINGS = [
    Listing(
        "/v1/focus-areas",
        "focus_areas",
        "Focus areas, with their reviews over the years",
        Told(FOCUS_AREA, beside=_reviews, says_beside={"reviews": several(told_row(Told(REVIEW)))}),
        {"id": FOCUS_AREA["id"], "title": FOCUS_AREA["title"]},
    )
]
