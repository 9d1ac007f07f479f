"""What kpi-projector answers, as the pages read it (section 5 of the outside contract)."""

from datetime import date, datetime
from decimal import Decimal

import msgspec


class Period(msgspec.Struct, frozen=True):
    """A period of the plan."""

    id: str
    starts_on: date
    ends_on: date


class Layer(msgspec.Struct, frozen=True):
    """A layer of the strategic map."""

    id: str
    title: str


class Objective(msgspec.Struct, frozen=True):
    """An objective of the plan."""

    id: str
    layer: str
    title: str


class Instrument(msgspec.Struct, frozen=True):
    """An instrument of an objective."""

    id: str
    objective: str
    title: str


class FocusArea(msgspec.Struct, frozen=True):
    """A focus area, of the plan or introduced since."""

    id: str
    title: str
    introduced: bool


class Definition(msgspec.Struct, frozen=True):
    """What the plan says a KPI is."""

    id: str
    title: str
    layer: str
    objective: str
    unit: str
    activity: str
    description: str
    type: str
    by: list[str]
    note: str | None = None


class AsOf(msgspec.Struct, frozen=True):
    """The moment of an answer."""

    time: datetime
    positions: dict[str, int]
    fold: int


class Plan(msgspec.Struct, frozen=True):
    """The plan in force."""

    plan: str
    title: str
    starts_on: date
    ends_on: date
    periods: list[Period]
    layers: list[Layer]
    objectives: list[Objective]
    instruments: list[Instrument]
    focus_areas: list[FocusArea]
    kpis: list[Definition]
    as_of: AsOf
    notice: str | None = None

    def windows(self) -> list[str]:
        """Return all that can be asked about: the periods, and the plan as a whole."""
        return [*(period.id for period in self.periods), self.plan]

    def period_of(self, day: date) -> str:
        """Return the period that a day falls in; the nearest one where it falls in none."""
        begun = [period.id for period in self.periods if period.starts_on <= day]
        return begun[-1] if begun else self.periods[0].id

    def definition(self, kpi: str) -> Definition | None:
        """Return what the plan says of a KPI, None where it says nothing."""
        return next((each for each in self.kpis if each.id == kpi), None)


class Target(msgspec.Struct, frozen=True):
    """What a KPI is to reach."""

    rule: str
    value: Decimal | None


class Reference(msgspec.Struct, frozen=True):
    """What a KPI is compared with."""

    value: Decimal | None
    kind: str


class Response(msgspec.Struct, frozen=True):
    """Of how many Members that were invited how many answered."""

    answered: int
    invited: int | None


class Kpi(msgspec.Struct, frozen=True):
    """A KPI of a period."""

    id: str
    title: str
    layer: str
    objective: str
    unit: str
    value: Decimal | None
    numerator: str
    denominator: str
    status: str
    target: Target
    reference: Reference | None
    note: str | None = None
    provisional: Decimal | msgspec.UnsetType | None = msgspec.UNSET
    response: Response | None = None


class Scorecard(msgspec.Struct, frozen=True):
    """Every KPI of a period."""

    period: str
    as_of: AsOf
    kpis: list[Kpi]

    def kpi(self, id: str) -> Kpi | None:
        """Return a KPI of it, None where it has none of that id."""
        return next((each for each in self.kpis if each.id == id), None)


class Group(msgspec.Struct, frozen=True):
    """A part of a KPI."""

    key: str
    value: Decimal | None
    numerator: str
    denominator: str


class OneKpi(msgspec.Struct, frozen=True):
    """One KPI, and its groups where it was asked for by a dimension."""

    period: str
    as_of: AsOf
    kpi: Kpi
    groups: list[Group] = []


class Place(msgspec.Struct, frozen=True):
    """Where an event is."""

    log: str
    sequence: int


class Entry(msgspec.Struct, frozen=True):
    """What a KPI was from a time on, and up to where each log was recorded then."""

    time: datetime
    value: Decimal | None
    numerator: str
    denominator: str
    status: str
    cause: Place | None
    positions: dict[str, int]


class History(msgspec.Struct, frozen=True):
    """A page of a KPI's history."""

    as_of: AsOf
    entries: list[Entry]


class Contribution(msgspec.Struct, frozen=True):
    """An event that a KPI rests on, and what it adds."""

    log: str
    sequence: int
    source: str
    id: str
    subject: str
    numerator: str
    denominator: str | None


class Evidence(msgspec.Struct, frozen=True):
    """A page of what a KPI rests on."""

    as_of: AsOf
    evidence: list[Contribution]


class Change(msgspec.Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """How a KPI differs between two moments, why, and by which events."""

    id: str
    since: Kpi | None
    until: Kpi | None
    why: list[str]
    events: list[Place]


class Changes(msgspec.Struct, frozen=True, rename={"since": "from", "until": "to"}):
    """The KPIs that differ between two moments."""

    period: str
    since: AsOf
    until: AsOf
    kpis: list[Change]
