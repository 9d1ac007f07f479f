"""Partnerships and what becomes of them. All of it is synthetic: the partners do not exist."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from demonstration.entry import Entry, days, noted


class _Partnership(NamedTuple):
    name: str
    partner: str
    partner_kind: str
    instrument: str
    objectives: tuple[str, ...]
    since: date


class _Step(NamedTuple):
    partnership: str
    how: str
    on: date
    objectives: tuple[str, ...]
    summary: str
    lag: int = 6
    """Days until it is recorded."""


_PARTNERSHIPS = (
    _Partnership("ports", "Union of Port Authorities", "private-sector", "mou", ("SO1",), date(2016, 3, 1)),
    _Partnership(
        "parcels",
        "Alliance of Parcel Carriers",
        "private-sector",
        "joint-action-plan",
        ("SO1", "SO3"),
        date(2019, 9, 2),
    ),
    _Partnership("revenue", "Forum of Revenue Bodies", "international-organization", "mou", ("SO2",), date(2014, 5, 5)),
    _Partnership(
        "fiscal-data", "Institute of Fiscal Data", "academia", "joint-action-plan", ("SO2",), date(2020, 11, 16)
    ),
    _Partnership(
        "wildlife", "Centre against Wildlife Crime", "international-organization", "mou", ("SO3",), date(2012, 6, 11)
    ),
    _Partnership(
        "aviation",
        "Council of Airport Security",
        "international-organization",
        "joint-action-plan",
        ("SO3",),
        date(2018, 2, 5),
    ),
    _Partnership(
        "donors", "Fund for Customs Modernization", "development-bank", "mou", ("SO4", "SO1"), date(2017, 10, 2)
    ),
    _Partnership("integrity", "Network for Public Integrity", "civil-society", "mou", ("SO4",), date(2021, 4, 12)),
)

_STEPS = (
    _Step("ports", "reviewed", date(2022, 11, 15), ("SO1",), "The memorandum was reviewed"),
    _Step("wildlife", "upgraded", date(2023, 2, 21), ("SO3",), "A joint action plan was added to the memorandum"),
    _Step("revenue", "reviewed", date(2023, 4, 18), ("SO2",), "The memorandum was reviewed"),
    _Step("integrity", "reviewed", date(2023, 6, 13), ("SO4",), "The memorandum was reviewed", lag=62),
    _Step("parcels", "reviewed", date(2023, 10, 10), ("SO1", "SO3"), "The joint action plan was reviewed"),
    _Step("donors", "upgraded", date(2023, 12, 5), ("SO4",), "The memorandum was extended to training"),
    _Step("fiscal-data", "upgraded", date(2024, 3, 12), ("SO2",), "A data exchange was agreed"),
    _Step("aviation", "reviewed", date(2024, 5, 14), ("SO3",), "The joint action plan was reviewed"),
    _Step("wildlife", "reviewed", date(2024, 10, 8), ("SO3",), "The joint action plan was reviewed"),
    _Step("ports", "upgraded", date(2024, 12, 3), ("SO1", "SO2"), "A memorandum on data was added"),
    _Step("integrity", "upgraded", date(2025, 5, 20), ("SO4",), "A joint action plan was agreed"),
)


def partnership_entries() -> Iterator[Entry]:
    """Return the partnerships, their steps, one step taken back, one partnership ended."""
    for each in _PARTNERSHIPS:
        data = {
            "partner": f"{each.partner} (synthetic)",
            "partner_kind": each.partner_kind,
            "instrument": each.instrument,
            "objectives": list(each.objectives),
            "since": each.since,
        }
        yield Entry(noted(date(2022, 9, 12), "partnerships"), "partnership.registered", _id(each.name), data)
    for step in _STEPS:
        said = {
            "step": f"{step.how}-{step.on}",
            "on": step.on,
            "objectives": list(step.objectives),
            "summary": f"{step.summary} (synthetic)",
        }
        at = noted(step.on + days(step.lag), step.partnership)
        yield Entry(at, f"partnership.{step.how}", _id(step.partnership), said)
    taken_back = {"step": "upgraded-2024-03-12", "reason": "The partner did not ratify the agreement"}
    at = noted(date(2024, 9, 9), "taken back")
    yield Entry(at, "partnership.step-retracted", _id("fiscal-data"), taken_back)
    ended = {"on": date(2024, 12, 31), "reason": "The partner was dissolved"}
    yield Entry(noted(date(2025, 1, 13), "ended"), "partnership.ended", _id("fiscal-data"), ended)


def _id(name: str) -> str:
    return f"synthetic-{name}"
