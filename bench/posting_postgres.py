"""One event a request over 32 connections, on PostgreSQL: survey-intake against one plain asyncpg insert a request."""

import json
from contextlib import ExitStack

from figure import Figure
from posting import compared
from running_parts import new_database, open_folder, postgres_server, text
from serving import server

LEAST = 1.0


def run() -> list[Figure]:
    """Measure it."""
    with ExitStack() as stack:
        folder = stack.enter_context(open_folder())
        databases = stack.enter_context(postgres_server(folder))
        ours = stack.enter_context(server("survey_server.py", text(new_database(databases, "survey_intake"))))
        plain = stack.enter_context(server("plain_postgres_server.py", text(new_database(databases, "plain"))))
        return compared(ours, {"async def": plain}, LEAST)


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
