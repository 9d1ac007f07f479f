"""An operation is launched once, revised and reported on; once cancelled, it and its reports take nothing more."""

from typing import Any

import pytest

from scenario import Given, Scenario, posted
from wco_common.event import Event


def on(name: str, operation: str = "o1", **data: Any) -> Event:
    return posted(name, operation, **data)


def report(name: str, report: str = "r1", operation: str = "o1", **data: Any) -> Event:
    return posted(name, f"{operation}/{report}", operation=operation, report=report, **data)


@pytest.fixture
def operation(given: Given) -> Scenario:
    return given(on("operation.launched"))


def test_an_operation_is_launched_once(operation: Scenario) -> None:
    operation.when(on("operation.launched")).then_refused(("/subject", "operation o1 exists already"))
    operation.when(on("operation.launched", "o2")).then_recorded()


def test_a_cancelled_operation_is_not_launched_again(operation: Scenario) -> None:
    operation.when(on("operation.cancelled")).then_recorded()
    operation.when(on("operation.launched")).then_refused(("/subject", "operation o1 exists already"))


@pytest.mark.parametrize("name", ["operation.revised", "operation.cancelled", "operation.report-published"])
def test_an_operation_that_was_not_launched_takes_nothing(operation: Scenario, name: str) -> None:
    operation.when(on(name, "o2")).then_refused(("/subject", "operation o2 does not exist: operation.launched"))


@pytest.mark.parametrize("name", ["operation.revised", "operation.cancelled", "operation.report-published"])
def test_a_cancelled_operation_takes_nothing(operation: Scenario, name: str) -> None:
    operation.when(on("operation.cancelled")).then_recorded()
    operation.when(on(name)).then_refused(("/subject", "operation o1 is cancelled: that is final"))


def test_an_operation_is_revised_and_reported_on_again_and_again(operation: Scenario) -> None:
    for name in ("operation.revised", "operation.report-published") * 2:
        operation.when(on(name)).then_recorded()


def test_a_report_of_each_stage_replaces_the_one_before_also_with_no_figures(operation: Scenario) -> None:
    for stage in ("final", "interim", "final"):
        operation.when(
            posted("operation.report-published", "o1", without=["by_category"], stage=stage, totals={})
        ).then_recorded()


def test_more_members_report_than_take_part(operation: Scenario) -> None:
    operation.when(on("operation.revised", participants=["FRA"])).then_recorded()
    operation.when(
        posted("operation.report-published", "o1", without=["by_category"], totals={"reporting_members": 99})
    ).then_recorded()


def test_seizures_of_a_member_that_does_not_participate_are_taken(operation: Scenario) -> None:
    operation.when(on("operation.revised", participants=["FRA"])).then_recorded()
    operation.when(report("seizure.reported", member="ZAF")).then_recorded()


def test_seizures_dated_outside_the_operation_are_taken(operation: Scenario) -> None:
    operation.when(report("seizure.reported", seized_on="2001-01-01")).then_recorded()


def test_a_report_is_made_once_within_its_operation(operation: Scenario) -> None:
    operation.when(report("seizure.reported")).then_recorded()
    operation.when(report("seizure.reported")).then_refused(("/subject", "seizure report o1/r1 exists already"))
    operation.when(on("operation.launched", "o2")).then_recorded()
    operation.when(report("seizure.reported", operation="o2")).then_recorded()


@pytest.mark.parametrize("name", ["seizure.reported", "seizure.corrected", "seizure.retracted"])
def test_a_report_belongs_to_an_operation_that_was_launched(given: Given, name: str) -> None:
    faults = [("/data/operation", "operation o1 does not exist: operation.launched comes first")]
    if name != "seizure.reported":
        faults.append(("/subject", "seizure report o1/r1 does not exist: seizure.reported comes first"))
    given().when(report(name)).then_refused(*faults)


@pytest.mark.parametrize("name", ["seizure.corrected", "seizure.retracted"])
def test_what_was_not_reported_is_neither_corrected_nor_retracted(operation: Scenario, name: str) -> None:
    operation.when(report("seizure.reported", "r2")).then_recorded()
    operation.when(report(name)).then_refused(("/subject", "seizure report o1/r1 does not exist"))


def test_a_report_is_corrected_again_and_again(operation: Scenario) -> None:
    operation.when(report("seizure.reported")).then_recorded()
    operation.when(report("seizure.corrected")).then_recorded()
    operation.when(report("seizure.corrected")).then_recorded()


def test_a_retraction_is_final(operation: Scenario) -> None:
    operation.when(report("seizure.reported")).then_recorded()
    operation.when(report("seizure.retracted")).then_recorded()
    refused = ("/subject", "seizure report o1/r1 is retracted: that is final")
    operation.when(report("seizure.corrected")).then_refused(refused)
    operation.when(report("seizure.retracted")).then_refused(refused)
    operation.when(report("seizure.reported")).then_refused(("/subject", "seizure report o1/r1 exists already"))


@pytest.mark.parametrize("name", ["seizure.corrected", "seizure.retracted"])
def test_the_reports_of_a_cancelled_operation_do_not_change(operation: Scenario, name: str) -> None:
    operation.when(report("seizure.reported")).then_recorded()
    operation.when(on("operation.cancelled")).then_recorded()
    operation.when(report(name)).then_refused(("/data/operation", "operation o1 is cancelled: that is final"))


def test_a_cancelled_operation_takes_no_report(operation: Scenario) -> None:
    operation.when(on("operation.cancelled")).then_recorded()
    operation.when(report("seizure.reported")).then_refused(("/data/operation", "operation o1 is cancelled"))
