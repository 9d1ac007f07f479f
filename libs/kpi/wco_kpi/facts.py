"""What each event type says of facts: which it touches, and what it makes of them.

An event type that stands in no table here gives no fact its content: a start, a reschedule of an action, a
closing. Contents are plain JSON, and hold what the KPIs and their evidence need and nothing else.
"""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from wco_common.event import FoldedEvent
from wco_events.event_type import type_of
from wco_kpi.cell import Address, address_of

Data = Mapping[str, Any]
Facts = tuple[
    Callable[[FoldedEvent], Sequence[Address]],
    Callable[[FoldedEvent, Address, Any], Any],
]
"""The addresses of the facts that an event touches, and the new content of one of them, given the old.

A content function raises (KeyError, TypeError) when the event cannot follow on what is recorded.
"""

MONEY_UNIT = Decimal("0.000001")
"""Money is counted in millionths of the currency's unit."""


def _key(kind: str) -> Callable[[FoldedEvent], Sequence[Address]]:
    """Return the addresses of an event whose subject is the fact's key, all of a kind in one group."""
    return lambda event: (address_of((kind, "", event.subject)),)


def _group(kind: str) -> Callable[[FoldedEvent], Sequence[Address]]:
    """Return the addresses of an event whose subject is a group of one cell."""
    return lambda event: (address_of((kind, event.subject, "")),)


def _nothing(event: FoldedEvent, address: Address, old: Any) -> None:
    return None


# plan-registry


def _plan(event: FoldedEvent, address: Address, old: Any) -> Any:
    return {"id": event.subject, "plan": {name: value for name, value in event.data.items() if name != "reason"}}


def _members(event: FoldedEvent, address: Address, old: Any) -> Any:
    return {member["iso3"]: member["region"] for member in event.data["members"]}


def _review(event: FoldedEvent, address: Address, old: Any) -> Any:
    kept = {name: old[name] for name in ("introduced", "title") if name in old} if old else {}
    introduced = {"introduced": True} if event.data["decision"] == "introduced" else {}
    return kept | introduced | event.data


def _published_actions(event: FoldedEvent) -> Sequence[Address]:
    return [Address("action", "", action["id"]) for action in event.data["actions"]]


def _published_action(event: FoldedEvent, address: Address, old: Any) -> Any:
    action = next(action for action in event.data["actions"] if action["id"] == address.key)
    return {"period": event.data["period"], "objective": action["objective"], "state": "open"}


def _added_action(event: FoldedEvent, address: Address, old: Any) -> Any:
    return {"period": event.data["period"], "objective": event.data["objective"], "state": "open"}


def _state(state: str) -> Callable[[FoldedEvent, Address, Any], Any]:
    return lambda event, address, old: old | {"state": state}


# survey-intake


def _opened(event: FoldedEvent, address: Address, old: Any) -> Any:
    data = event.data
    return {
        "kind": data["kind"],
        "committee": data.get("committee", ""),
        "closes_on": data["closes_on"],
        "min": data["scale"]["min"],
        "max": data["scale"]["max"],
        "invited": len(set(data["invited"])) if "invited" in data else None,
        "opened": int(event.sequence),
    }


def _rescheduled(event: FoldedEvent, address: Address, old: Any) -> Any:
    return old | {"closes_on": event.data["closes_on"]}


def _cancelled(event: FoldedEvent, address: Address, old: Any) -> Any:
    return old | {"cancelled": True}


def _respondent(event: FoldedEvent) -> Sequence[Address]:
    data = event.data
    return (address_of(("submission", event.subject, f"{data['member']}/{data.get('respondent', '')}")),)


def _submission(event: FoldedEvent, address: Address, old: Any) -> Any:
    submission = {"ratings": event.data["ratings"]}
    if answers := event.data.get("instruments"):
        # By instrument, and short: every instruments KPI looks its own ones up in every submission.
        submission["instruments"] = {
            answer["instrument"]: [answer["status"], *answer.get("reasons", ())] for answer in answers
        }
    return submission


# operations-feed


def _operation(event: FoldedEvent, address: Address, old: Any) -> Any:
    return {"ends_on": event.data["ends_on"]}


def _report_address(event: FoldedEvent) -> Sequence[Address]:
    return (address_of(("report", event.data["operation"], event.data["report"])),)


