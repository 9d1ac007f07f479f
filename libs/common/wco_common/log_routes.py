"""The addresses of a log, and what OpenAPI says of each."""

from collections.abc import Sequence
from typing import Any

from starlette.responses import Response

from wco_common.cloudevents import BATCHED, STRUCTURED
from wco_common.log_api import NDJSON, SUBJECT, LogApi
from wco_common.log_openapi import answer, parameter, request_body
from wco_common.problem import (
    CommitUnknown,
    Conflict,
    IdReused,
    Invalid,
    NotAcceptable,
    NotCloudEvent,
    NotFound,
    NotJson,
    TooLarge,
    TooManyRequests,
    Unavailable,
    VersionMismatch,
)
from wco_common.problem_answers import documented
from wco_common.service_app import ServiceApp
from wco_events.event_type import EventType

_JSON = "application/json"
_TAGS: list[Any] = ["log"]


Answers = dict[int | str, dict[str, Any]]


def add_log_routes(app: ServiceApp, api: LogApi, event_types: Sequence[EventType]) -> None:
    """Add the routes of a log under /v1."""
    posted: Answers = {
        201: answer(
            "Recorded: committed and durable. A batch when something in it is new.",
            (_JSON, "Recorded"),
            Location="The event's address; not with a batch.",
        ),
        200: answer("The same event again, a batch with nothing new, or a dry run.", (_JSON, "NotRecorded")),
    }
    app.add_api_route(
        "/v1/events",
        api.post_events,
        methods=["POST"],
        status_code=201,
        summary="Post an event, or a batch of them",
        tags=_TAGS,
        response_class=Response,
        responses=posted
        | documented(
            NotJson,
            Conflict,
            IdReused,
            VersionMismatch,
            TooLarge,
            NotCloudEvent,
            Invalid,
            TooManyRequests,
            CommitUnknown,
            Unavailable,
        ),
        openapi_extra={
            "parameters": [
                parameter("dry_run", "query", "Check everything and record nothing.", type="boolean", default=False),
                parameter(
                    "If-Match",
                    "header",
                    'The version at which the subject has to be, as "7"; "0" is a new one. Not with a batch.',
                    type="string",
                    pattern='^"(0|[1-9][0-9]{0,15})"$',
                ),
                parameter("traceparent", "header", "W3C Trace Context, kept beside the event.", type="string"),
                parameter("tracestate", "header", "Goes with a traceparent, and is kept with it.", type="string"),
                *(
                    parameter(f"ce-{name}", "header", "In binary mode; percent-encoded.", type="string")
                    for name in ("specversion", "id", "source", "type", "subject", "time", "dataschema")
                ),
            ],
            "requestBody": request_body(event_types),
        },
    )
    # Routes are tried in their order, and this one is asked for the most.
    app.router.routes.insert(0, app.router.routes.pop())
    app.add_read(
        "/v1/events",
        api.get_events,
        "Read the log in order",
        {
            200: answer(
                "A page of events, or, asked for by Accept, all from `after` to the end as a stream of lines.",
                (BATCHED, "RecordedEvents"),
                (NDJSON, "Lines"),
                Link='With rel="next": the page after this one, while there is more.',
                Vary="Accept",
            )
        },
        NotAcceptable,
        parameters=[
            parameter("after", "query", "The position after which to begin.", type="integer", minimum=0, default=0),
            parameter("limit", "query", "Events in a page.", type="integer", minimum=1, maximum=1_000, default=100),
            parameter("type", "query", "Only this type.", type="string", enum=[one.type for one in event_types]),
            parameter("subject", "query", "Only this subject.", type="string", pattern=f"^{SUBJECT}$"),
        ],
        tags=_TAGS,
    )
    app.add_read(
        "/v1/events/{sequence}",
        api.get_event,
        "Read one event",
        {
            200: answer(
                "The event as recorded, by its canonical bytes.", (STRUCTURED, "RecordedEvent"), ETag="Strong."
            ),
            304: {"description": "It is the one that If-None-Match names."},
        },
        NotFound,
        parameters=[parameter("sequence", "path", "Its position.", required=True, type="integer", minimum=1)],
        tags=_TAGS,
    )
    app.add_read(
        "/v1/head",
        api.get_head,
        "How far the log is",
        {200: answer("Nothing will be recorded up to the closed time beyond the sequence.", (_JSON, "Head"))},
        tags=_TAGS,
    )
    app.add_read(
        "/v1/types",
        api.get_types,
        "The event types",
        {200: answer("The event types that the log takes.", (_JSON, "Types"))},
        tags=_TAGS,
    )
    app.add_read(
        "/v1/subjects/{kind}/{subject:path}",
        api.get_subject,
        "A subject's version",
        {200: answer("Its version, for If-Match, and its last event's position.", (_JSON, "Subject"))},
        NotFound,
        parameters=[
            parameter("kind", "path", "The first word of its events' types.", required=True, type="string"),
            parameter("subject", "path", "An id, or operation/report.", required=True, type="string"),
        ],
        tags=_TAGS,
    )
