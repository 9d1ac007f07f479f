"""A small domain for tests of the log: accounts that are opened, paid into and closed."""

from collections.abc import Collection
from itertools import count
from typing import Any

from pydantic import BaseModel, ConfigDict

from wco_common.decider import Key, State, States
from wco_common.event import Event
from wco_events.event_type import EventType, LogName
from wco_events.fault import Fault

LOG: LogName = "operations-feed"


class Opened(BaseModel):
    model_config = ConfigDict(extra="forbid")
    owner: str


class Paid(BaseModel):
    model_config = ConfigDict(extra="forbid")
    amount: int
    paid_on: str = "2024-01-01"
    to: str | None = None


OPENED = EventType(LOG, "account.opened", "An account is opened.", Opened, {})
PAID = EventType(LOG, "account.paid", "Money comes in, or is moved to another account.", Paid, {}, ("paid_on",))
NOTED = EventType(LOG, "note.taken", "Something that concerns nothing else.", Opened, {})
EVENT_TYPES = {one.type: one for one in (OPENED, PAID, NOTED)}

_ids = count(1)


def opened(account: str, id: str | None = None, *, owner: str = "Ada") -> Event:
    return event_of(OPENED, account, id, {"owner": owner})


def paid(account: str, id: str | None = None, **data: Any) -> Event:
    return event_of(PAID, account, id, {"amount": 1} | data)


def noted(subject: str, id: str | None = None, *, owner: str = "Ada") -> Event:
    return event_of(NOTED, subject, id, {"owner": owner})


def event_of(event_type: EventType, subject: str, id: str | None, data: dict[str, Any]) -> Event:
    """An event as the door lets it in, with an id of its own if none is given."""
    return admit(
        {
            "specversion": "1.0",
            "id": id or f"e{next(_ids)}",
            "source": "urn:example:bank",
            "type": event_type.type,
            "subject": subject,
            "datacontenttype": "application/json",
            "data": data,
        }
    )


def admit(attributes: dict[str, Any]) -> Event:
    event_type = EVENT_TYPES[attributes["type"]]
    event_type.data.model_validate(attributes["data"])
    return Event(event_type, attributes)


class Accounts:
    """The rules: an account is opened once and before it is paid into, never below 0."""

    def concerns(self, event: Event) -> Collection[Key]:
        keys = [("account", event.subject)] if event.kind == "account" else []
        return [*keys, ("account", event.data["to"])] if event.data.get("to") else keys

    def decide(self, event: Event, states: States) -> list[Fault]:
        match event.name, states.get(("account", event.subject)):
            case "account.opened", {}:
                return [Fault("/subject", "is open already")]
            case "account.paid", None:
                return [Fault("/subject", "is not open")]
            case "account.paid", {"balance": balance}:
                faults = [Fault("/data/to", "is not open")] if None in states.values() else []
                return faults + [Fault("/data/amount", "is not there")] * (balance + event.data["amount"] < 0)
            case _:
                return []

    def evolve(self, event: Event, states: States) -> dict[Key, State]:
        amount = event.data.get("amount", 0)
        changed: dict[Key, State] = {}
        for key, state in states.items():
            gains = -amount if key[1] == event.data.get("to") and key[1] != event.subject else amount
            changed[key] = {"balance": (state or {"balance": 0})["balance"] + gains}
        return changed
