"""Is the process alive, is it ready, what does it measure: /livez, /readyz and /metrics."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping

import msgspec
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from wco_common.problem import Unavailable
from wco_common.query import read_query
from wco_events.fault import Fault, pointer

Check = Callable[[], Awaitable[str | None]]
"""Says why the service is not ready, or None when this is no hindrance. An exception is a hindrance too."""


class Health:
    """What a service says of itself.

    `checks` by name; each has `timeout` seconds. `tells` is what /readyz says beside, of a service that is ready.
    """

    def __init__(
        self,
        checks: Mapping[str, Check],
        timeout: float,
        registry: CollectorRegistry,
        tells: Callable[[], dict[str, object]] = dict,
    ) -> None:
        self._checks = checks
        self._timeout = timeout
        self._registry = registry
        self._tells = tells

    async def livez(self, request: Request) -> Response:
        """Say that the process answers. It looks at nothing else: a restart would not mend a database."""
        read_query(request, {})
        return _json({"status": "alive"})

    async def readyz(self, request: Request) -> Response:
        """Say whether the service can do its work now, and if not, what hinders it."""
        read_query(request, {})
        reasons = await self.hindrances()
        if reasons:
            raise Unavailable(
                "not ready: " + "; ".join(f"{name} {reason}" for name, reason in reasons.items()),
                [Fault(pointer(name), reason) for name, reason in reasons.items()],
            )
        return _json({"status": "ready", "checks": list(self._checks)} | self._tells())

    async def metrics(self, request: Request) -> Response:
        """Return the service's metrics in Prometheus' text format."""
        read_query(request, {})
        return Response(generate_latest(self._registry), media_type=CONTENT_TYPE_LATEST)

    async def hindrances(self) -> dict[str, str]:
        """Run the checks side by side and return the reasons of those that hinder, by name."""
        reasons = await asyncio.gather(*(self._run(check) for check in self._checks.values()))
        return {name: reason for name, reason in zip(self._checks, reasons, strict=True) if reason is not None}

    async def _run(self, check: Check) -> str | None:
        try:
            async with asyncio.timeout(self._timeout):
                return await check()
        except TimeoutError:
            return f"gave no answer in {self._timeout:g} s"
        except Exception as error:
            return f"failed: {type(error).__name__}"


def _json(body: dict[str, object]) -> Response:
    return Response(msgspec.json.encode(body), media_type="application/json", headers={"Cache-Control": "no-store"})
