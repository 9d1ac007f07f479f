"""What is written of lists: what one transaction does, as plain code over a connection."""

from collections.abc import Sequence
from functools import lru_cache
from hashlib import sha256
from itertools import pairwise
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    MetaData,
    SmallInteger,
    Table,
    Text,
    Update,
    delete,
    select,
    text,
    update,
)

from wco_common.canonical import canonical
from wco_common.event import RecordedEvent
from wco_common.instant import Instant, parse_instant
from wco_common.lists.deriving import Derivation, Derived
from wco_common.lists.table import HOLDS, NAMING, Key, ListTable, Version
from wco_common.row_texts import LookUp
from wco_common.rows import add, put, rows_of

_KEYS_AT_ONCE = 4_096
"""Keys in one statement: with up to four columns each, under what both engines take of parameters."""


class Overtaken(Exception):
    """Another instance has moved the position on: what was to be written was written already."""


class Standing(NamedTuple):
    """Up to where lists of a version have a log, and what the last event is known again by."""

    version: int
    log_id: str
    sequence: int
    recorded_at: Instant
    event: str


POSITION = Table(
    "position",
    MetaData(naming_convention=NAMING),
    Column("one", SmallInteger, primary_key=True, autoincrement=False, comment="1: there is one row."),
    Column("version", SmallInteger, nullable=False, comment="By which version of the lists the rows are made."),
    Column("log_id", Text, nullable=False, comment="Of which log."),
    Column("sequence", BigInteger, nullable=False, comment="All events up to it are in the rows, none beyond."),
    Column("recorded_at", BigInteger, nullable=False, comment="Of that event; microseconds since 1970-01-01 UTC."),
    Column("event", Text, nullable=False, comment="Which event that is: SHA-256 of its source and id, in hex."),
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
        columns = (position.version, position.log_id, position.sequence, position.recorded_at, position.event)
        row = connection.execute(select(*columns)).one_or_none()
        return None if row is None else Standing(*row)

    def begin(self, connection: Connection, log_id: str, stood: Standing | None) -> Standing:
        """Empty the tables, to be written from the log's beginning. Raises Overtaken when they are elsewhere by now."""
        beginning = Standing(self.version, log_id, 0, 0, "")
        if stood is None:
            moved = connection.execute(_FIRST, beginning._asdict())
        else:
            moved = connection.execute(_moving_from(stood).values(beginning._asdict()))
        if moved.rowcount != 1:
            raise Overtaken
        for derived in self.derived:
            connection.execute(delete(derived.table.table))
        return beginning

    def write(self, connection: Connection, stood: Standing, events: Sequence[RecordedEvent]) -> Standing:
        """Write what the events that follow a position make of the rows, and move the position.

        Raises Overtaken, Underivable. A crash before the commit leaves everything as it was.
        """
        recorded_at, event = identity(events[-1])
        after = stood._replace(sequence=stood.sequence + len(events), recorded_at=recorded_at, event=event)
        if connection.execute(_moving_from(stood).values(after._asdict())).rowcount != 1:
            raise Overtaken
        derivation = Derivation(self.derived, events)
        for derived in self.derived:
            before = _versions_that_hold(connection, derived.table, derivation.wanted(derived.table))
            _write(connection, derived.table, before, derivation.derive(derived, before))
        return after


_FIRST = text(
    "INSERT INTO position (one, version, log_id, sequence, recorded_at, event) "
    "VALUES (1, :version, :log_id, :sequence, :recorded_at, :event) ON CONFLICT (one) DO NOTHING"
)


def identity(event: RecordedEvent) -> tuple[Instant, str]:
    """Return when an event was recorded, and a digest of its source and id: by both it is known again."""
    return parse_instant(event.recordedtime), sha256(canonical([event.source, event.id])).hexdigest()


def _moving_from(stood: Standing) -> Update:
    """Return the compare-and-set that moves the position on from where it stood."""
    position = POSITION.c
    return update(POSITION).where(
        position.version == stood.version, position.log_id == stood.log_id, position.sequence == stood.sequence
    )


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
    new: list[tuple[Any, ...]] = []
    replacing: list[tuple[Any, ...]] = []
    gone: list[Key] = []
    for key, versions in after.items():
        course = [before[key], *versions] if key in before else versions
        for version, following in pairwise(course):
            if version.row is not None:
                new.append(table.stored(version, following.sequence))
        if course[-1].row is not None:
            # In the place of the one that held, where there is one: the position says that `before` is all there is.
            (replacing if key in before else new).append(table.stored(course[-1], HOLDS))
        elif key in before:
            gone.append(key)
    for key in gone:
        of_key = [column == value for column, value in zip(table.keys, key, strict=True)]
        connection.execute(delete(table.table).where(*of_key, table.table.c.until == HOLDS))
    add(connection, table.table, new)
    put(connection, table.table, replacing)
