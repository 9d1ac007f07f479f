"""Nobody can take synthetic figures for the WCO's: not from a scorecard, not from the raw log."""

import csv
import json
from pathlib import Path

import pytest

from demonstration.entry import PUBLISHED, SYNTHETIC
from unit.demonstration.conftest import BUNDLE, Recorded
from wco_common.bundle import log_file
from wco_events.event_type import LOG_NAMES

SOURCES = Path(__file__).parents[3] / "data" / "sources"

WITHOUT_AN_ID_OF_THEIR_OWN = {
    "org.wcoomd.baseline.set.v1",
    "org.wcoomd.implementation-plan.published.v1",
    "org.wcoomd.focus-area.reviewed.v1",
    "org.wcoomd.plan.revised.v1",
}
"""Of these the subject is the plan's; what they say is labelled."""


def published(operation: str) -> dict[str, str]:
    """The row of a joint operation in the source."""
    with (SOURCES / "wco-joint-operations.csv").open(encoding="utf-8", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["operation"] == operation)


def test_the_plan_carries_a_notice_from_its_adoption_on(recorded: Recorded) -> None:
    for plan in recorded("plan.adopted") + recorded("plan.revised"):
        assert "not the WCO's figures" in plan.data["notice"]


def test_every_event_is_labelled_synthetic_or_cites_what_it_rests_on() -> None:
    for log in LOG_NAMES:
        for line in (BUNDLE / log_file(log)).read_bytes().splitlines():
            event = json.loads(line)
            if event["source"] == PUBLISHED:
                assert event["citation"]
                continue
            assert event["source"] == SYNTHETIC
            if event["type"] not in WITHOUT_AN_ID_OF_THEIR_OWN:
                assert event["subject"].startswith("synthetic-")
            if "title" in event["data"] and event["type"] != "org.wcoomd.plan.revised.v1":
                assert "(synthetic" in event["data"]["title"]


def test_what_else_is_made_up_says_so_too(recorded: Recorded) -> None:
    assert all("Synthetic" in baseline.data["source"] for baseline in recorded("baseline.set"))
    assert all("(synthetic)" in partnership.data["partner"] for partnership in recorded("partnership.registered"))
    for plan in recorded("implementation-plan.published"):
        assert all("(synthetic)" in action["title"] for action in plan.data["actions"])


@pytest.mark.parametrize(
    ("operation", "row", "stage"),
    [
        ("demeter-viii", "DEMETER VIII", "interim"),
        ("demeter-ix", "DEMETER IX", "interim"),
        ("demeter-x", "DEMETER X", "final"),
        ("thunder-2022", "THUNDER 2022", "interim"),
        ("thunder-2023", "THUNDER 2023", "interim"),
    ],
)
def test_the_real_operations_of_the_plans_years_have_the_sources_figures(
    recorded: Recorded, operation: str, row: str, stage: str
) -> None:
    source = published(row)
    (report,) = recorded("operation.report-published", operation)
    assert report.data["stage"] == stage, "what is preliminary or rounded is an interim report"
    for figure in ("seizures", "cases"):
        assert report.data["totals"].get(figure) == (int(source[figure]) if source[figure] else None)
    (launched,) = recorded("operation.launched", operation)
    assert launched.data["participants"] == [], "the source has their number alone"
    if operation != "demeter-x":
        assert (launched.data["starts_on"], launched.data["ends_on"]) == (source["start"], source["end"])


def test_weight_and_pieces_stand_side_by_side(recorded: Recorded) -> None:
    (report,) = recorded("operation.report-published", "demeter-viii")
    waste = next(part for part in report.data["by_category"] if part["category"] == "waste")
    assert waste["quantities"] == [{"amount": "3647000", "unit": "kg"}, {"amount": "8662", "unit": "pieces"}]


def test_days_that_are_made_up_are_labelled(recorded: Recorded) -> None:
    (launched,) = recorded("operation.launched", "demeter-x")
    assert launched.data["title"] == "Operation DEMETER X (dates assumed)"
    lines = (BUNDLE / "operations-feed.ndjson").read_bytes().splitlines()
    events = [json.loads(line) for line in lines]
    for event in events:
        if event["source"] == PUBLISHED and event["type"].endswith("report-published.v1"):
            assert "assumed" in event["remark"] or event["subject"] == "thunder-2022"


def test_members_are_the_sources_without_codes_that_are_no_member(recorded: Recorded) -> None:
    with (SOURCES / "members-by-region.csv").open(encoding="utf-8", newline="") as file:
        source = {row["iso3"]: row["region"] for row in csv.DictReader(file)}
    first, second = (
        {each["iso3"]: each["region"] for each in list_.data["members"]} for list_ in recorded("members.listed")
    )
    assert set(source) - set(second) == {"KOS", "SOL", "ESH", "FLK", "GRL", "NCL", "PRI", "PRK", "TWN"}
    assert set(second) - set(source) == {"XKX"}
    assert all(region == source.get(member, "EUR") for member, region in second.items())
    assert set(second) - set(first) == {"SLB"}, "who joined while the plan was in force"
