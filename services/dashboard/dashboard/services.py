"""The four services, asked over HTTP as any other client asks them: the dashboard has no other way to know anything."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlsplit

import httpx
import msgspec

from wco_common import problem
from wco_common.problem import CommitUnknown, Problem, Unavailable
from wco_common.shared import Shared
from wco_events.fault import Fault

T = TypeVar("T")

PROBLEMS: Mapping[str, type[Problem]] = {kind.slug: kind for kind in Problem.__subclasses__()}
"""Every problem that a service can answer with, by its slug."""

_PREFIX = "urn:wco-kpi:problem:"
_EVENT = "application/cloudevents+json"


class _Fault(msgspec.Struct):
    pointer: str
    detail: str


class _Problem(msgspec.Struct):
    type: str
    detail: str
    errors: list[_Fault] = []


class Answer(msgspec.Struct, Generic[T], frozen=True):
    """What a service answered: what it says, its bytes, its entity tag, and the addresses of the pages beside it."""

    told: T
    content: bytes
    etag: str
    following: str | None
    before: str | None = None

    @property
    def cursor(self) -> str | None:
        """The cursor of the next page; None behind the last one."""
        return None if (following := self.query_of_following) is None else following["cursor"]

    @property
    def cursor_before(self) -> str | None:
        """The cursor of the page before; None where there is none, or the service leads to none."""
        return None if self.before is None else dict(parse_qsl(urlsplit(self.before).query))["cursor"]

    @property
    def query_of_following(self) -> dict[str, str] | None:
        """What to ask the same path for the next page; None behind the last one."""
        return None if self.following is None else dict(parse_qsl(urlsplit(self.following).query))


class Receipt(msgspec.Struct, frozen=True):
    """What a log answers for an event: where it stands or, of a dry run, would; and whether it stood there before."""

    sequence: int
    duplicate: bool


class Services:
    """Asks the services. Whatever one answers that is no answer is raised as the problem that it is."""

    def __init__(self, clients: Mapping[str, httpx.AsyncClient], kept: int) -> None:
        """Ask over a client for each service by name; keep so many answers of each that will never be others."""
        self._clients = clients
        self._lasting: Mapping[str, Shared[str, Answer[Any]]] = {name: Shared(kept) for name in clients}

    async def aclose(self) -> None:
        """Ask nothing more."""
        for answers in self._lasting.values():
            await answers.stop()
        async with AsyncExitStack() as stack:
            for client in self._clients.values():
                stack.push_async_callback(client.aclose)

    async def get(self, service: str, path: str, query: Mapping[str, str], shape: type[T]) -> Answer[T]:
        """Return an answer of now, as a `shape`. Raises Problem."""
        return await self._ask(service, _address(path, query), shape)

    async def lasting(self, service: str, path: str, query: Mapping[str, str], shape: type[T]) -> Answer[T]:
        """Return an answer that will be the same for ever: of a past moment, or an event. Raises Problem."""
        address = _address(path, query)
        answer: Answer[Any] = await self._lasting[service].get(address, lambda: self._ask(service, address, shape))
        return answer

    async def post(self, log: str, event: bytes, *, dry_run: bool) -> Receipt:
        """Send an event, to be recorded or to see what would become of it. Raises Problem."""
        try:
            answer = await self._clients[log].post(
                "v1/events" + ("?dry_run=true" if dry_run else ""), content=event, headers={"Content-Type": _EVENT}
            )
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout):
            raise Unavailable(f"{log} cannot be asked") from None
        except httpx.HTTPError as error:
            # It was on its way: whether it came, nobody knows.
            raise CommitUnknown(f"{log} did not answer: {type(error).__name__}") from None
        # What is no answer of a log's may stand between it and us, and says nothing of what the log has done.
        otherwise = Unavailable if dry_run else CommitUnknown
        if not answer.is_success:
            raise _told(log, answer, otherwise)
        return _read(log, answer, Receipt, otherwise)

    async def ready(self, service: str) -> str | None:
        """Say why a service cannot be asked, or None."""
        answer = await self._clients[service].get("livez")
        return None if answer.is_success else f"answers {answer.status_code}"

    async def _ask(self, service: str, address: str, shape: type[T]) -> Answer[T]:
        try:
            answer = await self._clients[service].get(address, headers={"Accept": "application/json, */*;q=0.5"})
        except httpx.TimeoutException:
            raise problem.NotReached(f"{service} did not answer in time") from None
        except httpx.HTTPError as error:
            raise Unavailable(f"{service} cannot be asked: {type(error).__name__}") from None
        if not answer.is_success:
            raise _told(service, answer)
        told = _read(service, answer, shape)
        following, before = (answer.links.get(rel, {}).get("url") for rel in ("next", "prev"))
        return Answer(told, answer.content, answer.headers.get("etag", ""), following, before)


def _read(service: str, answer: httpx.Response, shape: type[T], otherwise: type[Problem] = Unavailable) -> T:
    try:
        return msgspec.json.decode(answer.content, type=shape)
    except msgspec.MsgspecError as error:
        raise otherwise(f"{service} answers otherwise than that service does: {error}") from None


def _address(path: str, query: Mapping[str, str]) -> str:
    return str(httpx.URL(path, params=dict(sorted(query.items())))) if query else path


def _told(service: str, answer: httpx.Response, otherwise: type[Problem] = Unavailable) -> Problem:
    """Return the problem that a service told of, or another where what it told is none that services have."""
    try:
        told = msgspec.json.decode(answer.content, type=_Problem)
    except msgspec.MsgspecError:
        told = _Problem("", f"{service} answers {answer.status_code} {answer.reason_phrase}")
    kind = PROBLEMS.get(told.type.removeprefix(_PREFIX), otherwise)
    return kind(told.detail, [Fault(fault.pointer, fault.detail) for fault in told.errors])
