"""Connections of a pool to PostgreSQL that were lost while nobody used them."""

from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection, event
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry

from wco_common.clock import elapsed_time

_SECOND = 1_000_000

_USED = "used"
"""Under which a pool's entry has when its connection was used last."""


def replace_lost_connections(engine: Engine, ping_after: float) -> None:
    """Have a connection that is lost replaced before it is used, and all those with it that are as old.

    Who ends a connection closes it, as a rule, and that shows without a question. What may be lost without a word, as
    it was unused for `ping_after` seconds, has to answer first: three questions and answers, which SQLAlchemy's
    `pool_pre_ping` asks each time (and which took as long as a fold's own question). So one that is lost without a word
    less than that after its last use costs one question, which fails.
    """
    driver: Any = engine.dialect.dbapi

    @event.listens_for(engine, "checkin")
    def checkin(connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info[_USED] = elapsed_time()

    @event.listens_for(engine, "checkout")
    def checkout(connection: Any, entry: ConnectionPoolEntry, lent: PoolProxiedConnection) -> None:
        if (used := entry.info.get(_USED)) is None:  # it is new
            return
        try:
            is_lost = connection.driver_connection.is_closed()
            if not is_lost and elapsed_time() - used >= ping_after * _SECOND:
                engine.dialect.do_ping(connection)
        except (driver.Error, OSError):
            is_lost = True
        if is_lost:
            raise InvalidatePoolError
