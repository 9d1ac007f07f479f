"""What posting is measured against: a FastAPI handler that does one sqlite3 insert a request, and nothing else.

Arguments: `def` or `async def`, and the database's file. A `def` handler runs on FastAPI's threads, each with a
connection of its own; an `async def` handler on the event loop, which it blocks.
"""

import json
import sqlite3
import sys
import threading
from typing import Any

from fastapi import FastAPI
from starlette.types import ASGIApp

from serving import serve

_INSERT = "INSERT INTO event (id, body) VALUES (?, ?)"


def connected(path: str) -> sqlite3.Connection:
    """Connect as durably as the logs do."""
    connection = sqlite3.connect(path, isolation_level=None, timeout=30)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def app(kind: str, path: str) -> ASGIApp:
    """Return the app with a handler of one kind or the other."""
    shared = connected(path)
    shared.execute("CREATE TABLE event (sequence INTEGER PRIMARY KEY, id TEXT UNIQUE, body TEXT)")
    plain = FastAPI()
    mine = threading.local()

    def insert(connection: sqlite3.Connection, event: dict[str, Any]) -> dict[str, Any]:
        cursor = connection.execute(_INSERT, (event["id"], json.dumps(event)))
        return {"sequence": cursor.lastrowid, "id": event["id"]}

    if kind == "async def":

        @plain.post("/v1/events", status_code=201)
        async def post_async(event: dict[str, Any]) -> dict[str, Any]:
            return insert(shared, event)

    else:

        @plain.post("/v1/events", status_code=201)
        def post(event: dict[str, Any]) -> dict[str, Any]:
            if not hasattr(mine, "connection"):
                mine.connection = connected(path)
            return insert(mine.connection, event)

    return plain


if __name__ == "__main__":
    serve(lambda: app(sys.argv[1], sys.argv[2]))
