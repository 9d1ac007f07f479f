"""Reading lists as of an event: plain code over a connection, asked whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Select, select
from sqlalchemy.ext.asyncio import AsyncEngine

from wco_common.engine import DatabaseSettings
from wco_common.instant import format_instant
from wco_common.lists.table import ListTable, Version
from wco_common.lists.writing import ListTables, Standing
from wco_common.reader import snapshot_reader

T = TypeVar("T")


class Rows:
    """The rows of lists as they were once the event at a position was recorded."""

    def __init__(self, connection: Connection, position: int) -> None:
        self._connection = connection
        self.position = position

    def of(self, table: ListTable, *where: ColumnElement[bool]) -> list[Version]:
        """Return the versions of all rows of which something holds, by key."""
        wanted = select(table.table).where(table.at(self.position), *where).order_by(*table.keys)
        return [table.loaded(row) for row in self.select(wanted)]

    def select(self, wanted: Select[Any]) -> list[Any]:
        """Return what a statement over the tables gives, which itself says as of when."""
        return list(self._connection.execute(wanted))

    def judged(
        self,
        table: ListTable,
        where: Sequence[ColumnElement[bool]],
        judgements: Sequence[ColumnElement[Any]],
        order: Sequence[ColumnElement[Any]],
        limit: int,
    ) -> list[tuple[Version, Sequence[Any]]]:
        """Return versions in an order, `limit` at most, each with what expressions over its columns come to."""
        rows = self.select(select(table.table, *judgements).where(*where).order_by(*order).limit(limit))
        columns = len(table.table.columns)
        return [(table.loaded(row[:columns]), row[columns:]) for row in rows]


class ListsDatabase:
    """The database of a service's lists, for readers."""

    def __init__(self, engine: AsyncEngine, tables: ListTables, settings: DatabaseSettings) -> None:
        # One snapshot for all that an answer reads: the lists may be made anew meanwhile.
        self._reader = snapshot_reader(engine, settings)
        self._tables = tables

    async def ask(self, question: Callable[[Connection, Standing | None], T]) -> T:
        """Ask a question of the lists as they are, and how far that is; None where they are not begun."""
        return await self._reader.ask(lambda connection: question(connection, self._tables.standing(connection)))

    async def aclose(self) -> None:
        """Let questions come to their end."""
        await self._reader.aclose()


def answered(table: ListTable, version: Version) -> dict[str, Any]:
    """Return a version as answers have it: its key, what it says, and which event made it."""
    key = dict(zip((field.name for field in table.key), version.key, strict=True))
    says = {field.name: field.answer(version.said[field.name]) for field in table.says}
    return key | says | {"sequence": version.sequence, "recordedtime": format_instant(version.recorded_at)}


def grouped(versions: Iterable[Version], part: int = 0) -> defaultdict[str, list[Version]]:
    """Return rows by one part of their key, the first if no other is named."""
    groups: defaultdict[str, list[Version]] = defaultdict(list)
    for version in versions:
        groups[version.key[part]].append(version)
    return groups
