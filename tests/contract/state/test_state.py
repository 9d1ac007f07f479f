"""The seam `State`: on either database, and in memory, the same events make the same cells."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from random import Random
from typing import Any

import pytest
from sqlalchemy import update

from courses import every_group, failing_at
from folding import Events, content, decoded, in_memory, positions_at, times
from histories import history
from kpi_projector.piece import Overtaken
from kpi_projector.reading import NOWHERE
from kpi_projector.schema import POSITION
from kpi_projector.state import SqlState
from sql_state import sql_state
from wco_common.engine import DatabaseSettings, create_engine
from wco_common.writer import NotCommitted
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.cell import KINDS
from wco_kpi.fold import Unfoldable
from wco_kpi.walk import Place


@pytest.fixture
async def state(database_url: str) -> AsyncIterator[SqlState]:
    async with sql_state(database_url) as state:
        yield state


@pytest.fixture(scope="module")
def events() -> Events:
    return decoded(history(seed=7, events=400))


async def fold(state: SqlState, events: Events, seed: int = 1) -> None:
    """Fold everything, in batches of random sizes, the logs interleaved."""
    random = Random(seed)
    while unfinished := [log for log, at in (await state.positions()).items() if at < len(events[log])]:
        log = random.choice(unfinished)
        at = (await state.positions())[log]
        await state.fold(log, at, events[log][at : at + random.choice([1, 5, 60])])


def something(cells: dict[str, Any]) -> dict[str, Any]:
    return {key: cell for key, cell in cells.items() if cell != (None, {})}


async def fold_ahead(state: SqlState, events: Events) -> None:
    """Fold everything, an event at a time: each is worked out while the one before it is not yet written."""
    for log in LOG_NAMES:
        taken = None
        for at in range(len(events[log])):
            await state.work_out(log, at, events[log][at : at + 1])
            if taken is not None:
                await state.write(taken)
            taken = state.take(log)
        if taken is not None:
            await state.write(taken)


async def fold_ahead_with_room_for_one_total(state: SqlState, events: Events) -> None:
    """Do so where hardly a total is known but those that are not yet written."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(state, "_totals_known", 1)
        await fold_ahead(state, events)


@pytest.mark.parametrize("way", [fold, fold_ahead, fold_ahead_with_room_for_one_total])
async def test_at_any_positions_the_cells_are_those_of_a_replay_up_to_there(
    state: SqlState, events: Events, database_url: str, way: Callable[[SqlState, Events], Awaitable[None]]
) -> None:
    await way(state, events)
    groups = await every_group(database_url, events)
    random = Random(2)
    for _ in range(12):
        positions: dict[LogName, int] = {log: random.randint(0, len(events[log])) for log in LOG_NAMES}
        replayed = in_memory(events, positions)
        kept = await state.groups(groups, positions)
        for group in groups:
            cells = {key: content(cell) for key, cell in kept[group].items()}
            expected = {key: content(cell) for key, cell in replayed.group(*group).items()}
            # A total of nothing may be a cell of nothing or no cell.
            assert something(cells) == something(expected), group
            for key, cell in replayed.group(*group).items():
                if KINDS[group[0]][1] == 0:
                    assert kept[group][key].sequence == cell.sequence


async def test_what_was_worked_out_on_what_could_not_be_written_is_not_written(state: SqlState, events: Events) -> None:
    log: LogName = "survey-intake"
    await state.work_out(log, 0, events[log][:5])
    first = state.take(log)
    await state.work_out(log, 5, events[log][5:10])
    with failing_at(0), pytest.raises(NotCommitted):
        await state.write(first)
    with pytest.raises(Overtaken):
        state.take(log)
    assert await state.positions() == NOWHERE
    await fold(state, events)
    assert await state.positions() == {each: len(events[each]) for each in LOG_NAMES}


async def test_events_that_are_folded_already_are_refused_and_change_nothing(
    state: SqlState, events: Events, database_url: str
) -> None:
    await fold(state, events)
    positions = await state.positions()
    groups = await every_group(database_url, events)
    before = await state.groups(groups, positions)
    for log in LOG_NAMES:
        for after in (0, 1, positions[log] - 1):
            with pytest.raises(Overtaken):
                await state.fold(log, after, events[log][after : after + 3])
    assert await state.positions() == positions
    assert await state.groups(groups, positions) == before


