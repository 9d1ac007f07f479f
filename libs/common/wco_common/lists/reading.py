"""Reading lists as of an event."""

from collections import defaultdict
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from wco_common.instant import format_instant
from wco_common.lists.table import Field, Key, ListTable, Version
from wco_common.lists.writing import ListTables, Standing


class Reader:
    """The rows of lists as they were once the event at a position was recorded."""

    def __init__(self, connection: AsyncConnection, position: int) -> None:
        self._connection = connection
        self.position = position

    async def row(self, table: ListTable, key: Key) -> Version | None:
        """Return the version of a row, None where there is no such row."""
        of_key = [column == value for column, value in zip(table.keys, key, strict=True)]
        rows = await self.rows(table, *of_key)
        return rows[0] if rows else None

    async def rows(self, table: ListTable, *where: ColumnElement[bool]) -> list[Version]:
        """Return the versions of all rows of which something holds, by key."""
        wanted = select(table.table).where(table.at(self.position), *where).order_by(*table.keys)
        return [table.loaded(row) for row in await self._connection.execute(wanted)]

    async def select(self, wanted: Select[Any]) -> list[Any]:
        """Return what a statement over the tables gives, which itself says as of when."""
        return list(await self._connection.execute(wanted))

    async def judged(
        self,
        table: ListTable,
        where: Sequence[ColumnElement[bool]],
        judgements: Sequence[ColumnElement[Any]],
        order: Sequence[ColumnElement[Any]],
        limit: int,
    ) -> list[tuple[Version, Sequence[Any]]]:
        """Return versions in an order, `limit` at most, each with what expressions over its columns come to."""
        wanted = select(table.table, *judgements).where(*where).order_by(*order).limit(limit)
        columns = len(table.table.columns)
        rows = await self._connection.execute(wanted)
        return [(table.loaded(row[:columns]), row[columns:]) for row in rows]


class ListsDatabase:
    """The database of a service's lists, for readers."""

    def __init__(self, engine: AsyncEngine, tables: ListTables) -> None:
        if engine.dialect.name == "postgresql":
            # One snapshot for all that an answer reads, also while the lists are made anew; SQLite gives no other.
            engine = engine.execution_options(isolation_level="REPEATABLE READ")
        self._engine = engine
        self._tables = tables

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[tuple[AsyncConnection, Standing | None]]:
        """Give a connection on the lists as they are, and how far that is; None where they are not begun."""
        async with self._engine.connect() as connection:
            yield connection, await connection.run_sync(self._tables.standing)


def answered(table: ListTable, version: Version) -> dict[str, Any]:
    """Return a version as answers have it: its key, what it says, and which event made it."""
    key = dict(zip((field.name for field in table.key), version.key, strict=True))
    made = {"sequence": version.sequence, "recordedtime": format_instant(version.recorded_at)}
    return key | {field.name: field.answer(value) for field, value in _said(table, version)} | made


def _said(table: ListTable, version: Version) -> Iterator[tuple[Field, Any]]:
    return ((field, version.said[field.name]) for field in table.says)


def grouped(versions: Iterable[Version], part: int = 0) -> defaultdict[str, list[Version]]:
    """Return rows by one part of their key, the first if no other is named."""
    groups: defaultdict[str, list[Version]] = defaultdict(list)
    for version in versions:
        groups[version.key[part]].append(version)
    return groups
