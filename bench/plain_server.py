"""What posting is measured against: a FastAPI handler that does one sqlite3 insert a request, and nothing else.

Arguments: `def` or `async`, and the database's file. A `def` handler runs on FastAPI's threads, each with a connection
of its own; an `async def` handler on the event loop, which it blocks.
"""

import json
import sqlite3
import sys
import threading

from fastapi import FastAPI, Request
from starlette.responses import JSONResponse
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
    connected(path).execute("CREATE TABLE event (sequence INTEGER PRIMARY KEY, id TEXT UNIQUE, body BLOB)")
    plain = FastAPI()
    mine = threading.local()
    shared = connected(path)

    def insert(connection: sqlite3.Connection, body: bytes) -> JSONResponse:
        event = json.loads(body)
        cursor = connection.execute(_INSERT, (event["id"], body))
        return JSONResponse({"sequence": cursor.lastrowid}, 201)

    async def body_of(request: Request) -> bytes:
        return await request.body()

    if kind == "async":

        @plain.post("/v1/events")
        async def post_async(request: Request) -> JSONResponse:
            return insert(shared, await request.body())

    else:
        from fastapi import Depends

        @plain.post("/v1/events")
        def post(body: bytes = Depends(body_of)) -> JSONResponse:
            if not hasattr(mine, "connection"):
                mine.connection = connected(path)
            return insert(mine.connection, body)

    return plain


if __name__ == "__main__":
    serve(lambda: app(sys.argv[1], sys.argv[2]))
