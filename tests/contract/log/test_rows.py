"""Rows are added and read the same on both databases, however many they are at a time."""

from collections.abc import AsyncIterator
from functools import partial
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import AsyncEngine

from wco_common.engine import DatabaseSettings, create_engine
from wco_common.migrate import upgrade
from wco_common.row_texts import LookUp
from wco_common.rows import add, adding, put, putting, rows_of, rows_of_each, send
from wco_common.schema import ENTITY, EVENT, SUBJECT
from wco_common.statements import ENTRIES, STATES, VERSIONS
from wco_common.writer import NotCommitted, Writer, writer

NUMBERS = (1, 3, 63, 500, 9_000)
"""What makes a statement, and what takes several, on either database."""


@pytest.fixture
async def engine(database_url: str) -> AsyncIterator[AsyncEngine]:
    await upgrade(database_url, "survey-intake")
    engine = create_engine(database_url, DatabaseSettings())
    yield engine
    await engine.dispose()


@pytest.fixture
async def writes(engine: AsyncEngine) -> AsyncIterator[Writer]:
    writes = writer(engine, DatabaseSettings())
    yield writes
    await writes.aclose()


def entries(number: int) -> list[tuple[Any, ...]]:
    """Events with whatever a driver could take for something else: nothing, quotes, backslashes, tabs, line feeds."""
    trace = [None, "00-1", "tab\tand\nline", '\\N "quoted" \\']
    return [
        (
            sequence,
            2**52 + sequence,
            sequence.to_bytes(32),
            "org.example.v1",
            f"é\\.{sequence}",
            2**40,
            trace[sequence % 4],
            None,
            bytes(range(sequence % 90)),
        )
        for sequence in range(1, number + 1)
    ]


@pytest.mark.parametrize("number", NUMBERS)
async def test_rows_that_are_added_are_found_by_their_keys_as_they_were_given(writes: Writer, number: int) -> None:
    rows = entries(number)
    await writes.transact(partial(add, table=EVENT, rows=rows))
    keys = [(row[2],) for row in rows]
    found = await writes.transact(lambda connection: list(rows_of(connection, ENTRIES, [*keys, (b"nobody's",)])))
    assert sorted(map(tuple, found)) == rows


@pytest.mark.parametrize("number", NUMBERS)
async def test_rows_that_are_put_are_in_the_place_of_those_with_their_keys(writes: Writer, number: int) -> None:
    names = [("kind", f"{each:05}") for each in range(number)]
    await writes.transact(partial(put, table=ENTITY, rows=[(*name, "before") for name in names[::2]]))
    await writes.transact(partial(put, table=ENTITY, rows=[(*name, "after") for name in names]))
    found = await writes.transact(lambda connection: list(rows_of(connection, STATES, names)))
    assert sorted(map(tuple, found)) == [(*name, "after") for name in names]


@pytest.mark.parametrize("number", NUMBERS)
async def test_a_row_that_is_there_already_is_refused_with_all_others(writes: Writer, number: int) -> None:
    rows = entries(number)
    await writes.transact(partial(add, table=EVENT, rows=rows[-1:]))
    with pytest.raises(NotCommitted, match=r"UniqueViolationError|SQLITE_CONSTRAINT"):
        await writes.transact(partial(add, table=EVENT, rows=rows))
    found = await writes.transact(lambda connection: list(rows_of(connection, ENTRIES, [(row[2],) for row in rows])))
    assert [tuple(row) for row in found] == rows[-1:]


@pytest.mark.parametrize("number", NUMBERS)
async def test_who_listens_to_statements_hears_of_rows_that_are_added_and_can_refuse_them(
    engine: AsyncEngine, writes: Writer, number: int
) -> None:
    def refuse(connection: Connection, cursor: Any, statement: str, *more: Any) -> None:
        if "event" in statement:
            raise OSError("refused")

    rows = entries(number)
    # A writer to SQLite has an engine of its own.
    event.listen(type(engine.sync_engine), "before_cursor_execute", refuse, retval=False)
    try:
        with pytest.raises(NotCommitted, match="OSError"):
            await writes.transact(partial(add, table=EVENT, rows=rows))
    finally:
        event.remove(type(engine.sync_engine), "before_cursor_execute", refuse)


@pytest.mark.parametrize("number", NUMBERS)
async def test_what_is_sent_together_is_written_together_and_read_together(writes: Writer, number: int) -> None:
    rows = entries(number)
    states = [("kind", f"{each:05}", f"$1 of {each}") for each in range(number)]

    def write(connection: Connection) -> None:
        send(
            connection,
            [
                *adding(connection, EVENT, rows),
                *putting(connection, SUBJECT, [("kind", "subject", 1, number)]),
                *adding(connection, ENTITY, states),
            ],
        )

    def read(connection: Connection) -> list[list[tuple[Any, ...]]]:
        wanted: list[tuple[LookUp, list[tuple[Any, ...]]]] = [
            (ENTRIES, [(row[2],) for row in rows]),
            (VERSIONS, [("kind", "nobody's")]),
            (STATES, []),
            (STATES, [(*state[:2],) for state in states]),
            (VERSIONS, [("kind", "subject")]),
        ]
        return [sorted(map(tuple, found)) for found in rows_of_each(connection, wanted)]

    await writes.transact(write)
    assert await writes.transact(read) == [rows, [], [], states, [("kind", "subject", 1, number)]]


async def test_of_what_is_sent_together_nothing_is_written_where_one_part_fails(writes: Writer) -> None:
    def write(connection: Connection) -> None:
        rows = entries(2)
        send(connection, [*adding(connection, ENTITY, [("kind", "id", "state")]), *adding(connection, EVENT, rows)])

    await writes.transact(partial(add, table=EVENT, rows=entries(1)))
    with pytest.raises(NotCommitted, match=r"UniqueViolationError|SQLITE_CONSTRAINT"):
        await writes.transact(write)
    assert not await writes.transact(lambda connection: rows_of(connection, STATES, [("kind", "id")]))
