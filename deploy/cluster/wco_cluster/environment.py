"""The environment of a cluster, looked through before anything is started: its parts read it too."""

import dashboard.app
from kpi_projector import program as projector
from wco_cluster.options import OPTIONS
from wco_cluster.proxy import ProxySettings
from wco_cluster.settings import ClusterSettings, ReaderSettings
from wco_common import relay_app
from wco_common.settings import Settings
from wco_embedded import environment

SETTINGS: tuple[type[Settings], ...] = tuple(
    dict.fromkeys(
        (
            *environment.SETTINGS,
            *relay_app.SETTINGS,
            *projector.SETTINGS,
            *dashboard.app.SETTINGS,
            ClusterSettings,
            ReaderSettings,
            ProxySettings,
        )
    )
)
"""All that the command and its parts read."""


def look_through_environment() -> None:
    """Raise WrongSettings with every variable that cannot be taken; warn of those that set nothing."""
    environment.look_through_environment(SETTINGS, OPTIONS)
