"""The plan that is shipped, adopted where nothing is recorded yet."""

import json
from importlib import resources

from wco_common.cloudevents import Received
from wco_common.door import Door
from wco_common.sql_log import SqlLog
from wco_events.registry import EVENT_TYPES

CATALOGUE = "sp-2022-2025"
"""The id of the shipped plan, and of the event that adopts it."""

_SOURCE = "urn:wco-kpi:catalogue"


async def adopt_catalogue(plan_registry: SqlLog) -> None:
    """Adopt the shipped plan, unless the log has begun already.

    Recorded as a client's event is. A crash leaves an empty log, for the next start to do it, or the plan adopted.
    """
    if (await plan_registry.head()).sequence:
        return
    plan = json.loads((resources.files("wco_data") / f"{CATALOGUE}.json").read_bytes())
    adopted = {
        "specversion": "1.0",
        "id": CATALOGUE,
        "source": _SOURCE,
        "type": "org.wcoomd.plan.adopted.v1",
        "subject": CATALOGUE,
        "data": plan,
    }
    await plan_registry.appender.append(Door(EVENT_TYPES).admit([Received(adopted)]))
