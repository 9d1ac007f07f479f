"""A log asked over HTTP: what only it can say, when all that is known of it otherwise comes late or with holes."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

import httpx
import msgspec
from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_common.cloudevents import BATCHED
from wco_common.instant import Instant, format_instant, parse_instant
from wco_common.log import Head, Line
from wco_common.problem import Unavailable
from wco_common.settings import PREFIX, Settings
from wco_events.event_type import LogName

T = TypeVar("T")

_ADDRESS = "^https?://.+"

MOST_LINES = 1_000
"""Events that a log gives in one page."""


class LogClientSettings(Settings):
    """Where the log services are, and how long they may take. Times in seconds."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}LOG_CLIENT_")

    plan_registry: str = Field(pattern=_ADDRESS, description="The address of plan-registry, as http://127.0.0.1:8001.")
    survey_intake: str = Field(pattern=_ADDRESS, description="The address of survey-intake.")
    operations_feed: str = Field(pattern=_ADDRESS, description="The address of operations-feed.")
    connect_timeout: float = Field(2, gt=0, description="For a log service to take a connection.")
    answer_timeout: float = Field(5, gt=0, description="For a log service to answer a request.")
    mark_timeout: float = Field(5, gt=0, description="For what a log service has closed to come back by its marks.")
    connections: int = Field(10, ge=1, description="To each log service, at most.")

    def address(self, log: LogName) -> str:
        """Return the address of a log's service."""
        return {
            "plan-registry": self.plan_registry,
            "survey-intake": self.survey_intake,
            "operations-feed": self.operations_feed,
        }[log]


class _Head(msgspec.Struct):
    log: LogName
    sequence: Annotated[int, msgspec.Meta(ge=0)]
    closed_time: str


class _Sequenced(msgspec.Struct):
    sequence: str


_decode_sequenced = msgspec.json.Decoder(_Sequenced).decode


class LogClient:
    """Asks the service of one log. Raises Unavailable where it does not answer as that service does."""

    def __init__(self, log: LogName, http: httpx.AsyncClient) -> None:
        """Ask over a client whose base URL is the service's."""
        self._log = log
        self._http = http

    async def close(self, least: Instant = 0) -> Head:
        """Have the log closed, up to `least` where that is later than its clock, and return its head after it."""
        parameters = {"least": format_instant(least)} if least else {}
        told = await self._ask("POST", "internal/close", parameters, _Head)
        if told.log != self._log:
            raise Unavailable(f"at the address of {self._log} {told.log} answers")
        return Head(told.sequence, parse_instant(told.closed_time))

    async def lines(self, after: int, limit: int) -> Sequence[Line]:
        """Return up to `limit` events after a position, as they were recorded; at most MOST_LINES."""
        parameters = {"after": str(after), "limit": str(min(limit, MOST_LINES))}
        page = await self._ask("GET", "v1/events", parameters, list[msgspec.Raw])
        try:
            return [Line(int(_decode_sequenced(body).sequence), bytes(body)) for body in page]
        except (msgspec.MsgspecError, ValueError) as error:
            raise self._wrong(str(error)) from None

    async def _ask(self, method: str, path: str, parameters: dict[str, str], shape: type[T]) -> T:
        try:
            answer = await self._http.request(method, path, params=parameters, headers={"Accept": _ACCEPTED})
            if answer.status_code != 200:
                raise self._wrong(f"it answers {answer.status_code}: {_detail(answer)}")
            return msgspec.json.decode(answer.content, type=shape)
        except httpx.HTTPError as error:
            raise self._wrong(str(error) or type(error).__name__) from None
        except msgspec.MsgspecError as error:
            raise self._wrong(f"its answer is another than a log's: {error}") from None

    def _wrong(self, why: str) -> Unavailable:
        return Unavailable(f"{self._log} cannot be asked: {why}")


_ACCEPTED = f"{BATCHED}, application/json"


def _detail(answer: httpx.Response) -> Any:
    """Return what a problem says of itself, or what the status does."""
    try:
        return msgspec.json.decode(answer.content, type=dict[str, Any]).get("detail", answer.reason_phrase)
    except msgspec.MsgspecError:
        return answer.reason_phrase


def http_client(log: LogName, settings: LogClientSettings) -> httpx.AsyncClient:
    """Return a client for the service of a log; who asked for it closes it."""
    return httpx.AsyncClient(
        base_url=settings.address(log),
        timeout=httpx.Timeout(settings.answer_timeout, connect=settings.connect_timeout),
        limits=httpx.Limits(max_connections=settings.connections),
        trust_env=False,  # the services are neighbours: no proxy stands between
    )
