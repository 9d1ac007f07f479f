"""The statements of an append."""

from functools import lru_cache

from sqlalchemy import Connection, Dialect, bindparam, select, update

from wco_common.rows import LookUp, text_of
from wco_common.schema import ENTITY, EVENT, HEAD, SUBJECT


def lock_head(connection: Connection, log: str) -> tuple[int, int]:
    """Lock the head until the transaction ends; return sequence and closed time. (SQLite locked when it began.)"""
    sequence, closed = connection.exec_driver_sql(_locking(connection.dialect), (log,)).one()
    return sequence, closed


def move_head(connection: Connection, log: str, sequence: int, closed: int) -> None:
    """Write the head."""
    connection.exec_driver_sql(_moving(connection.dialect), (sequence, closed, log))


ENTRIES = LookUp(select(EVENT), (EVENT.c.key,))
"""By idempotency key."""

VERSIONS = LookUp(select(SUBJECT), (SUBJECT.c.kind, SUBJECT.c.subject))
"""By kind and subject."""

STATES = LookUp(select(ENTITY), (ENTITY.c.kind, ENTITY.c.id))
"""By kind and id."""


@lru_cache
def _locking(dialect: Dialect) -> str:
    return text_of(
        select(HEAD.c.sequence, HEAD.c.closed).where(HEAD.c.log == bindparam("name")).with_for_update(), dialect
    )


@lru_cache
def _moving(dialect: Dialect) -> str:
    moving = update(HEAD).values(sequence=bindparam("to"), closed=bindparam("until"))
    return text_of(moving.where(HEAD.c.log == bindparam("name")), dialect)
