"""The catalogue: a plan as a file, adopted where no plan is recorded yet. One is shipped; any other can be named."""

import json
from importlib import resources
from pathlib import Path

from wco_common.cloudevents import Received
from wco_common.door import Door
from wco_common.event import Event
from wco_common.problem import Problem
from wco_common.sql_log import SqlLog
from wco_common.strict_json import Document, faults_in
from wco_embedded.refusal import Refusal
from wco_events.fault import Fault
from wco_events.registry import EVENT_TYPES

_SOURCE = "urn:wco-kpi:catalogue"
_ADOPTED = "org.wcoomd.plan.adopted.v1"
_SUFFIX = ".json"


def shipped_catalogue() -> Path:
    """Return the file of the plan that is shipped."""
    return Path(str(resources.files("wco_data") / "sp-2022-2025.json"))


def read_catalogue(file: Path) -> Event:
    """Return the event that adopts the plan in a file, whose name without `.json` is the plan's id.

    Raises Refusal with every mistake in it, and its place.
    """
    plan_id = file.name.removesuffix(_SUFFIX)
    try:
        plan = Document(file.read_bytes())
        adopted = {
            "specversion": "1.0",
            "id": plan_id,
            "source": _SOURCE,
            "type": _ADOPTED,
            "subject": plan_id,
            "data": plan.value,
        }
        faults = list(faults_in(plan.value, "data")) if plan.suspect else []
        (event,) = Door(EVENT_TYPES).admit([Received(adopted, faults)])
    except Problem as problem:
        mistakes = "".join(f"\n  {_mistake(fault)}" for fault in problem.faults) or f" {problem.detail}"
        raise Refusal(f"{file} is no catalogue:{mistakes}") from None
    return event


def _mistake(fault: Fault) -> str:
    if fault.pointer.startswith("/data"):
        return f"{fault.pointer.removeprefix('/data') or 'the whole'} {fault.detail}"
    return f"its name without {_SUFFIX}, the plan's id, {fault.detail}"


async def adopted_plan(plan_registry: SqlLog) -> str | None:
    """Return the id of the adopted plan, None where there is none."""
    for line in await plan_registry.read(0, 1, type=_ADOPTED):
        return str(json.loads(line.body)["subject"])
    return None


async def adopt(plan_registry: SqlLog, named: Event | None) -> str | None:
    """Have a plan adopted, and return the id of the one that is; None where a log that has begun was left without.

    `named` is the plan of a file that a person names; without it the shipped one begins an empty log. It is recorded
    as a client's event is: a crash leaves it adopted, or not, and then the next start does it. Raises Refusal when
    another plan than the named one is adopted.
    """
    plan = await adopted_plan(plan_registry)
    if plan is None and (named is not None or not (await plan_registry.head()).sequence):
        adopted = named or read_catalogue(shipped_catalogue())
        await plan_registry.appender.append([adopted])
        return adopted.subject
    if named is not None and plan != named.subject:
        raise Refusal(
            f"the plan {plan} is adopted here, and a log holds one plan: name another --data-dir for {named.subject}."
        )
    return plan
