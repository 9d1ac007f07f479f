"""What is drawn: KPIs over the periods, and their histories as steps."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.answers import Entry, Place
from dashboard.event import Event, stretches
from dashboard.history import spans
from dashboard.restatement import steps
from dashboard.steps import step_chart
from dashboard.trend import HEIGHT, WIDTH, trend

VALUES = st.lists(st.none() | st.decimals(0, 10**9, places=6), min_size=1, max_size=8)


def named(values: list[Decimal | None]) -> list[tuple[str, Decimal | None]]:
    return [(str(number), value) for number, value in enumerate(values)]


@given(VALUES, st.sampled_from(["percent", "score", "count"]), st.none() | st.just(Decimal(100)))
def test_a_trend_stays_within_its_drawing_and_a_greater_value_is_never_lower(
    values: list[Decimal | None], unit: str, target: Decimal | None
) -> None:
    drawn = trend(named(values), unit, target, "0")
    assert all(0 <= mark.x <= WIDTH and 0 <= mark.y <= HEIGHT for mark in drawn.marks)
    known = sorted((mark.value, -mark.y) for mark in drawn.marks if mark.value is not None)
    assert [y for _, y in known] == sorted(y for _, y in known)


def test_no_line_leads_to_or_from_a_period_without_data() -> None:
    drawn = trend(named([Decimal(1), None, Decimal(3), Decimal(4)]), "percent", None, None)
    assert [drawn.path.count(letter) for letter in "ML"] == [2, 1]


def test_zero_is_a_mark_like_any_other_and_nothing_is_none() -> None:
    zero, nothing = trend(named([Decimal(0), None]), "percent", Decimal(100), None).marks
    assert (zero.value, nothing.value) == (Decimal(0), None)


def moment(day: int) -> datetime:
    return datetime(2024, 1, day, tzinfo=UTC)


def entry(day: int, value: int | None, cause: int | None = None, denominator: int = 1) -> Entry:
    number = None if value is None else Decimal(value)
    place = None if cause is None else Place("operations-feed", cause)
    return Entry(moment(day), number, str(value or 0), str(denominator), "met", place, {})


def event(kind: str, subject: str = "op", **data: Any) -> Event:
    return Event(f"org.wcoomd.{kind}.v1", subject, "urn:example", moment(1), f"{1:016d}", data)


def whys(entries: list[Entry], *events: Event) -> list[str | None]:
    found = {Place("operations-feed", number): [each] for number, each in enumerate(events, 1)}
    return [step.why for step in steps(entries, found)]


def told(entries: list[Entry], *commits: list[Event]) -> list[tuple[int, str | None]]:
    """Return the places of causes and why they restate, of commits that follow each other in a log."""
    found, sequence = {}, 0
    for commit in commits:
        numbered = [
            msgspec.structs.replace(each, sequence=f"{sequence + number:016d}") for number, each in enumerate(commit, 1)
        ]
        sequence += len(commit)
        found[Place("operations-feed", sequence)] = numbered
    return [(step.cause.sequence, step.why) for step in steps(entries, found) if step.cause is not None]


def test_what_adds_a_new_fact_restates_nothing() -> None:
    entries = [entry(1, None, 1), entry(2, 5, 2), entry(3, 9, 3)]
    reports = [event("operation.report-published", name, stage="final") for name in ("a", "b")]
    assert whys(entries, event("plan.adopted"), *reports) == [None, None, None]


def test_a_report_on_the_same_operation_states_anew_and_one_of_another_stage_does_not() -> None:
    entries = [entry(1, 5, 1), entry(2, 6, 2), entry(3, 7, 3)]
    published = [event("operation.report-published", stage=stage) for stage in ("interim", "final", "final")]
    assert whys(entries, *published) == [None, None, "anew"]


def test_another_member_s_answer_to_the_same_survey_states_nothing_anew() -> None:
    entries = [entry(1, 5, 1), entry(2, 6, 2), entry(3, 7, 3)]
    answers = [event("survey.submitted", "survey", member=member) for member in ("FJI", "KEN", "FJI")]
    assert whys(entries, *answers) == [None, None, "anew"]


@pytest.mark.parametrize("kind", ["seizure.corrected", "action.withdrawn", "partnership.step-retracted"])
def test_what_corrects_or_takes_back_restates(kind: str) -> None:
    assert whys([entry(1, 5, 1), entry(2, 6, 2)], event("operation.launched"), event(kind)) == [None, "corrected"]


def test_less_than_before_is_a_restatement_whatever_says_it() -> None:
    assert whys([entry(1, 5, 1), entry(2, 4, 2)], event("a.b"), event("c.d")) == [None, "less"]


def test_what_was_stated_at_once_with_the_cause_of_an_entry_is_stated_anew_by_a_later_one() -> None:
    fji, ken = (event("survey.submitted", "survey", member=member) for member in ("FJI", "KEN"))
    assert told([entry(1, 5, 1), entry(2, 6, 3), entry(3, 7, 4)], [ken], [fji, ken], [fji]) == [
        *((1, None), (3, "anew")),
        (4, "anew"),
    ]


def test_of_what_was_recorded_at_once_the_event_that_restates_is_told() -> None:
    first, second, third = (event("operation.report-published", each, stage="final") for each in ("a", "b", "c"))
    entries = [entry(1, 5, 1), entry(2, 6, 3), entry(3, 7, 5), entry(4, 6, 7)]
    commits = [[first], [first, second], [event("operation.revised", "a"), third], [event("a.b"), event("c.d")]]
    assert told(entries, *commits) == [(1, None), (2, "anew"), (4, "corrected"), (7, "less")]


FIGURES = st.lists(st.integers(0, 3), min_size=2, max_size=30).map(lambda all: [each for each, _ in groupby(all)])


@given(FIGURES, st.data())
def test_between_the_ends_of_a_span_a_figure_is_not_the_same_and_every_step_is_in_one(
    figures: list[int], data: st.DataObject
) -> None:
    taken = steps([entry(number, figure) for number, figure in enumerate(figures, 1)], {})
    later = taken[1:]
    doubtful = [step for step in later if data.draw(st.booleans())]
    told = list(spans(doubtful))
    assert len(told) <= 2
    for step in doubtful:
        assert any(since <= step.entry.time <= until for since, until in told)
    at = {step.entry.time: step for step in taken}
    for since, until in told:
        was = at[since].before
        assert was is not None
        assert was.numerator != at[until].entry.numerator


def test_a_chart_has_a_tread_from_each_value_to_the_next_and_none_where_there_is_nothing() -> None:
    taken = steps([entry(1, None), entry(3, 10), entry(5, 20), entry(9, None)], {})
    chart = step_chart(taken, moment(11), None, (date(2024, 1, 3), date(2024, 1, 10)))
    assert chart is not None
    assert [(tread.x1, tread.x2) for tread in chart.treads] == [(20, 40), (40, 80)]
    assert len(chart.risers) == 1
    assert chart.period == (20, 100)


def test_what_changes_often_is_drawn_once_from_the_least_to_the_most_it_was() -> None:
    values = [number % 7 for number in range(20_000)]
    entries = [
        Entry(moment(1) + timedelta(seconds=60 * number), Decimal(value), str(value), "1", "met", None, {})
        for number, value in enumerate(values)
    ]
    chart = step_chart(steps(entries, {}), moment(16), None, None)
    assert chart is not None
    assert len(chart.treads) <= 1_001
    assert len({riser.x for riser in chart.risers}) == len(chart.risers) <= 1_001
    assert {(riser.y1, riser.y2) for riser in chart.risers[1:-1]} == {(0.0, 100.0)}
    assert (chart.treads[-1].x2, chart.treads[-1].y) == (100, round(100 * (6 - values[-1]) / 6, 2))


def test_what_was_there_for_a_moment_is_still_drawn() -> None:
    blink = Entry(moment(2) + timedelta(seconds=1), None, "0", "0", "no_data", None, {})
    chart = step_chart(steps([entry(1, None), entry(2, 10), blink], {}), moment(31), None, None)
    assert chart is not None
    assert [(tread.x1, tread.x2) for tread in chart.treads] == [(3.3, 3.3)]


PLACES = st.frozensets(st.builds(Place, st.sampled_from(["a", "b"]), st.integers(1, 5_000)), max_size=200)


@given(PLACES)
def test_every_place_is_in_one_stretch_of_its_log_and_none_is_longer_than_a_log_answers(
    places: frozenset[Place],
) -> None:
    found = list(stretches(places))
    assert sorted((place.log, place.sequence) for stretch in found for place in stretch) == sorted(
        (place.log, place.sequence) for place in places
    )
    for stretch in found:
        assert len({place.log for place in stretch}) == 1
        assert stretch[-1].sequence - stretch[0].sequence < 1_000


def test_there_is_no_chart_where_there_never_was_a_value() -> None:
    assert step_chart(steps([entry(1, None)], {}), moment(2), Decimal(100), None) is None
    assert step_chart([], moment(2), None, None) is None


@given(st.lists(st.integers(0, 10**6), min_size=1, max_size=30), st.none() | st.integers(0, 100))
def test_a_scale_is_made_of_round_numbers_and_holds_every_value(values: list[int], target: int | None) -> None:
    entries = [entry(1 + number % 28, value) for number, value in enumerate(values)]
    chart = step_chart(steps(entries, {}), moment(31), None if target is None else Decimal(target), None)
    assert chart is not None
    assert all(0 <= tread.y <= 100 for tread in chart.treads)
    assert 2 <= len(chart.values) <= 9
    assert {mark.y for mark in chart.values} >= {0, 100}
