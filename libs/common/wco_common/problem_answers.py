"""Problems as answers: whatever goes wrong in a service, its client gets application/problem+json (RFC 9457)."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import structlog
from fastapi import FastAPI
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route

from wco_common.problem import MethodNotAllowed, NotFound, Problem, TooManyRequests, Unavailable

_log = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"


def problem_response(problem: Problem) -> Response:
    """Return the answer that tells a client of a problem."""
    # ASCII, since a pointer may repeat what was wrong in a key: half of a surrogate pair has no UTF-8.
    body = json.dumps(problem.body(), ensure_ascii=True).encode()
    return Response(body, problem.status, problem.headers, media_type=PROBLEM_JSON)


Tell = Callable[[Request, Problem], Awaitable[Response]]
"""How a client is told of a problem."""


async def tell_as_json(request: Request, problem: Problem) -> Response:
    """Tell of a problem as a service does."""
    return problem_response(problem)


def answer_problems(app: FastAPI, refused: Callable[[Problem], None], tell: Tell = tell_as_json) -> None:
    """Make the app answer with problems, and tell `refused` of each.

    What no handler expects is left to the middleware around the app, which logs it.
    """

    async def of_ours(request: Request, error: Exception) -> Response:
        if not isinstance(error, Problem):
            raise error
        refused(error)
        return await tell(request, error)

    async def of_the_framework(request: Request, error: Exception) -> Response:
        if not isinstance(error, HTTPException):
            raise error
        problem: Problem
        if error.status_code == 405:
            allowed = ", ".join(sorted(_methods_at(request)))
            problem = MethodNotAllowed(
                f"{request.method} is not allowed here, {allowed} is", headers={"Allow": allowed}
            )
        else:
            problem = NotFound("there is nothing at this address")
        return await of_ours(request, problem)

    async def of_the_database(request: Request, error: Exception) -> Response:
        # Its words may hold what was to be written; only its kind goes into the log.
        _log.warning("the database failed", error=type(error).__name__)
        return await of_ours(request, Unavailable("the database cannot be asked now"))

    app.add_exception_handler(Problem, of_ours)
    for kind in (SQLAlchemyError, OSError, TimeoutError):
        app.add_exception_handler(kind, of_the_database)
    app.add_exception_handler(HTTPException, of_the_framework)


def _methods_at(request: Request) -> set[str]:
    """Return the methods that are allowed at the request's path, over all routes."""
    return {
        method
        for route in request.app.routes
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


PROBLEM_SCHEMA: dict[str, Any] = {
    "type": "object",
    "description": "A problem (RFC 9457).",
    "required": ["type", "title", "status", "detail", "errors"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:wco-kpi:problem:[a-z-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "description": "Every fault, and where it is.",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "RFC 6901 into the event, or empty; /name of a parameter; a header's name.",
                    },
                    "detail": {"type": "string"},
                    "index": {"type": "integer", "minimum": 0, "description": "The event's place in the batch."},
                },
            },
        },
    },
}


def documented(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return what OpenAPI says of the answers with these problems."""
    answers: dict[int | str, dict[str, Any]] = {}
    for problem in problems:
        said = f"`{problem.slug}`: {problem.__doc__}"
        answer = answers.setdefault(
            problem.status,
            {"description": "", "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}},
        )
        answer["description"] = f"{answer['description']}\n\n{said}".strip()
        if problem is TooManyRequests:
            answer["headers"] = {"Retry-After": {"description": "In seconds.", "schema": {"type": "integer"}}}
    return answers
