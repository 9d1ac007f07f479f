"""Texts on the driver's own cursor fail, and are heard of, as those are that SQLAlchemy executes."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.exc import DBAPIError

from wco_common.rows import execute


@pytest.fixture
def connection() -> Iterator[Connection]:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_a_connection_that_the_driver_has_closed_is_an_error_of_the_database(connection: Connection) -> None:
    connection.connection.driver_connection.close()  # type: ignore[union-attr]
    with pytest.raises(DBAPIError, match="closed database"):
        execute(connection, "SELECT 1", ())


def test_who_listens_to_statements_hears_of_them_and_can_refuse_them(connection: Connection) -> None:
    heard: list[Any] = []

    def hear(connection: Any, cursor: Any, statement: str, parameters: Any, context: Any, many: bool) -> None:
        heard.append((statement, parameters))
        if parameters == (2,):
            raise OSError("refused")

    event.listen(connection.engine, "before_cursor_execute", hear)
    assert execute(connection, "SELECT ?", (1,), fetch=True) == [(1,)]
    with pytest.raises(OSError, match="refused"):
        execute(connection, "SELECT ?", (2,), fetch=True)
    assert heard == [("SELECT ?", (1,)), ("SELECT ?", (2,))]
