"""The environment, looked through before a command does anything: wrong values stop it, unknown names are told."""

import os
import sys

from kpi_projector.settings import ProjectorSettings
from wco_common import log_service
from wco_common.settings import Settings, WrongSettings, unknown_variables
from wco_embedded.options import OPTIONS
from wco_embedded.settings import CommandSettings

SETTINGS: tuple[type[Settings], ...] = (*log_service.SETTINGS, ProjectorSettings, CommandSettings)
"""All that the commands read."""

_A_DATABASE = "sqlite:///"
"""In place of the databases, which the commands name themselves."""


def look_through_environment() -> None:
    """Raise WrongSettings with every variable that cannot be taken; warn of those that set nothing."""
    known = {variable for kind in SETTINGS for variable in kind.variables()}
    for sentence in unknown_variables(os.environ, known | set(OPTIONS)):
        print(f"wco-kpi: {sentence}", file=sys.stderr)
    faults: list[str] = []
    for kind in SETTINGS:
        try:
            kind(**({"database_url": _A_DATABASE} if "database_url" in kind.model_fields else {}))
        except WrongSettings as wrong:
            faults += wrong.faults
    if faults:
        raise WrongSettings(faults)
