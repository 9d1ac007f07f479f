"""Where lists and KPIs tell of the same, they tell the same: on random histories, at their end.

All of it is asked of the same histories: to make and to fold one costs far more than to ask.
"""

from collections.abc import Callable
from datetime import date
from fractions import Fraction

import pytest

from folding import Events, board_at, decoded, last_day, times
from histories import history
from listing import Listed
from wco_common.lists.table import Row
from wco_embedded.logs import LOGS
from wco_events.event_type import LogName
from wco_kpi.board import Board
from wco_kpi.scorecard import kpi_answer

LENGTHS = range(0, 300, 3)
"""Of the histories, events after the adoption."""


class Told:
    """A history at its end, as KPIs and as lists have it."""

    def __init__(self, events: Events) -> None:
        self.events = events
        self.board = board_at(events, times(events)[-1])
        self._listed = {log: Listed(LOGS[log].lists.tables) for log in events}
        for log, listed in self._listed.items():
            listed.add(events[log])

    def rows(self, log: LogName, table: str) -> dict[tuple[str, ...], Row]:
        return self._listed[log].at(table, len(self.events[log]))


@pytest.fixture(scope="module")
def histories() -> list[Told]:
    return [Told(decoded(history(seed, events))) for seed, events in enumerate(LENGTHS)]


def of_every_history(law: Callable[[Told], None]) -> Callable[[list[Told]], None]:
    """Hold a law for every history."""

    def test(histories: list[Told]) -> None:
        for told in histories:
            law(told)

    test.__name__ = law.__name__
    return test


def figures(board: Board, kpi: str) -> dict[str, tuple[Fraction, Fraction]]:
    """A KPI's numerator and denominator, by period."""
    found = {period: board.figure(kpi, period) for period in board.plan.windows}
    return {period: fraction(figure.numerator, figure.denominator) for period, figure in found.items()}


def fraction(numerator: int | Fraction, denominator: int | Fraction) -> tuple[Fraction, Fraction]:
    return Fraction(numerator), Fraction(denominator)


def within(board: Board, on: str, period: str) -> bool:
    window = board.plan.window(period)
    return window.first <= date.fromisoformat(on) <= window.last


@of_every_history
def test_completed_actions_are_the_numerator_of_completion(told: Told) -> None:
    board = told.board
    actions = told.rows("plan-registry", "action").values()
    for objective in ("SO1", "SO2", "SO3", "SO4"):
        for period, figure in figures(board, f"{objective}.completion").items():
            of = [
                row["state"]
                for row in actions
                if row["objective"] == objective and period in (row["period"], board.plan.id)
            ]
            assert figure == fraction(of.count("completed"), len(of) - of.count("withdrawn"))


@of_every_history
def test_members_that_answered_are_those_of_a_rating_s_response(told: Told) -> None:
    board = told.board
    surveys = told.rows("survey-intake", "survey")
    responses = told.rows("survey-intake", "survey_response")
    for kpi, kind in (("RES.satisfaction", "annual"), ("SP3.satisfaction", "assistance")):
        for period in board.plan.windows:
            counted = [
                key
                for key, row in surveys.items()
                if row["kind"] == kind and row["state"] != "cancelled" and within(board, row["closes_on"], period)
            ]
            invited = [surveys[key]["invited"] for key in counted]
            assert kpi_answer(board, kpi, period)["response"] == {
                "answered": sum(responses[key]["answered"] for key in counted),
                "invited": None if None in invited else sum(invited),
            }


@of_every_history
def test_ratings_summed_by_topic_are_the_numerator_of_a_rating(told: Told) -> None:
    board = told.board
    surveys = told.rows("survey-intake", "survey")
    responses = told.rows("survey-intake", "survey_response")
    for period, figure in figures(board, "SP1.satisfaction").items():
        numerator, denominator = Fraction(0), 0
        for key, of in surveys.items():
            topic = responses[key]["topics"].get("SP1")
            counts = topic is not None and of["kind"] == "annual" and of["state"] != "cancelled"
            if counts and within(board, of["closes_on"], period):
                span = of["scale_max"] - of["scale_min"]
                numerator += Fraction(100 * (topic["sum"] - topic["ratings"] * of["scale_min"]), span)
                denominator += topic["ratings"]
        assert figure == fraction(numerator, denominator)


@of_every_history
def test_assistance_that_is_not_retracted_is_the_denominator_of_alignment(told: Told) -> None:
    board = told.board
    activities = told.rows("operations-feed", "activity").values()
    delivered = [row for row in activities if row["state"] == "delivered"]
    for period, (_, denominator) in figures(board, "SP3.alignment").items():
        assert denominator == sum(within(board, row["delivered_on"], period) for row in delivered)
    for period, figure in figures(board, "SP3.accredited-delivery").items():
        of = [row["delivered_by"] for row in delivered if within(board, row["delivered_on"], period)]
        assert figure == fraction(len(of) - of.count("other"), len(of))


@of_every_history
def test_external_experts_are_those_accredited_and_in_force_on_the_day(told: Told) -> None:
    board = told.board
    accreditations = told.rows("operations-feed", "accreditation")
    for period, (numerator, denominator) in figures(board, "SP3.external-experts").items():
        window = board.plan.window(period)
        day = min(window.last, last_day(told.events)).isoformat()
        external = {
            expert
            for (expert, _), row in accreditations.items()
            if row["status"] == "accredited"
            and row["employer"] != "wco"
            and row["accredited_on"] <= day
            and (row["ends_on"] is None or day < row["ends_on"])
        }
        if denominator:
            assert numerator == len(external)


@of_every_history
def test_reports_of_operations_without_a_published_figure_make_it_provisional(told: Told) -> None:
    board = told.board
    operations = told.rows("operations-feed", "operation")
    figure = figure_of(told)
    for period in board.plan.windows:
        counted = [
            figure(key[0])
            for key, row in operations.items()
            if row["state"] != "cancelled" and within(board, row["ends_on"], period)
        ]
        known = [seizures for seizures in counted if seizures is not None]
        assert kpi_answer(board, "SP2.seizures", period)["provisional"] == (sum(known) if known else None)


def figure_of(told: Told) -> Callable[[str], int | None]:
    """An operation's figure: the final one, else the interim one, else that of its reports."""
    published = told.rows("operations-feed", "published_report")
    categories = told.rows("operations-feed", "reported_category")

    def figure(operation: str) -> int | None:
        for stage in ("final", "interim"):
            row = published.get((operation, stage))
            if row is not None and row["seizures"] is not None:
                return int(row["seizures"])
        reports = [row for key, row in categories.items() if key[0] == operation and row["reports"]]
        return sum(row["seizures"] for row in reports) if reports else None

    return figure


@of_every_history
def test_objectives_of_steps_that_are_not_retracted_are_those_of_partnerships(told: Told) -> None:
    board = told.board
    steps = told.rows("operations-feed", "partnership_step").values()
    for period, (numerator, denominator) in figures(board, "SP2.partnerships").items():
        named = {
            objective
            for row in steps
            if row["state"] == "current" and within(board, row["on"], period)
            for objective in row["objectives"]
        }
        if denominator:
            assert numerator == len(named & {"SO1", "SO2", "SO3", "SO4"})
