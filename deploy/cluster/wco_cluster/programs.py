"""The programs of a cluster: which there are, and what each is told by its environment."""

import secrets
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import URL

from wco_cluster.databases import Databases, text
from wco_cluster.part import Part, free_port
from wco_cluster.proxy import ProxySettings, proxy
from wco_cluster.web import web
from wco_embedded.port import HOST
from wco_embedded.services import PROJECTOR, SERVICES
from wco_events.event_type import LOG_NAMES

APPS: Mapping[str, str] = {
    **{log: f"{log.replace('-', '_')}.app:app" for log in LOG_NAMES},
    **{f"relay-{log}": "wco_common.relay_app:app" for log in LOG_NAMES},
    PROJECTOR: "kpi_projector.program:app",
    "front": "wco_cluster.front:app",
    "dashboard": "dashboard.app:app",
}
"""What uvicorn serves as each program: a module, and in it what makes the app."""

FEW_CONNECTIONS = {"WCO_KPI_DATABASE_POOL_SIZE": "2", "WCO_KPI_DATABASE_POOL_OVERFLOW": "2"}
"""To its database, of a program that answers nobody's questions."""


Via = Callable[[str, int], int]
"""Says at which port a server is reached on a way that has a name: not its own, where something stands between."""


class Programs(NamedTuple):
    """The parts that are programs of ours, and the proxy in front of them."""

    services: list[Part]
    proxy: Part


def variable(service: str) -> str:
    """Return a service's name as a database's, a role's and a setting's."""
    return service.replace("-", "_")


def directly(way: str, port: int) -> int:
    """Let nothing stand between."""
    return port


def databases(server: URL, via: Via = directly) -> Databases:
    """Name the services' databases in a server, each with a role of its name; passwords are new ones."""

    def database(service: str) -> URL:
        name, port = variable(service), via(f"postgres/{service}", server.port or 0)
        return server.set(username=name, password=secrets.token_urlsafe(24), database=name, port=port)

    return Databases({log: database(log) for log in LOG_NAMES}, database(PROJECTOR))


def programs(folder: Path, where: Databases, kafka: str, port: int, common: Mapping[str, str]) -> Programs:
    """Return the parts, with their outputs in a folder each; `common` is told to all, `port` is the proxy's."""
    ports = {name: free_port() for name in APPS}
    addresses = {name: f"{HOST}:{ports[name]}" for name in (*where.logs, PROJECTOR, "front", "dashboard")}
    settings = ProxySettings.model_validate(
        {"host": HOST, "port": port} | {variable(name): at for name, at in addresses.items()}
    )
    brokers = {"WCO_KPI_KAFKA_BOOTSTRAP_SERVERS": kafka}

    def program(name: str, environment: Mapping[str, str], prefix: str = "") -> Part:
        return web(folder / name, name, APPS[name], ports[name], {**common, **environment}, prefix)

    services = [program("front", settings.environment())]
    asked = {f"WCO_KPI_DASHBOARD_AT_{variable(each).upper()}": f"http://{addresses[each]}" for each in SERVICES}
    services.append(program("dashboard", asked))
    for log, at in where.logs.items():
        database = {"WCO_KPI_DATABASE_URL": text(at)}
        services.append(program(log, database, f"/{log}"))
        services.append(program(f"relay-{log}", {**database, **brokers, **FEW_CONNECTIONS, "WCO_KPI_RELAY_LOG": log}))
    asked = {f"WCO_KPI_LOG_CLIENT_{variable(log).upper()}": f"http://{addresses[log]}" for log in where.logs}
    database = {"WCO_KPI_PROJECTOR_DATABASE_URL": text(where.projector)}
    services.append(program(PROJECTOR, {**database, **brokers, **asked}, f"/{PROJECTOR}"))
    return Programs(services, proxy(folder / "proxy", settings))
