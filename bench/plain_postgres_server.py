"""What posting on PostgreSQL is measured against: a FastAPI handler that does one asyncpg insert a request, pooled.

Argument: the database's URL.
"""

import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
from fastapi import FastAPI
from sqlalchemy import make_url
from starlette.types import ASGIApp

from serving import serve

_TABLE = "CREATE TABLE event (sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id text UNIQUE, body text)"
_INSERT = "INSERT INTO event (id, body) VALUES ($1, $2) RETURNING sequence"


def app(url: str) -> ASGIApp:
    """Return the app. The pool has asyncpg's own size, ten connections."""
    at = make_url(url)
    where = {"host": at.host, "port": at.port, "user": at.username, "password": at.password, "database": at.database}
    pool: Any = None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        nonlocal pool
        async with asyncpg.create_pool(**where) as pool:
            await pool.execute(_TABLE)
            yield

    plain = FastAPI(lifespan=lifespan)

    @plain.post("/v1/events", status_code=201)
    async def post(event: dict[str, Any]) -> dict[str, Any]:
        sequence = await pool.fetchval(_INSERT, event["id"], json.dumps(event))
        return {"sequence": sequence, "id": event["id"]}

    return plain


if __name__ == "__main__":
    serve(lambda: app(sys.argv[1]))
