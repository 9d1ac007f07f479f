"""Baselines: the figure of a year before the plan that a KPI is compared with at first."""

from collections.abc import Iterator, Sequence

from plan_registry import plan
from wco_common.decider import Key, States
from wco_common.event import Event
from wco_common.rules import Rule
from wco_events.fault import Fault


def _concerns(event: Event) -> Sequence[Key]:
    return (plan.KEY,)


def _of_a_kpi(event: Event, states: States) -> Iterator[Fault]:
    return plan.must_have("kpis", "/subject", event.subject, states)


SET = Rule(_concerns, _of_a_kpi)
