"""The services behind one address, asked over HTTP by the commands that take a URL."""

import json
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any, Self

import httpx
import msgspec

from wco_common.canonical import canonical
from wco_embedded.refusal import Refusal
from wco_embedded.settings import CommandSettings

PLAN_NOT_ADOPTED = "urn:wco-kpi:problem:plan-not-adopted"

_PASSING = frozenset({429, 502, 503, 504})
"""Statuses of an answer that may be another one soon: too much is waiting, or a log or what is before it is away."""


class ToldFault(msgspec.Struct, frozen=True):
    """One thing wrong with what was sent: a pointer into the event, what would be right, and which event of a batch."""

    pointer: str
    detail: str
    index: int | None = None


class _Problem(msgspec.Struct):
    """What is told of a problem (RFC 9457)."""

    type: str
    detail: str
    errors: list[ToldFault] = []


class Told(Refusal):
    """The services answer with a problem, or with another status that is no answer."""

    def __init__(self, answer: httpx.Response) -> None:
        try:
            problem = msgspec.json.decode(answer.read(), type=_Problem)
        except msgspec.DecodeError:
            problem = _Problem("", answer.reason_phrase)
        super().__init__(f"{answer.url} answers {answer.status_code}, {problem.detail}.")
        self.problem = problem.type
        """The type of the problem; empty where it is none."""
        self.faults = problem.errors


class Served:
    """Services that answer at `url`. Whatever they do not answer as they should is a Refusal."""

    def __init__(self, url: str, settings: CommandSettings) -> None:
        if not _is_address(url):
            raise Refusal(f"{url!r} is not an address such as http://127.0.0.1:8000.")
        self.url = url.rstrip("/")
        self._settings = settings
        timeout = httpx.Timeout(settings.answer_timeout, connect=settings.connect_timeout)
        self._client = httpx.Client(timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._client.close()

    def get(self, service: str, path: str, parameters: Mapping[str, str], shape: object) -> dict[str, Any]:
        """Return a service's answer, a JSON object that has at least what `shape` (for msgspec) names."""
        with self._answer(f"/{service}/{path}", parameters, "application/json") as answer:
            body = answer.read()
        try:
            told: dict[str, Any] = json.loads(body)
            msgspec.convert(told, shape)
        except (ValueError, RecursionError) as error:
            raise Refusal(f"{self.url}/{service} does not answer as that service does: {error}.") from None
        return told

    def post(self, log: str, events: Sequence[Mapping[str, Any]], *, dry_run: bool) -> None:
        """Have a log record a batch of events, or with `dry_run` check it. Raises Told, whose faults say what is wrong.

        While the log cannot take it, or it is not known whether it has, it is sent again: it has ids, so it is recorded
        once. After any other Refusal it may be recorded.
        """
        address = f"{self.url}/{log}/v1/events"
        request = self._client.build_request(
            "POST",
            address,
            params={"dry_run": "true"} if dry_run else {},
            headers={"Content-Type": "application/cloudevents-batch+json"},
            content=canonical(events),
        )
        until = time.monotonic() + self._settings.post_timeout
        while True:
            pause = self._settings.post_pause
            try:
                answer = self._client.send(request)
            except httpx.HTTPError as error:
                refusal = _no_answer(address, error)
            else:
                if answer.status_code in {200, 201}:
                    return
                refusal = Told(answer)
                if answer.status_code not in _PASSING:
                    raise refusal
                pause = _retry_after(answer, pause)
            if time.monotonic() + pause > until:
                raise refusal
            time.sleep(pause)

    def lines(self, path: str, parameters: Mapping[str, str] = MappingProxyType({})) -> Iterator[bytes]:
        """Yield the lines of an application/x-ndjson stream, without their ends."""
        with self._answer(path, parameters, "application/x-ndjson") as answer:
            rest = b""
            for chunk in answer.iter_bytes():
                *lines, rest = (rest + chunk).split(b"\n")
                yield from lines
            if rest:
                raise Refusal(f"{self.url}{path} broke off in the middle of a line.")

    @contextmanager
    def _answer(self, path: str, parameters: Mapping[str, str], accept: str) -> Iterator[httpx.Response]:
        address = f"{self.url}{path}"
        try:
            with self._client.stream("GET", address, params=parameters, headers={"Accept": accept}) as answer:
                if answer.status_code != 200:
                    raise Told(answer)
                yield answer
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise _no_answer(address, error) from None


def _no_answer(address: str, error: Exception) -> Refusal:
    return Refusal(f"{address} gives no answer: {error or type(error).__name__}.")


def _retry_after(answer: httpx.Response, otherwise: float) -> float:
    """Return after how many seconds an answer wants to be asked again, `otherwise` where it names none."""
    named = answer.headers.get("Retry-After", "")
    return int(named) if re.fullmatch("[0-9]{1,9}", named) else otherwise


def _is_address(url: str) -> bool:
    """Whether a path can be added to it."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        return False
    return parsed.scheme in {"http", "https"} and bool(parsed.host) and not parsed.query and not parsed.fragment
