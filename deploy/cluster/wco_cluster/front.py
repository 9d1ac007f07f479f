"""What speaks for all services at the one address, as a program: `uvicorn --factory wco_cluster.front:app`."""

from functools import partial

import httpx
from fastapi import FastAPI

from wco_cluster.proxy import ProxySettings
from wco_common.program import program
from wco_common.settings import ServiceSettings
from wco_embedded.front import readiness, speaking_for
from wco_embedded.services import SERVICES


def app() -> FastAPI:
    """Return the app, set up from the environment."""
    return program(lambda: _put_together(ProxySettings(), ServiceSettings()), (ProxySettings,))


def _put_together(settings: ProxySettings, service: ServiceSettings) -> FastAPI:
    """A service has twice the time that its own checks have."""
    timeout = 2 * service.readiness_timeout
    client = partial(httpx.AsyncClient, timeout=timeout, trust_env=False, verify=False)
    addresses = {name: f"http://{getattr(settings, name.replace('-', '_'))}" for name in SERVICES}
    return speaking_for(
        {name: readiness(partial(client, base_url=address)) for name, address in addresses.items()}, timeout
    )
