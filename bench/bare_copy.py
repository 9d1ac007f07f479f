"""What writing to PostgreSQL is measured against: a bare COPY of the same rows, by asyncpg, into tables like its own.

The rows are those that the product has written, in the order in which it did. To read them back is not counted.
"""

import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import asyncpg
from sqlalchemy import URL

from running_parts import connected

_AT_ONCE = 50_000
"""Rows of a COPY, which has a commit of its own, where nothing else is asked for."""


async def copied(source: URL, target: URL, tables: Sequence[str], *, rows: int = _AT_ONCE, schema: str = "") -> float:
    """Copy tables into the same ones of another database, with their indexes in place; return the seconds it took.

    Each COPY, and its commit, is of so many rows. `schema` is where the tables are in the source.
    """
    reading, writing = await connected(source), await connected(target)
    try:
        return sum([await _copied(reading, writing, table, rows, schema) for table in tables])
    finally:
        await reading.close()
        await writing.close()


async def copied_then_indexed(source: URL, target: URL, tables: Sequence[str], *, schema: str = "") -> float:
    """Do the same in the way that takes least: tables without an index are filled, and get theirs afterwards."""
    connection = await connected(target)
    try:
        indexes = await _taken_off(connection, tables)
        seconds = await copied(source, target, tables, schema=schema)
        began = time.perf_counter()
        for index in indexes:
            await connection.execute(index)
        return seconds + time.perf_counter() - began
    finally:
        await connection.close()


async def _copied(
    reading: asyncpg.Connection, writing: asyncpg.Connection, table: str, rows: int, schema: str
) -> float:
    seconds = 0.0
    async for columns, some in _pieces(reading, f"{schema}.{table}" if schema else table, rows):
        began = time.perf_counter()
        await writing.copy_records_to_table(table, records=some, columns=columns)
        seconds += time.perf_counter() - began
    return seconds


async def _pieces(
    reading: asyncpg.Connection, table: str, rows: int
) -> AsyncIterator[tuple[list[str], list[tuple[Any, ...]]]]:
    async with reading.transaction(readonly=True):
        # Without an order: as they lie in the table is as they were written.
        wanted = await reading.prepare(f"SELECT * FROM {table}")
        columns = [attribute.name for attribute in wanted.get_attributes()]
        cursor = await wanted.cursor()
        while some := await cursor.fetch(rows):
            yield columns, [tuple(row) for row in some]


async def _taken_off(connection: asyncpg.Connection, tables: Sequence[str]) -> list[str]:
    """Drop the indexes of tables, and return the statements that make them again."""
    again = []
    for table in tables:
        for name, form in await connection.fetch(_CONSTRAINTS, table):
            await connection.execute(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
            again.append(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {form}')
        for name, form in await connection.fetch(_INDEXES, table):
            await connection.execute(f'DROP INDEX "{name}"')
            again.append(form)
    return again


_CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = to_regclass($1::text) AND contype IN ('p', 'u')"""
_INDEXES = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = $1"
