"""What a walk says of events that share a time, or that count only later."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import pytest

from folding import Everything, Versions, example, in_memory, positions_at, times
from wco_common.event import RecordedEvent
from wco_common.instant import parse_instant
from wco_events.event_type import LogName
from wco_kpi.changes import touched
from wco_kpi.history import Entry, History
from wco_kpi.loaded import Loaded
from wco_kpi.walk import Move, Place, in_order

PLAN = example("edges")["plan-registry"][:2]  # the catalogue, and a Members' list that has FRA


def moves(*logs: tuple[LogName, Sequence[RecordedEvent]]) -> list[Move]:
    versions = Versions()
    times: dict[tuple[LogName, int], str] = {}
    for log, events in logs:
        versions.fold(log, events)
        times |= {(log, int(event.sequence)): event.recordedtime for event in events}
    return in_order(Move(parse_instant(times[key]), Place(*key), made) for key, made in versions.made.items())


def recorded(sequence: int, time: str, name: str, subject: str, **data: Any) -> RecordedEvent:
    return RecordedEvent(
        f"org.wcoomd.{name}.v1", subject, f"{sequence:016d}", time, data, "urn:example", str(sequence), sequence
    )


def opened(sequence: int, time: str, survey: str, closes_on: str) -> RecordedEvent:
    return recorded(
        sequence, time, "survey.opened", survey, kind="annual", title=survey, opens_on="2023-09-01",
        closes_on=closes_on, scale={"min": 1, "max": 4}, topics=["overall"], instruments=["waste"],
    )  # fmt: skip


def answered(sequence: int, time: str, survey: str, status: str) -> RecordedEvent:
    return recorded(
        sequence, time, "survey.submitted", survey, member="FRA", submitted_on="2023-09-02", ratings={"overall": 3},
        instruments=[{"instrument": "waste", "status": status}],
    )  # fmt: skip


def facts(all_moves: list[Move], kpi: str, period: str, day: date = date(2022, 6, 1)) -> list[int]:
    return [place.sequence for place in touched(Everything(), day, [period], all_moves).facts.get((kpi, period), [])]


def test_a_survey_and_its_answer_of_one_commit_both_touch_what_they_change() -> None:
    time = "2023-09-03T10:00:00.000000Z"
    survey = [opened(1, time, "y1", "2024-01-31"), answered(2, time, "y1", "partial")]
    assert facts(moves(("plan-registry", PLAN), ("survey-intake", survey)), "SO1.instruments", "2023-24") == [1, 2]


def test_a_survey_that_changes_no_deciding_answer_touches_nothing() -> None:
    survey = [
        opened(1, "2023-09-03T10:00:00.000000Z", "y1", "2024-01-31"),
        answered(2, "2023-09-03T11:00:00.000000Z", "y1", "partial"),
        opened(3, "2023-09-03T12:00:00.000000Z", "y2", "2024-02-29"),
        answered(4, "2023-09-03T12:00:00.000000Z", "y2", "unknown"),
    ]
    assert facts(moves(("plan-registry", PLAN), ("survey-intake", survey)), "SO1.instruments", "2023-24") == [1, 2, 4]


def test_a_members_list_of_the_same_time_in_another_log_hides_no_event() -> None:
    time = "2023-09-04T10:00:00.000000Z"
    survey = [
        opened(1, "2023-09-03T10:00:00.000000Z", "y1", "2024-01-31"),
        answered(2, "2023-09-03T11:00:00.000000Z", "y1", "partial"),
        rescheduled(3, time, "2024-09-30"),
    ]
    listed = recorded(
        3, time, "members.listed", "members", effective_on="2023-09-04", members=[{"iso3": "FRA", "region": "EUR"}]
    )
    both = moves(("plan-registry", [*PLAN, listed]), ("survey-intake", survey))
    assert facts(both, "RES.satisfaction", "2023-24") == [1, 2, 3]
    assert facts(both, "RES.satisfaction", "2024-25") == [3]


def rescheduled(sequence: int, time: str, closes_on: str) -> RecordedEvent:
    return recorded(
        sequence, time, "survey.rescheduled", "y1", opens_on="2023-09-01", closes_on=closes_on, reason="Another day"
    )


def test_a_survey_that_moves_within_a_period_changes_no_fact_of_it() -> None:
    survey = [
        opened(1, "2023-09-03T10:00:00.000000Z", "y1", "2024-01-31"),
        answered(2, "2023-09-03T11:00:00.000000Z", "y1", "partial"),
        rescheduled(3, "2023-09-04T10:00:00.000000Z", "2024-06-30"),
        rescheduled(4, "2023-09-05T10:00:00.000000Z", "2024-07-01"),
    ]
    all_moves = moves(("plan-registry", PLAN), ("survey-intake", survey))
    assert facts(all_moves, "RES.satisfaction", "2023-24") == [1, 2, 4]
    assert facts(all_moves, "RES.satisfaction", "2024-25") == [4]
    assert facts(all_moves, "RES.satisfaction", "sp-2022-2025") == [1, 2]


def test_an_operation_that_moves_within_a_period_changes_no_fact_of_it() -> None:
    def revised(sequence: int, ends_on: str) -> RecordedEvent:
        return recorded(
            sequence, f"2023-09-0{sequence}T10:00:00.000000Z", "operation.revised", "o1", title="o1",
            starts_on="2023-07-01", ends_on=ends_on, participants=[], reason="Another day",
        )  # fmt: skip

    operation = [
        recorded(
            1, "2023-09-01T10:00:00.000000Z", "operation.launched", "o1", title="o1", starts_on="2023-07-01",
            ends_on="2023-07-31", participants=[],
        ),
        recorded(
            2, "2023-09-02T10:00:00.000000Z", "operation.report-published", "o1", stage="interim",
            published_on="2023-09-01", totals={"seizures": 3},
        ),
        revised(3, "2024-06-30"),
        revised(4, "2024-07-01"),
    ]  # fmt: skip
    all_moves = moves(("plan-registry", PLAN), ("operations-feed", operation))
    assert facts(all_moves, "SP2.seizures", "2023-24") == [2, 4]
    assert facts(all_moves, "SP2.seizures", "2024-25") == [4]
    assert facts(all_moves, "SP2.seizures", "sp-2022-2025") == [2]


def test_an_accreditation_is_a_fact_from_its_recording_on_though_it_counts_only_later() -> None:
    accredited = recorded(
        1, "2022-07-05T10:00:00.000000Z", "expert.accredited", "x1",
        status="accredited", employer="other", areas=["a"], accredited_on="2022-08-01",
    )  # fmt: skip
    both = moves(("plan-registry", PLAN), ("operations-feed", [accredited]))
    assert facts(both, "SP3.external-experts", "2022-23") == [1]


def test_what_a_history_reads_on_its_way_is_known_before_the_way_is_gone() -> None:
    events = example("edges")
    first, last = times(events)[1], times(events)[-1]
    slot = ("RES.completion", "sp-2022-2025")

    def load(cells: Loaded, time: int, groups: Iterable[tuple[str, str]]) -> None:
        memory = in_memory(events, positions_at(events, time))
        cells.load({group: memory.group(*group) for group in groups})

    known = Loaded()
    while known.wanted:
        load(known, last, set(known.wanted))
        History(known, first, slot, None).read_until(last)
    cells = Loaded()
    load(cells, first, known.groups)
    way = [
        move._replace(versions=made)
        for move in moves(*events.items())
        if move.time > first and (made := [each for each in move.versions if each.address[:2] in known.groups])
    ]
    assert list(History(cells, first, slot, None).entries(way, last))
    assert cells.wanted == set()


def published(sequence: int, period: str, action: str) -> RecordedEvent:
    actions = [{"id": action, "objective": "SO1", "title": action, "due_on": f"{period[:4]}-12-31"}]
    return recorded(
        sequence, f"2022-07-0{sequence}T10:00:00.000000Z", "implementation-plan.published", period,
        plan="sp-2022-2025", period=period, actions=actions,
    )  # fmt: skip


def revised(sequence: int, time: str, **completion: Any) -> RecordedEvent:
    kpis = [kpi | completion if kpi["id"] == "RES.completion" else kpi for kpi in PLAN[0].data["kpis"]]
    return recorded(sequence, time, "plan.revised", "sp-2022-2025", **{**PLAN[0].data, "kpis": kpis})


OF_ACTIONS = {
    "measure": {"facts": "actions", "objectives": ["SO1"], "dimensions": ["objective"]},
    "target": {"rule": "increase"},
}
OF_EXPERTS = {
    "measure": {
        "facts": "experts",
        "where": {"status": ["accredited"], "employer": ["other"]},
        "dimensions": ["employer"],
    },
    "target": {"rule": "increase"},
    "unit": "count",
    "accumulates": False,
}


@pytest.mark.parametrize("completion", [OF_ACTIONS, OF_EXPERTS])
def test_a_kpi_that_a_revision_makes_of_facts_has_the_same_history_wherever_it_is_begun(
    completion: dict[str, Any],
) -> None:
    revision, done = "2023-08-01T10:00:00.000000Z", "2023-08-02T10:00:00.000000Z"
    plan = [
        *PLAN,
        published(3, "2022-23", "old"),
        published(4, "2023-24", "new"),
        revised(5, revision, **completion),
        *(
            recorded(sequence, done, "action.completed", action, completed_on="2023-08-01")
            for sequence, action in ((6, "new"), (7, "old"))
        ),
    ]
    accredited = [
        recorded(
            number, f"2022-07-05T1{number}:00:00.000000Z", "expert.accredited", f"x{number}",
            status="accredited", employer="other", areas=["a"], accredited_on=f"2023-08-{number}0",
        )
        for number in (1, 2)
    ]  # fmt: skip
    way = moves(("plan-registry", plan), ("operations-feed", accredited))
    start, end = parse_instant("2022-06-01T00:00:00Z") - 1, parse_instant("2023-09-01T00:00:00Z")

    def history(*ends: int) -> list[Entry]:
        cells, since, shown, entries = Everything(), start, None, list[Entry]()
        for until in ends:
            some = History(cells, since, ("RES.completion", "2023-24"), shown)
            entries += some.entries([move for move in way if since < move.time <= until], until)
            since, shown = until, some.shown
        return entries

    whole = history(end)
    assert whole == history(parse_instant(revision), end)
    assert [entry.cause for entry in whole if entry.time > parse_instant(revision)] == (
        [Place("plan-registry", 6)] if completion is OF_ACTIONS else []
    )