def _report(event: FoldedEvent, address: Address, old: Any) -> Any:
    return {"seizures": event.data["seizures"]}


def _stage(event: FoldedEvent) -> Sequence[Address]:
    return (Address("published", event.subject, event.data["stage"]),)


def _published(event: FoldedEvent, address: Address, old: Any) -> Any:
    categories = {
        category["category"]: category["seizures"]
        for category in event.data.get("by_category", ())
        if "seizures" in category
    }
    return {"seizures": event.data["totals"].get("seizures"), "by_category": categories}


def _step_address(event: FoldedEvent) -> Sequence[Address]:
    return (Address("step", "", f"{event.subject}/{event.data['step']}"),)


def _step(event: FoldedEvent, address: Address, old: Any) -> Any:
    return {"on": event.data["on"], "objectives": sorted(set(event.data["objectives"]))}


def _activity(event: FoldedEvent, address: Address, old: Any) -> Any:
    data = event.data
    activity: dict[str, Any] = {
        "delivered_on": data["delivered_on"],
        "delivered_by": data["delivered_by"],
        "aligned_with": sorted(set(data["aligned_with"])),
    }
    if "cost" in data:
        activity["cost"] = int(Decimal(data["cost"]["amount"]) / MONEY_UNIT)
    return activity


def _accreditation(event: FoldedEvent) -> dict[str, Any]:
    data = event.data
    given = {"status": data["status"], "employer": data["employer"], "accredited_on": data["accredited_on"]}
    if "expires_on" in data:
        given["expires_on"] = data["expires_on"]
    return given | {"sequence": int(event.sequence)}


def _accredited(event: FoldedEvent, address: Address, old: Any) -> Any:
    return [*(old or ()), _accreditation(event)]


def _accreditation_corrected(event: FoldedEvent, address: Address, old: Any) -> Any:
    ended = {"ended_on": old[-1]["ended_on"]} if "ended_on" in old[-1] else {}
    return [*old[:-1], _accreditation(event) | ended]


def _accreditation_ended(event: FoldedEvent, address: Address, old: Any) -> Any:
    return [*old[:-1], old[-1] | {"ended_on": event.data["ended_on"], "sequence": int(event.sequence)}]


FACTS: dict[str, Facts] = {
    type_of(name): facts
    for name, facts in {
        "plan.adopted": (lambda event: (Address("plan", "", ""),), _plan),
        "plan.revised": (lambda event: (Address("plan", "", ""),), _plan),
        "members.listed": (lambda event: (Address("members", "", event.data["effective_on"]),), _members),
        "baseline.set": (_key("baseline"), lambda event, address, old: event.data["value"]),
        "focus-area.reviewed": (_key("focus-area"), _review),
        "implementation-plan.published": (_published_actions, _published_action),
        "action.added": (_key("action"), _added_action),
        "action.completed": (_key("action"), _state("completed")),
        "action.reopened": (_key("action"), _state("open")),
        "action.withdrawn": (_key("action"), _state("withdrawn")),
        "survey.opened": (_group("survey"), _opened),
        "survey.rescheduled": (_group("survey"), _rescheduled),
        "survey.cancelled": (_group("survey"), _cancelled),
        "survey.submitted": (_respondent, _submission),
        "survey.withdrawn": (_respondent, _nothing),
        "operation.launched": (_group("operation"), _operation),
        "operation.revised": (_group("operation"), _operation),
        "operation.cancelled": (_group("operation"), _cancelled),
        "seizure.reported": (_report_address, _report),
        "seizure.corrected": (_report_address, _report),
        "seizure.retracted": (_report_address, _nothing),
        "operation.report-published": (_stage, _published),
        "partnership.reviewed": (_step_address, _step),
        "partnership.upgraded": (_step_address, _step),
        "partnership.step-retracted": (_step_address, _nothing),
        "assistance.delivered": (_key("activity"), _activity),
        "assistance.corrected": (_key("activity"), _activity),
        "assistance.retracted": (_key("activity"), _nothing),
        "expert.accredited": (_key("expert"), _accredited),
        "expert.accreditation-corrected": (_key("expert"), _accreditation_corrected),
        "expert.accreditation-ended": (_key("expert"), _accreditation_ended),
    }.items()
}
"""The facts of each event type, by its full type."""
