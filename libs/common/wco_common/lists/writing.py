"""What is written of lists: what one transaction does, as plain code over a connection."""

from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    SmallInteger,
    Table,
    Text,
    delete,
    insert,
    select,
    update,
)

from wco_common.event import RecordedEvent
from wco_common.instant import Instant
from wco_common.lists.deriving import Derivation, Derived
from wco_common.lists.table import HOLDS, NAMING, Key, ListTable, Version
from wco_common.rows import LookUp, add, put, rows_of

_KEYS_AT_ONCE = 4_096
"""Keys in one statement: with up to four columns each, under what both engines take of parameters."""


class Overtaken(Exception):
    """Another instance has moved the position on: what was to be written was written already."""


class Standing(NamedTuple):
    """Up to where the lists have their log: the event's position and recorded time, and which lists of which log."""

    version: int
    log_id: str
    sequence: int
    recorded_at: Instant


POSITION = Table(
    "position",
    MetaData(naming_convention=NAMING),
    Column("one", SmallInteger, primary_key=True, autoincrement=False, comment="1: there is one row."),
    Column("version", SmallInteger, nullable=False, comment="By which version of the lists the rows are made."),
    Column("log_id", Text, nullable=False, comment="Of which log."),
    Column("sequence", BigInteger, nullable=False, comment="All events up to it are in the rows, none beyond."),
    Column("recorded_at", BigInteger, nullable=False, comment="Of that event; microseconds since 1970-01-01 UTC."),
    comment="How far the lists are; moved by compare-and-set together with what is written.",
    sqlite_with_rowid=False,
)
"""In the database of every service's lists."""


class ListTables:
    """The tables of a service's lists."""

    def __init__(self, version: int, derived: Sequence[Derived]) -> None:
        """`version` is the next one whenever rows would come out otherwise of the same events."""
        self.version = version
        self.derived = derived
        self.metadata = MetaData(naming_convention=NAMING)
        for table in (POSITION, *(each.table.table for each in derived)):
            table.to_metadata(self.metadata)

    def standing(self, connection: Connection) -> Standing | None:
        """Return how far the rows are; None where there are none yet."""
        position = POSITION.c
        columns = (position.version, position.log_id, position.sequence, position.recorded_at)
        row = connection.execute(select(*columns)).one_or_none()
        return None if row is None else Standing(*row)

    def begin(self, connection: Connection, log_id: str, stood: Standing | None) -> None:
        """Empty the tables, to be written from the log's beginning. Raises Overtaken when they are elsewhere by now."""
        if self.standing(connection) != stood:
            raise Overtaken
        for derived in self.derived:
            connection.execute(delete(derived.table.table))
        connection.execute(delete(POSITION))
        start = {"one": 1, "version": self.version, "log_id": log_id, "sequence": 0, "recorded_at": 0}
        connection.execute(insert(POSITION).values(start))

    def write(self, connection: Connection, stood: Standing, events: Sequence[RecordedEvent]) -> Standing:
        """Write what the events that follow a position make of the rows, and move the position.

        Raises Overtaken, Underivable. A crash before the commit leaves everything as it was.
        """
        derivation = Derivation(self.derived, events)
        last = derivation.recorded_at(int(events[-1].sequence))
        after = Standing(stood.version, stood.log_id, stood.sequence + len(events), last)
        position = POSITION.c
        moved = connection.execute(
            update(POSITION)
            .where(position.version == stood.version, position.log_id == stood.log_id)
            .where(position.sequence == stood.sequence)
            .values(sequence=after.sequence, recorded_at=after.recorded_at)
        )
        if moved.rowcount != 1:
            raise Overtaken
        for derived in self.derived:
            before = _versions_that_hold(connection, derived.table, derivation.wanted(derived.table))
            _write(connection, derived.table, before, derivation.derive(derived, before))
        return after


def _versions_that_hold(connection: Connection, table: ListTable, keys: Sequence[Key]) -> dict[Key, Version]:
    found: dict[Key, Version] = {}
    for start in range(0, len(keys), _KEYS_AT_ONCE):
        some = [(*key, HOLDS) for key in keys[start : start + _KEYS_AT_ONCE]]
        for row in rows_of(connection, _look_up(table), some):
            version = table.loaded(row)
            found[version.key] = version
    return found


@lru_cache
def _look_up(table: ListTable) -> LookUp:
    return LookUp(select(table.table), (*table.keys, table.table.c.until))


def _write(
    connection: Connection, table: ListTable, before: dict[Key, Version], after: dict[Key, list[Version]]
) -> None:
    ended = []
    hold = []
    gone = []
    for key, versions in after.items():
        course = [before[key], *versions] if key in before else versions
        for version, following in pairwise(course):
            if version.row is not None:
                ended.append(table.stored(version, following.sequence))
        if course[-1].row is not None:
            hold.append(table.stored(course[-1], HOLDS))
        elif key in before:
            gone.append(key)
    for key in gone:
        of_key = [column == value for column, value in zip(table.keys, key, strict=True)]
        connection.execute(delete(table.table).where(*of_key, table.table.c.until == HOLDS))
    add(connection, table.table, ended)
    put(connection, table.table, hold)
