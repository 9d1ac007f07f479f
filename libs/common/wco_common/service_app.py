"""The FastAPI app that every service starts from: problems, documentation, health, metrics, request lines."""

import importlib.resources
import time
from collections.abc import Callable, Coroutine, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import structlog
from fastapi import FastAPI
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.routing import APIRoute
from fastapi.staticfiles import StaticFiles
from prometheus_client import CollectorRegistry, Counter
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, ExceptionHandler, Message, Receive, Scope, Send

from wco_common.health import Health
from wco_common.problem import Invalid, Problem, Unavailable
from wco_common.problem_answers import PROBLEM_SCHEMA, Tell, answer_problems, documented, tell_as_json
from wco_common.query import read_query
from wco_common.request_metrics import RequestMetrics
from wco_common.structured_log import current_request, request_id
from wco_common.tracing import UNTRACED, Tracing, name_request

Endpoint = Callable[[Request], Coroutine[Any, Any, Response]]

_log = structlog.get_logger(__name__)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "CONNECT"})
"""Any other word may stand for a method too; a metric of its own it does not get."""

_CONTENT_SECURITY_POLICY = (
    "default-src 'none'; connect-src 'self'; img-src 'self' data:; "
    "script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'"
)
"""The documentation page loads nothing from elsewhere."""


class _PlainRoute(APIRoute):
    """A route whose endpoint takes the request and gives the response: there is nothing to work out around it."""

    def __init__(self, path: str, endpoint: Endpoint, **kwargs: Any) -> None:
        super().__init__(path, endpoint, **kwargs)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            response = await endpoint(Request(scope, receive, send))
            await response(scope, receive, send)

        self.app = app


