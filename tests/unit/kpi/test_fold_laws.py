"""The laws of the fold, on random valid histories."""

from datetime import date
from fractions import Fraction
from itertools import groupby
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from folding import Events, Everything, Versions, board_at, content, decoded, in_memory, moves_of, positions_at, times
from histories import History, histories
from wco_common.instant import Instant, utc_day
from wco_events.event_type import LOG_NAMES, LogName
from wco_events.measure import KpiStatuses
from wco_kpi.board import Board, Slot
from wco_kpi.cell import KINDS
from wco_kpi.changes import changes, differing, sights, touched
from wco_kpi.history import History as KpiHistory
from wco_kpi.memory import Memory
from wco_kpi.scorecard import kpi_answers
from wco_kpi.walk import Place, Walk

KINDS_OF = {log: [kind for kind, (of, _) in KINDS.items() if of == log] for log in LOG_NAMES}
Figures = tuple[Fraction, Fraction]
FEW = settings(max_examples=25, deadline=None)


def folded_in_batches(history: History, random: Random) -> Versions:
    """Fold each log in batches of random sizes, the logs interleaved at random."""
    versions, events = Versions(), decoded(history)
    left: dict[LogName, int] = dict.fromkeys(LOG_NAMES, 0)
    while unfinished := [log for log in LOG_NAMES if left[log] < len(events[log])]:
        log = random.choice(unfinished)
        size = random.choice([1, 2, 7, 50])
        versions.fold(log, events[log][left[log] : left[log] + size])
        left[log] += size
    return versions


