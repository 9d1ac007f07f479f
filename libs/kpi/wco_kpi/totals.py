"""What a cell adds to other cells, by its kind. Pure functions of its own part and its sums.

Everything rolls up to calendar months, because periods are whole months: a scorecard then reads some hundred
cells, however many surveys, operations and activities there are.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from wco_kpi.cell import Address, Cell, Vector, address_of

Additions = Mapping[Address, Vector]
"""What a cell adds, by the cells that it adds to."""

_Vectors = Iterable[tuple[Address, Vector]]
"""The same as it comes; several vectors may go to one cell."""

Adds = Callable[[Address, Cell], _Vectors]
"""Says what the cells of a kind add."""

Passes = Callable[[Address, Any, Vector, Vector], _Vectors | None]
"""Says what a cell of a kind passes on of what is added to its sums, given its own part, its sums, and that.

None where that does not tell, and what the cell adds has to be worked out before and after. The vector that is added
has no component that is 0, nor have those that are passed on, which may be of nothing.
"""


def month_of(day: str) -> str:
    """Return the month (`2022-07`) of an ISO 8601 date."""
    return day[:7]


def _action(address: Address, cell: Cell) -> _Vectors:
    action = cell.own
    if action["state"] == "withdrawn":
        return ()
    done = {"completed": 1} if action["state"] == "completed" else {}
    return ((Address("actions", action["period"], action["objective"]), {"actions": 1} | done),)


@lru_cache(maxsize=1024)
def _rated(topics: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Return the components of what a submission that rates these topics adds, and the last of their values."""
    names = ("submissions", *(f"sum/{topic}" for topic in topics), *(f"number/{topic}" for topic in topics))
    return names, (1,) * len(topics)


class _Topic(NamedTuple):
    """The components of a topic's ratings: their sum and number, as given, and on a scale."""

    sum: str
    number: str
    sum_on_scale: str
    number_on_scale: str


@lru_cache(maxsize=4096)
def _topics_of(components: tuple[str, ...], span: int) -> Sequence[_Topic]:
    """Return the topics that some components are of, as they are on a scale."""
    topics = dict.fromkeys(topic for _, separator, topic in (each.partition("/") for each in components) if separator)
    return [
        _Topic(f"sum/{topic}", f"number/{topic}", f"sum/{span}/{topic}", f"number/{span}/{topic}") for topic in topics
    ]


def _submission(address: Address, cell: Cell) -> _Vectors:
    own = cell.own
    if own is None:
        return ()
    _, survey, key = address
    ratings = own["ratings"]
    names, ones = _rated(tuple(ratings))
    vector = dict(zip(names, (1, *ratings.values(), *ones), strict=True))
    return ((address_of(("respondent", survey, key.partition("/")[0])), vector),)


def _respondent(address: Address, cell: Cell) -> _Vectors:
    return ((_survey_of(address), {**cell.sums, "answered": 1}),) if cell.sums else ()


def _passed_by_respondent(address: Address, own: Any, sums: Vector, added: Vector) -> _Vectors:
    return ((_survey_of(address), added),)


def _survey_of(address: Address) -> Address:
    return address_of(("survey", address[1], ""))


def survey_group(kind: str, committee: str, month: str) -> str:
    """Return the group of the surveys of a kind (and committee) that close in a month."""
    return f"{kind}/{committee}/{month}"


@lru_cache(maxsize=256)
def survey_groups(kind: str, committees: tuple[str, ...], months: tuple[str, ...]) -> Sequence[str]:
    """Return the groups of the surveys of a kind and some committees that close in some months."""
    return tuple(survey_group(kind, committee, month) for committee in committees for month in months)


def _survey(address: Address, cell: Cell) -> _Vectors:
    survey = cell.own
    if survey is None or survey.get("cancelled"):
        return ()
    vector = _on_scale(cell.sums, survey["min"], survey["max"]) | {"surveys": 1}
    if survey["invited"] is None:
        vector["uninvited"] = 1
    else:
        vector["invited"] = survey["invited"]
    ratings = _ratings_of(survey)
    return (ratings, vector), (address_of(("surveys", ratings.group, address.group)), {"surveys": 1})


def _passed_by_survey(address: Address, own: Any, sums: Vector, added: Vector) -> _Vectors:
    if own is None or own.get("cancelled"):
        return ()
    return ((_ratings_of(own), _on_scale(added, own["min"], own["max"])),)


def _ratings_of(survey: Any) -> Address:
    """Return where the ratings of a survey are added up, with those of the others of its kind and month."""
    return _ratings(survey["kind"], survey["committee"], survey["closes_on"])


@lru_cache(maxsize=1024)
def _ratings(kind: str, committee: str, closes_on: str) -> Address:
    return Address("ratings", survey_group(kind, committee, month_of(closes_on)), "")


def _on_scale(sums: Vector, lowest: int, highest: int) -> dict[str, int]:
    """Return who answered and what was rated, with ratings counted from the lowest of the survey's scale on."""
    answered = sums.get("answered")
    vector: dict[str, int] = {"answered": answered} if answered else {}
    for sum_, number_, sum_on_scale, number_on_scale in _topics_of(tuple(sums), highest - lowest):
        number = sums.get(number_, 0)
        if number:
            vector[number_on_scale] = number
        if value := sums.get(sum_, 0) - number * lowest:
            vector[sum_on_scale] = value
    return vector


