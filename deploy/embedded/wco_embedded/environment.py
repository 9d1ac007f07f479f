"""The environment, looked through before a command does anything: wrong values stop it, unknown names are told."""

import os
import sys
from collections.abc import Collection

from dashboard.settings import DashboardSettings
from kpi_projector.settings import ProjectorSettings
from wco_common import log_service
from wco_common.settings import ServiceSettings, Settings, WrongSettings, unknown_variables
from wco_common.span_export import OtelSettings
from wco_common.structured_log import configure_logging
from wco_embedded.options import OPTIONS
from wco_embedded.services import SERVICES
from wco_embedded.settings import CommandSettings, ImportSettings
from wco_events.event_type import LOG_NAMES

SETTINGS: tuple[type[Settings], ...] = (
    *log_service.SETTINGS,
    ProjectorSettings,
    DashboardSettings,
    CommandSettings,
    ImportSettings,
    OtelSettings,
)
"""All that the commands read."""

_IN_PLACE = {
    "database_url": "sqlite:///",
    "bootstrap_servers": "kafka:9092",
    "log": LOG_NAMES[0],
    **{service.replace("-", "_"): "http://service" for service in SERVICES},
}
"""Of what has no default, and is named by the commands themselves."""


def look_through_environment(
    settings: Collection[type[Settings]] = SETTINGS, options: Collection[str] = OPTIONS
) -> None:
    """Raise WrongSettings with every variable that cannot be taken; warn of those that set nothing."""
    known = {variable for kind in settings for variable in kind.variables()}
    for sentence in unknown_variables(os.environ, known | set(options)):
        print(f"wco-kpi: {sentence}", file=sys.stderr)
    faults: list[str] = []
    for kind in settings:
        try:
            kind(**{name: value for name, value in _IN_PLACE.items() if name in kind.model_fields})
        except WrongSettings as wrong:
            faults += wrong.faults
    if faults:
        raise WrongSettings(faults)


def log_for_a_person() -> ServiceSettings:
    """Have log lines written for a person at a terminal, unless the environment says otherwise; return what holds."""
    settings = ServiceSettings()
    at_a_terminal = {"log_level": "warning", "log_format": "console"}
    settings = settings.model_copy(
        update={name: value for name, value in at_a_terminal.items() if name not in settings.model_fields_set}
    )
    configure_logging(settings.log_level, settings.log_format)
    return settings
