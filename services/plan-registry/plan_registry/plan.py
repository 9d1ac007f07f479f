"""The plan: adopted once a log, then revised; and what other events may take for existing because it has it."""

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from wco_common.decider import Key, State, States
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault, pointer

KEY: Key = ("plan", "adopted")
"""Where the one plan of a log is kept: its id, its periods' dates, its objectives' layers, its KPIs' ids."""

_NAMED_AT_MOST = 40
"""How many ids a message names, so that a refusal of hundreds of actions stays readable."""


def must_be_adopted(at: str, name: str, states: States) -> Iterator[Fault]:
    """Yield a fault unless the plan of that id is the adopted one."""
    plan = states[KEY]
    if plan is None:
        yield Fault(at, f"plan {name} does not exist: no plan is adopted yet")
    elif plan["id"] != name:
        yield Fault(at, f"plan {name} does not exist: the adopted plan is {plan['id']}")


def must_have(what: str, at: str, name: str, states: States) -> Iterator[Fault]:
    """Yield a fault unless the adopted plan has this one of its `periods`, `objectives` or `kpis`."""
    plan = states[KEY]
    if plan is None:
        yield Fault(at, f"{name} is not one of the {what}: no plan is adopted yet")
    elif name not in plan[what]:
        yield Fault(at, f"{name} is not one of the {what} of plan {plan['id']}: {_listed(plan[what])}")


def _listed(names: Collection[str]) -> str:
    first = list(names)[:_NAMED_AT_MOST]
    return ", ".join(first) + (" …" if len(first) < len(names) else "")


def _concerns(event: Event) -> Sequence[Key]:
    return (KEY,)


def _state(event: Event, states: States) -> dict[Key, State]:
    return {
        KEY: {
            "id": event.subject,
            "periods": {period["id"]: [period["starts_on"], period["ends_on"]] for period in event.data["periods"]},
            "objectives": {objective["id"]: objective["layer"] for objective in event.data["objectives"]},
            "kpis": [kpi["id"] for kpi in event.data["kpis"]],
        }
    }


def _no_plan_before(event: Event, states: States) -> Iterator[Fault]:
    plan = states[KEY]
    if plan is not None:
        yield Fault(
            "/subject",
            f"plan {plan['id']} is adopted already, once a log: revise it with plan.revised; "
            "another plan starts new logs",
        )


def _drops_and_moves_nothing(event: Event, states: States) -> Iterator[Fault]:
    yield from must_be_adopted("/subject", event.subject, states)
    plan = states[KEY]
    if plan is None or plan["id"] != event.subject:
        return
    for what in ("periods", "objectives", "kpis"):
        kept = {part["id"] for part in event.data[what]}
        for name in plan[what]:
            if name not in kept:
                yield Fault(pointer("data", what), f"{name} is missing: a revision drops none of the {what}")
    for index, period in enumerate(event.data["periods"]):
        yield from _moved(index, period, plan["periods"].get(period["id"]))


def _moved(index: int, period: dict[str, Any], recorded: Sequence[str] | None) -> Iterator[Fault]:
    for field, on in zip(("starts_on", "ends_on"), recorded or (), strict=False):
        if period[field] != on:
            yield Fault(
                pointer("data", "periods", index, field),
                f"a revision moves no period: {period['id']} has {field} {on}",
            )


ADOPTED = Rule(_concerns, _no_plan_before, _state)
REVISED = Rule(_concerns, _drops_and_moves_nothing, _state)