def _report(address: Address, cell: Cell) -> _Vectors:
    if cell.own is None:
        return ()
    return ((address_of(("operation", address.group, "")), {"reports": 1, "seizures": cell.own["seizures"]}),)


def _published(address: Address, cell: Cell) -> _Vectors:
    stage, seizures = address.key, cell.own["seizures"]
    if seizures is None:
        return ()
    return ((Address("operation", address.group, ""), {f"{stage}-figures": 1, stage: seizures}),)


def _operation(address: Address, cell: Cell) -> _Vectors:
    operation, sums = cell.own, cell.sums
    if operation is None or operation.get("cancelled"):
        return ()
    vector = {}
    if sums.get("final-figures"):
        vector = {"figures": 1, "seizures": sums.get("final", 0)}
    for figures, seizures in (("final-figures", "final"), ("interim-figures", "interim"), ("reports", "seizures")):
        if sums.get(figures):
            vector |= {"provisional-figures": 1, "provisional": sums.get(seizures, 0)}
            break
    month = month_of(operation["ends_on"])
    return (_seizures(month), vector), (Address("operations", month, address.group), {"operations": 1})


def _passed_by_operation(address: Address, own: Any, sums: Vector, added: Vector) -> _Vectors | None:
    if own is None or own.get("cancelled"):
        return ()
    if not added.keys() <= _OF_REPORTS or not sums.get("reports") or not sums["reports"] + added.get("reports", 0):
        return None
    if sums.get("final-figures") or sums.get("interim-figures"):  # which count in the place of reports
        return ()
    seizures = added.get("seizures")
    return ((_seizures(month_of(own["ends_on"])), {"provisional": seizures}),) if seizures else ()


_OF_REPORTS = {"reports", "seizures"}


def _seizures(month: str) -> Address:
    return Address("seizures", month, "")


def _step(address: Address, cell: Cell) -> _Vectors:
    if cell.own is None:
        return ()
    month = month_of(cell.own["on"])
    return [(Address("steps", month, objective), {"steps": 1}) for objective in cell.own["objectives"]]


def activity_key(activity: Any) -> str:
    """Return the key of the total of the activities that are delivered and aligned as this one.

    A long list of objectives is named by its hash, as keys are indexed and have a bounded length.
    """
    aligned = ",".join(activity["aligned_with"])
    if len(aligned) > 500:
        aligned = "sha256:" + hashlib.sha256(aligned.encode()).hexdigest()
    return f"{activity['delivered_by']}/{aligned}"


def _activity(address: Address, cell: Cell) -> _Vectors:
    activity = cell.own
    if activity is None:
        return ()
    vector = {"activities": 1, f"delivered_by/{activity['delivered_by']}": 1}
    vector |= {f"aligned_with/{objective}": 1 for objective in activity["aligned_with"]}
    if "cost" in activity:
        vector |= {"costed": 1, "cost": activity["cost"]}
    return ((Address("activities", month_of(activity["delivered_on"]), activity_key(activity)), vector),)


def accreditation_end(accreditation: Any) -> str | None:
    """Return the day from which an accreditation is no longer in force: the earlier of its expiry and its end."""
    return min((accreditation[end] for end in ("expires_on", "ended_on") if end in accreditation), default=None)


def _expert(address: Address, cell: Cell) -> _Vectors:
    for accreditation in cell.own:
        kind = f"{accreditation['status']}/{accreditation['employer']}"
        for day, change in ((accreditation["accredited_on"], 1), (accreditation_end(accreditation), -1)):
            if day is not None:
                yield Address("expert-months", "", f"{month_of(day)}/{kind}"), {"experts": change}
                yield Address("expert-days", month_of(day), f"{day}/{kind}"), {"experts": change}


ADDS: dict[str, Adds] = {
    "action": _action,
    "submission": _submission,
    "respondent": _respondent,
    "survey": _survey,
    "report": _report,
    "published": _published,
    "operation": _operation,
    "step": _step,
    "activity": _activity,
    "expert": _expert,
}
"""What the cells of a kind add to others. A kind that stands not here adds nothing."""


PASSES: dict[str, Passes] = {
    "respondent": _passed_by_respondent,
    "survey": _passed_by_survey,
    "operation": _passed_by_operation,
}
"""What the cells of a kind pass on while their own part stays as it is, and they have sums before and after.

It is what they add afterwards without what they added before, for less than to work out both. A kind that stands not
here is asked for both.
"""


def additions(adds: Adds, address: Address, cell: Cell) -> Additions:
    """Return what a cell of a kind that adds so adds, by the cells that it adds to."""
    _, own, sums = cell
    if own is None and not sums:
        return {}
    vectors = tuple(adds(address, cell))
    result: dict[Address, Vector] = dict(vectors)
    if len(result) < len(vectors):
        result = {}
        for target, vector in vectors:
            result[target] = _sum(result.get(target, {}), vector)
    return result


def _sum(one: Vector, other: Vector) -> Vector:
    return {component: one.get(component, 0) + other.get(component, 0) for component in one.keys() | other.keys()}
