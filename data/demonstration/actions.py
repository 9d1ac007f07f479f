"""What becomes of the actions: started, completed, rescheduled, withdrawn, reopened. All of it is synthetic."""

from collections.abc import Iterator
from datetime import date

from demonstration.chance import fraction, pick, whole
from demonstration.entry import Entry, days, noted
from demonstration.implementation_plans import PlannedAction, announcements, planned_actions

_REOPENED: dict[str, tuple[date, str, date | None]] = {
    "synthetic-2022-23-org1-01": (date(2023, 9, 18), "The external auditor asked for more", date(2024, 2, 12)),
    "synthetic-2023-24-fa1-02": (date(2024, 10, 7), "The pilot had not reached all of its regions", None),
    "synthetic-2024-25-so2-03": (date(2025, 4, 14), "An annex was missing", date(2025, 5, 22)),
}
"""Actions that turned out not to be complete: when, why, and when they were completed again."""

_DELAYS = (
    "The working group needs another meeting",
    "The consultant was contracted late",
    "The host administration asked for later dates",
    "Translation takes longer than planned",
)
_WITHDRAWN = ("Merged with another action", "No longer called for by Members")


def action_entries() -> Iterator[Entry]:
    """Return the implementation plans and all that is told of their actions."""
    yield from announcements()
    for action in planned_actions():
        yield from _life(action)


def _life(action: PlannedAction) -> Iterator[Entry]:
    name = action.id
    if action.fate == "withdrawn":
        withdrawn_on = action.announced_on + days(whole(120, 260, "withdrawn", name))
        yield Entry(
            noted(withdrawn_on, name), "action.withdrawn", name, {"reason": pick(_WITHDRAWN, "withdrawn", name)}
        )
        return
    completed_on = _completed_on(action)
    if fraction("started", name) < 0.65:
        ended_on = completed_on or action.due_on
        started_on = max(action.announced_on + days(3), ended_on - days(whole(40, 120, "start", name)))
        told_on = started_on + days(whole(0, 6, "told", name))
        yield Entry(noted(told_on, "started", name), "action.started", name, {"started_on": started_on})
    if action.fate in {"late", "open"} or fraction("rescheduled", name) < 0.1:
        told_on = action.due_on - days(whole(5, 30, "rescheduled", name))
        data = {
            "due_on": action.year.ends_on + days(92) if action.fate == "late" else action.due_on + days(45),
            "reason": pick(_DELAYS, "delay", name),
        }
        yield Entry(noted(told_on, "rescheduled", name), "action.rescheduled", name, data)
    if completed_on is not None:
        yield _completed(action, completed_on, 0 if name in _REOPENED else _lag(action))
    if name in _REOPENED:
        reopened_on, reason, again_on = _REOPENED[name]
        yield Entry(noted(reopened_on, "reopened"), "action.reopened", name, {"reason": reason})
        if again_on is not None:
            yield _completed(action, again_on, 1)


def _completed_on(action: PlannedAction) -> date | None:
    match action.fate:
        case "in time":
            done_on = action.due_on + days(whole(-30, 12, "done", action.id))
            return min(max(done_on, action.announced_on + days(20)), action.year.ends_on)
        case "late":
            return action.year.ends_on + days(whole(20, 85, "done", action.id))
        case _:
            return None


def _lag(action: PlannedAction) -> int:
    """Return after how many days the completion is told: mostly some, for a few it is months."""
    if action.fate == "in time" and fraction("late report", action.id) < 0.08:
        return whole(45, 95, "lag", action.id)
    return whole(0, 12, "lag", action.id)


def _completed(action: PlannedAction, completed_on: date, lag: int) -> Entry:
    data: dict[str, object] = {"completed_on": completed_on}
    if fraction("evidence", action.id) < 0.5:
        data["evidence"] = f"Report on {action.id} (synthetic)"
    return Entry(noted(completed_on + days(lag), "completed", action.id), "action.completed", action.id, data)