@FEW
@given(histories(60), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_any_cut_into_batches_and_any_interleaving_give_the_same_versions(history: History, one: int, two: int) -> None:
    first, second = folded_in_batches(history, Random(one)), folded_in_batches(history, Random(two))
    assert first.kept == second.kept


@FEW
@given(histories(60), st.integers(0, 2**32 - 1))
def test_at_every_position_the_versions_are_what_a_replay_up_to_there_adds_up_to(history: History, seed: int) -> None:
    events = decoded(history)
    versions = folded_in_batches(history, Random(seed))
    for log in LOG_NAMES:
        for sequence in range(len(events[log]) + 1):
            replayed = Memory()
            replayed.fold(events[log][:sequence])
            found = {address: content(cell) for address, cell in versions.at(log, sequence, KINDS_OF[log]).items()}
            for address, cell in found.items():
                replay = replayed.group(address.kind, address.group).get(address.key)
                assert cell == (content(replay) if replay else (None, {})), (address, sequence)


@FEW
@given(histories(60))
def test_what_is_recorded_later_changes_no_past_answer(history: History) -> None:
    events = decoded(history)
    for time in times(events)[::7]:
        cut = {log: events[log][: positions_at(events, time)[log]] for log in LOG_NAMES}
        for period in board_at(events, time).plan.windows:
            then, now = board_at(cut, time), board_at(events, time)
            assert kpi_answers(then, period) == kpi_answers(now, period)


@FEW
@given(histories(120))
def test_evidence_adds_up_to_its_kpis_numerator_and_denominator(history: History) -> None:
    events = decoded(history)
    board = board_at(events, times(events)[-1])
    for period in board.plan.windows:
        for kpi in board.plan.kpis:
            measure = board.measuring(kpi, period)
            if measure is None:
                continue
            rows = list(measure.evidence())
            figure = board.figure(kpi, period)
            assert sum((row.numerator for row in rows), Fraction(0)) == figure.numerator, (kpi, period)
            denominators = [row.denominator for row in rows if row.denominator is not None]
            if len(denominators) == len(rows) and figure.denominator and rows:
                assert sum(denominators, Fraction(0)) == figure.denominator, (kpi, period)
            assert [row.sequence for row in rows] == sorted({row.sequence for row in rows})


@FEW
@given(histories(60), st.integers(0, 2**32 - 1))
def test_a_walk_over_every_event_comes_to_the_board_of_each_moment(history: History, seed: int) -> None:
    events = decoded(history)
    moves = moves_of(events, folded_in_batches(history, Random(seed)))
    periods = list(board_at(events, times(events)[-1]).plan.windows)
    walk = Walk(Everything(), utc_day(0), None, periods)
    for time, each in groupby(moves, key=lambda move: move.time):
        walk.step(list(each))
        expected = board_at(events, time)
        assert walk.board is not None
        for slot in walk.slots():
            assert walk.board.figure(*slot) == expected.figure(*slot), (slot, time)
            assert walk.board.status(*slot) == expected.status(*slot), (slot, time)


@FEW
@given(histories(60), st.integers(0, 2**32 - 1), st.integers(1, 8))
def test_history_has_an_entry_exactly_where_numerator_or_denominator_differ(
    history: History, seed: int, run: int
) -> None:
    events = decoded(history)
    moves = moves_of(events, folded_in_batches(history, Random(seed)))
    end = times(events)[-1]
    # Every slot of a few KPIs: a history is a walk of its own, and a walk over every slot is held above.
    kpis = Random(seed).sample(sorted(over_facts(board_at(events, end))), 6)
    expected: dict[Slot, dict[Instant, Figures]] = {}
    for time in times(events):
        adopted = positions_at(events, time - 1)["plan-registry"]
        before = figures(events, time - 1, utc_day(time), kpis) if adopted else {}
        for slot, figure in figures(events, time, utc_day(time), kpis).items():
            if figure != before.get(slot):
                expected.setdefault(slot, {})[time] = figure
    assert {kpi for kpi, _ in expected} == {*kpis}
    for kpi in kpis:
        for period in {period for _, period in expected}:
            told = KpiHistory(Everything(), 0, (kpi, period), None, run).entries(moves, end)
            entries = {entry.time: (entry.figure.numerator, entry.figure.denominator) for entry in told}
            assert entries == expected.get((kpi, period), {}), (kpi, period)


def over_facts(board: Board) -> list[str]:
    """Return the KPIs over facts of their own."""
    return [kpi for kpi, told in board.plan.kpis.items() if not isinstance(told.measure, KpiStatuses)]


def figures(events: Events, time: Instant, day: date, kpis: list[str]) -> dict[Slot, Figures]:
    """Return numerator and denominator of KPIs in every period."""
    board = Board(in_memory(events, positions_at(events, time)), day)
    return {
        (kpi, period): ((figure := board.figure(kpi, period)).numerator, figure.denominator)
        for kpi in kpis
        for period in board.plan.windows
    }


@FEW
@given(histories(80), st.integers(0, 2**32 - 1), st.data())
def test_changes_compose(history: History, seed: int, data: st.DataObject) -> None:
    events = decoded(history)
    versions = folded_in_batches(history, Random(seed))
    moves = moves_of(events, versions)
    a, b, c = sorted(data.draw(st.lists(st.sampled_from(times(events)), min_size=3, max_size=3)))
    period = data.draw(st.sampled_from(sorted(board_at(events, a).plan.windows)))

    def events_between(start: int, end: int, kpis: list[str] | None = None) -> dict[str, list[Place]]:
        cells = Everything()
        for move in moves:
            if move.time <= start:
                for address, cell in move.versions:
                    cells.put(address, cell)
        between = [move for move in moves if start < move.time <= end]
        facts = touched(cells, utc_day(start), [period], between, kpis).facts
        return {kpi: places for (kpi, _), places in facts.items()}

    first, second, whole = events_between(a, b), events_between(b, c), events_between(a, c)
    assert whole == {kpi: [*first.get(kpi, []), *second.get(kpi, [])] for kpi in {**first, **second}}
    was, now = sights(board_at(events, a), period), sights(board_at(events, c), period)
    # To look for the events of what differs is enough.
    few = events_between(a, c, differing(was, now))
    later = sights(Board(in_memory(events, positions_at(events, a)), utc_day(c)), period)
    assert changes(was, later, now, few) == changes(was, later, now, whole)
    for kpi in was:
        if now[kpi].of_statuses:
            continue
        same_frame = was[kpi][2:4] == now[kpi][2:4]
        if same_frame and a == c:
            assert was[kpi].answer == now[kpi].answer
        figures = [
            (each[kpi].answer["numerator"], each[kpi].answer["denominator"], each[kpi].answer.get("response"))
            for each in (was, now)
        ]
        day_changed = utc_day(a) != utc_day(c)
        if figures[0] != figures[1] and same_frame and not day_changed:
            assert whole.get(kpi), kpi
