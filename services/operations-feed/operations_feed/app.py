"""operations-feed put together, and as a program of its own: `uvicorn --factory operations_feed.app:app`."""

from fastapi import FastAPI

from operations_feed.decide import OperationsFeedDecider
from operations_feed.lists import LISTS
from wco_common.log_service import LogService, alone
from wco_common.settings import LogSettings
from wco_common.span_export import NOT_EXPORTED, SpanExport


def service(settings: LogSettings, spans: SpanExport = NOT_EXPORTED) -> LogService:
    """Return the service, for whoever enters it."""
    return LogService("operations-feed", OperationsFeedDecider(), settings, lists=LISTS, spans=spans)


def app() -> FastAPI:
    """Return the service set up from the environment, opened and closed by the server that runs it."""
    return alone(service)
