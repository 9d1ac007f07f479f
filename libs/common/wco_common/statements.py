"""The statements of an append."""

from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import Connection, Dialect, bindparam, select, update

from wco_common.row_texts import LookUp, text_of
from wco_common.rows import Statement, execute, send
from wco_common.schema import ENTITY, EVENT, HEAD, SUBJECT


class LockedHead(NamedTuple):
    """The head of a log; `read_only` is why nothing may be recorded, None where nothing hinders it."""

    sequence: int
    closed: int
    read_only: str | None


def lock_head(connection: Connection, log: str) -> LockedHead:
    """Lock the head until the transaction ends, and return it. (SQLite locked when the transaction began.)"""
    [head] = execute(connection, _locking(connection.dialect), (log,), fetch=True)
    return LockedHead(*head)


def moving_head(connection: Connection, log: str, sequence: int, closed: int) -> Statement:
    """Return what writes the head."""
    return Statement(_moving(connection.dialect), (sequence, closed, log))


def move_head(connection: Connection, log: str, sequence: int, closed: int) -> None:
    """Write the head."""
    send(connection, [moving_head(connection, log, sequence, closed)])


def set_read_only(connection: Connection, log: str, reason: str | None) -> None:
    """Write why nothing may be recorded, or with None that it may be again. The caller has the head's lock."""
    connection.execute(update(HEAD).where(HEAD.c.log == log).values(read_only=reason))


ENTRIES = LookUp(select(EVENT), (EVENT.c.key,))
"""By idempotency key."""

VERSIONS = LookUp(select(SUBJECT), (SUBJECT.c.kind, SUBJECT.c.subject))
"""By kind and subject."""

STATES = LookUp(select(ENTITY), (ENTITY.c.kind, ENTITY.c.id))
"""By kind and id."""


@lru_cache
def _locking(dialect: Dialect) -> str:
    locking = select(HEAD.c.sequence, HEAD.c.closed, HEAD.c.read_only).where(HEAD.c.log == bindparam("name"))
    return text_of(locking.with_for_update(), dialect)


@lru_cache
def _moving(dialect: Dialect) -> str:
    moving = update(HEAD).values(sequence=bindparam("to"), closed=bindparam("until"))
    return text_of(moving.where(HEAD.c.log == bindparam("name")), dialect)
