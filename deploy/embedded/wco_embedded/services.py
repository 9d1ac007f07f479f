"""The names of the services, as they stand in addresses and names of databases."""

from wco_events.event_type import LOG_NAMES

PROJECTOR = "kpi-projector"
SERVICES = (*LOG_NAMES, PROJECTOR)