async def test_of_a_batch_that_cannot_be_folded_nothing_is_kept(state: SqlState, events: Events) -> None:
    log: LogName = "plan-registry"
    completed = next(event for event in events[log] if event.type == "org.wcoomd.action.completed.v1")
    with pytest.raises(Unfoldable) as stopped:
        await state.fold(log, 0, [events[log][0], completed])
    assert stopped.value.sequence == int(completed.sequence)
    assert await state.positions() == NOWHERE
    assert await state.groups([("plan", "")], dict.fromkeys(LOG_NAMES, 10**6)) == {("plan", ""): {}}


async def test_whichever_statement_of_a_fold_loses_the_database_nothing_is_folded(
    state: SqlState, events: Events, database_url: str
) -> None:
    log: LogName = "plan-registry"
    for after, batch, least in ((0, events[log][:10], 3), (10, events[log][10:20], 4)):
        before = await state.positions()
        for statement in range(100):
            state.forget(log)
            with failing_at(statement) as failed:
                if not (await asyncio.gather(state.fold(log, after, batch), return_exceptions=True))[0]:
                    break
            assert failed()
            assert await state.positions() == before
        assert not failed()
        # The position is begun, or looked up and so are cells; it is locked, and events, cells and versions added with
        # the position moved: on PostgreSQL by one statement.
        assert statement >= (least if database_url.startswith("postgresql") else least + 3)
        assert (await state.positions())[log] == after + len(batch)


async def test_a_cut_holds_what_was_recorded_up_to_and_including_its_time(state: SqlState, events: Events) -> None:
    await fold(state, events)
    for time in times(events)[::17]:
        for moment in (time - 1, time, time + 1):
            positions, newest = await state.cut(moment)
            assert positions == positions_at(events, moment)
            assert newest == max((each for each in times(events) if each <= moment), default=0)


async def test_many_cuts_at_once_are_those_of_each_time(state: SqlState, events: Events) -> None:
    await fold(state, events)
    moments = [0, *(moment for time in times(events) for moment in (time - 1, time, time + 1))]
    assert await state.cuts(moments) == {moment: positions_at(events, moment) for moment in moments}
    assert await state.cuts([]) == {}


async def test_moves_are_what_each_event_made_of_the_groups_that_were_asked(
    state: SqlState, events: Events, database_url: str
) -> None:
    await fold(state, events)
    positions = await state.positions()
    groups = await every_group(database_url, events)
    middle = {log: at // 2 for log, at in positions.items()}
    cells = {group: dict(found) for group, found in (await state.groups(groups, middle)).items()}
    for move in sorted(await state.moves(groups, middle, positions), key=lambda each: each.place.rank):
        assert middle[move.place.log] < move.place.sequence <= positions[move.place.log]
        for (kind, group, key), cell in move.versions:
            cells[kind, group][key] = cell
    assert cells == await state.groups(groups, positions)


async def test_events_are_described_by_their_place(state: SqlState, events: Events) -> None:
    await fold(state, events)
    place = Place("survey-intake", 3)
    event = events["survey-intake"][2]
    assert await state.described([place]) == {place: (event.source, event.id, event.subject)}
    assert await state.recorded_at("survey-intake", 3) is not None
    assert await state.recorded_at("survey-intake", 10**6) is None


async def test_what_another_version_of_the_fold_has_made_is_folded_anew(
    state: SqlState, events: Events, database_url: str
) -> None:
    await fold(state, events)
    positions, groups = await state.positions(), await every_group(database_url, events)
    before = await state.groups(groups, positions)
    assert not await state.begin_anew_after_another_fold()
    engine = create_engine(database_url, DatabaseSettings())
    async with engine.begin() as connection:
        await connection.execute(update(POSITION).values(fold=POSITION.c.fold + 1))
    await engine.dispose()
    assert await state.begin_anew_after_another_fold()
    assert await state.positions() == NOWHERE
    await fold(state, events, seed=9)
    assert await state.groups(groups, positions) == before
