"""The three log services, by the names of their logs."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import operations_feed.app
import plan_registry.app
import survey_intake.app
from wco_common.log_service import LogService
from wco_common.settings import LogSettings
from wco_events.event_type import LogName

SERVICES: Mapping[LogName, Callable[[LogSettings], LogService]] = MappingProxyType(
    {
        "plan-registry": plan_registry.app.service,
        "survey-intake": survey_intake.app.service,
        "operations-feed": operations_feed.app.service,
    }
)