class ServiceApp(FastAPI):
    """A service's app. Its addresses are relative, so that it works at the root and under a prefix alike."""

    def __init__(
        self,
        *,
        title: str,
        description: str,
        registry: CollectorRegistry,
        components: dict[str, Any],
        lifespan: Callable[[Any], AbstractAsyncContextManager[None]],
        tell: Tell = tell_as_json,
        tracing: Tracing = UNTRACED,
    ) -> None:
        """Make an app with the schemas `components` in its OpenAPI document, which tells of problems by `tell`."""
        super().__init__(
            title=title,
            description=description,
            version="1",
            openapi_url=None,
            docs_url=None,
            redoc_url=None,
            redirect_slashes=False,
            lifespan=lifespan,
            telemetry=tracing.of_requests,
        )
        self.router.route_class = _PlainRoute
        self._components = components | {"Problem": PROBLEM_SCHEMA}
        refusals = Counter("wco_kpi_refusals", "Requests refused, by problem.", ["slug"], registry=registry)
        for problem in Problem.__subclasses__():
            refusals.labels(problem.slug)  # from 0 on, so that a first one is seen
        answer_problems(self, lambda problem: refusals.labels(problem.slug).inc(), tell)
        self._tell = tell
        self._requests = RequestMetrics(registry)

    def add_operations(self, health: Health) -> None:
        """Add health, metrics and documentation; last, as routes are tried in order and these are asked for least."""
        self.add_health(health)
        self._add_documentation()

    def add_health(self, health: Health) -> None:
        """Add health and metrics alone, for what has nothing to document."""
        self.add_read("/livez", health.livez, "Is it alive", {200: _STATUS_ANSWER}, tags=["health"])
        self.add_read("/readyz", health.readyz, "Is it ready", {200: _STATUS_ANSWER}, tags=["health"])
        self.add_read("/metrics", health.metrics, "Metrics", {200: _METRICS_ANSWER}, tags=["health"])

    def build_middleware_stack(self) -> ASGIApp:
        """Return what stands around the routes.

        Of what FastAPI puts there, nothing else does anything here: bodies are read no further than they may be long,
        no route has dependencies, and what nobody expects is answered by `_Observed`. It took a third of the time of
        a post.
        """
        handlers = self.exception_handlers
        fixed = {
            (method, route.path): route
            for route in self.router.routes
            if isinstance(route, _PlainRoute) and not route.param_convertors
            for method in route.methods or ()
        }
        return _Observed(
            _Fixed(fixed, handlers, ExceptionMiddleware(self.router, handlers)), self._requests, self._tell
        )

    def add_read(
        self,
        path: str,
        endpoint: Endpoint,
        summary: str,
        answers: dict[int | str, dict[str, Any]],
        *problems: type[Problem],
        parameters: list[dict[str, Any]] | None = None,
        tags: list[str | Any] | None = None,
    ) -> None:
        """Add a route for GET and HEAD. Every one of them may be asked wrongly (422) or at a bad time (503)."""
        self.add_api_route(
            path,
            endpoint,
            methods=["GET"],
            summary=summary,
            responses=answers | documented(Invalid, *problems, Unavailable),
            openapi_extra={"parameters": parameters or []},
            response_class=Response,
            tags=tags,
        )
        self.add_api_route(path, endpoint, methods=["HEAD"], include_in_schema=False, response_class=Response)

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, with the schemas that its routes name."""
        document = super().openapi()
        document.setdefault("components", {})["schemas"] = self._components
        return document

    def _add_documentation(self) -> None:
        async def document(request: Request) -> Response:
            read_query(request, {})
            # Addresses begin at the prefix that the service is mounted under.
            prefix = request.scope.get("root_path", "")
            return JSONResponse(self.openapi() | ({"servers": [{"url": prefix}]} if prefix else {}))

        async def page(request: Request) -> Response:
            read_query(request, {})
            response = get_swagger_ui_html(
                openapi_url="openapi.json",
                title=self.title,
                swagger_js_url="docs-assets/swagger-ui-bundle.js",
                swagger_css_url="docs-assets/swagger-ui.css",
                swagger_favicon_url="data:,",
                swagger_ui_parameters={"validatorUrl": None},
            )
            response.headers["Content-Security-Policy"] = _CONTENT_SECURITY_POLICY
            return response

        self.add_route("/openapi.json", document, include_in_schema=False)
        self.add_route("/docs", page, include_in_schema=False)
        # The package carries Swagger UI's files; nothing is fetched from a content delivery network.
        with importlib.resources.as_file(importlib.resources.files("fastapi_offline") / "static") as assets:
            self.mount("/docs-assets", StaticFiles(directory=assets))


class _Fixed:
    """Answers at addresses that have nothing variable: found by one look, where a router tries them one by one."""

    def __init__(
        self, routes: Mapping[tuple[str, str], APIRoute], handlers: Mapping[Any, ExceptionHandler], others: ASGIApp
    ) -> None:
        """Take routes by method and path, the handlers of their exceptions, and the app for everything else."""
        self._routes = routes
        self._handlers = handlers
        self._others = others

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        route = None
        if scope["type"] == "http":
            route = self._routes.get((scope["method"], scope["path"].removeprefix(scope.get("root_path", ""))))
        if route is None:
            await self._others(scope, receive, send)
            return
        scope["route"] = route
        if "fastapi.telemetry" in scope:
            # FastAPI's spans have their route from its router, which fixed addresses do not go through.
            name_request(scope, route.path)
        request = Request(scope, receive, send)
        try:
            response = await route.endpoint(request)
        except Exception as error:
            handler = next((self._handlers[kind] for kind in type(error).__mro__ if kind in self._handlers), None)
            if handler is None:
                raise
            response = await handler(request, error)  # type: ignore[arg-type, misc]
        await response(scope, receive, send)


class _Observed:
    """Measures each request, writes its line, and answers for what nobody expected."""

    def __init__(self, app: ASGIApp, requests: RequestMetrics, tell: Tell) -> None:
        self._app = app
        self._tell = tell
        self._requests = requests

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        came = began = time.perf_counter()

        async def noting_status(message: Message) -> None:
            nonlocal status, began
            if message["type"] == "http.response.start":
                status, began = message["status"], time.perf_counter()
            await send(message)

        token = current_request.set(scope)
        try:
            await self._app(scope, receive, noting_status)
        except ClientDisconnect:
            _log.info("client left before the answer")
        except Exception:
            _log.exception("unexpected error")
            if status:
                # An answer has begun, as a stream: breaking off is all that can still be said.
                raise
            problem = Unavailable(f"an error that nobody expected; the service's log has it as {request_id(scope)}")
            answer = await self._tell(Request(scope), problem)
            await answer(scope, receive, noting_status)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            self._requests.answered(method, route, status, began - came)
            if status >= 400:
                _log.info("refused", method=scope["method"], route=route, status=status)
            current_request.reset(token)


_STATUS_ANSWER = {"description": "It is.", "content": {"application/json": {"schema": {"type": "object"}}}}
_METRICS_ANSWER = {"description": "Metrics.", "content": {"text/plain": {"schema": {"type": "string"}}}}
