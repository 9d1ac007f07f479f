"""The board: every KPI of a plan at one moment, each worked out once and when it is asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from datetime import date
from fractions import Fraction
from typing import Any

from wco_events.plan import Kpi
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import Figure, ratio
from wco_kpi.frame import Cells, PlanInForce, plan_in_force, reviews
from wco_kpi.group import GroupId
from wco_kpi.measures import measuring
from wco_kpi.measuring import NEVER, Measuring, Part, View
from wco_kpi.status import UNMET, Reference, Status, status_of


class UnknownKpi(LookupError):
    """The plan has no such KPI."""


Slot = tuple[str, str]
"""(KPI id, period id)."""


class Board:
    """The KPIs of the plan in force over cells, seen from a day. Raises NoPlan where there is no plan."""

    def __init__(self, cells: Cells, day: date) -> None:
        self.cells = cells
        self.day = day
        self.plan: PlanInForce = plan_in_force(cells)
        self._measuring: dict[Slot, Measuring | None] = {}
        self._parts: dict[Slot, dict[Address, Part]] = {}
        self._figures: dict[Slot, Figure] = {}
        self._groups: dict[Slot, dict[GroupId, None]] = {}
        self._readers: dict[GroupId, dict[Slot, None]] = defaultdict(dict)
        """Which KPIs have parts of a group's cells."""
        self._values: dict[Slot, Fraction | None] = {}
        self._statuses: dict[Slot, Status] = {}
        self._stood: dict[str, dict[str, Status]] = {}

    def definition(self, kpi: str) -> Kpi:
        """Return a KPI's definition. Raises UnknownKpi, naming the ones that there are."""
        try:
            return self.plan.kpis[kpi]
        except KeyError:
            raise UnknownKpi(f"{kpi!r} is not a KPI of the plan; there are {', '.join(self.plan.kpis)}") from None

    def measuring(self, kpi: str, period: str) -> Measuring | None:
        """Return a KPI's measure at work in a period; None for one that is made of other KPIs' statuses."""
        slot = (kpi, period)
        if slot not in self._measuring:
            self._measuring[slot] = measuring(self.definition(kpi).measure, self._view(period))
        return self._measuring[slot]

    def parts(self, kpi: str, period: str) -> dict[Address, Part]:
        """Return what the KPI's measure takes from each cell; empty parts are left out."""
        slot = (kpi, period)
        if slot not in self._parts:
            measure = self.measuring(kpi, period)
            groups = self._read(slot, measure)
            parts: dict[Address, Part] = {}
            if measure is not None:
                # What a measure takes from a cell is the same on other boards too, where it reads the same.
                seen, basis = (kpi, measure.seen()), (self.definition(kpi), measure.reads())
                for group in groups:
                    parts |= self.cells.group(*group).taken(seen, basis, measure.part)
            self._parts[slot] = parts
        return self._parts[slot]

    def figure(self, kpi: str, period: str) -> Figure:
        """Return a KPI's figure in a period."""
        slot = (kpi, period)
        if slot not in self._figures:
            measure = self.measuring(kpi, period)
            self._figures[slot] = (
                _completion(self.statuses(period).values()) if measure is None else measure.figure(self.parts(*slot))
            )
        return self._figures[slot]

    def reads(self, kpi: str, period: str) -> tuple[Any, Any]:
        """Return what a KPI reads of the plan, focus areas too, and of the Members' lists."""
        measure = self.measuring(kpi, period)
        plan, members = ((), None) if measure is None else measure.reads()
        return (self.definition(kpi), self.plan.window(period), plan), members

    def readers(self, group: GroupId) -> list[Slot]:
        """Return the KPIs that have parts of a group's cells."""
        return list(self._readers.get(group, ()))

    def change(self, address: Address, cell: Cell, *, forget: bool) -> set[Slot]:
        """Take a cell's new content, which its group has by now, and return the KPIs of which a part changed.

        `forget`: the cell says which others a measure reads, so the measures that read it begin anew.
        """
        changed = set()
        for slot in self.readers((address.kind, address.group)):
            measure, parts = self.measuring(*slot), self._parts[slot]
            part = None if measure is None else measure.part(address, cell)
            if (part or None) == parts.get(address):
                continue
            changed.add(slot)
            if forget:
                self._forget(slot)
            elif part:
                parts[address] = part
            else:
                parts.pop(address, None)
            self._outdate(slot)
        return changed

    def framed_anew(self, changed: Set[Address]) -> "Board":
        """Return the board of the same cells, of which these of the plan, the Members' lists and baselines changed.

        It is this board as long as the plan has the same KPIs, periods and objectives. What reads nothing that is
        another is taken over. Raises NoPlan.
        """
        kinds = {address.kind for address in changed}
        for address in changed:
            if address.kind == "baseline":
                self._outdate_statuses(address.key)
        plan = self.plan
        if "plan" in kinds:
            plan = plan_in_force(self.cells)
        elif "focus-area" in kinds:
            plan = PlanInForce(plan.id, plan.plan, reviews(self.cells))
        if (plan.id, plan.plan, plan.focus_areas) == (self.plan.id, self.plan.plan, self.plan.focus_areas):
            self.plan = plan
            if "members" in kinds:
                self._members_anew()
            return self
        board = Board(self.cells, self.day)
        for slot, parts in self._parts.items():
            kpi, period = slot
            has_it = kpi in board.plan.kpis and period in board.plan.windows
            measure = board.measuring(*slot) if has_it else None
            if measure is not None and board.reads(*slot) == self.reads(*slot):
                board._read(slot, measure)
                board._parts[slot] = parts
                if slot in self._figures:
                    board._figures[slot] = self._figures[slot]
        return board

    def _members_anew(self) -> None:
        """Work out anew what reads a Members' list that is another by now."""
        for (kpi, period), measure in list(self._measuring.items()):
            if measure is None or (members := measure.reads()[1]) is None:
                continue
            now = measuring(self.definition(kpi).measure, self._view(period))
            if now is not None and now.reads()[1] != members:
                self._begin_anew((kpi, period), measure.seen())

    def gained(self, groups: Set[GroupId]) -> None:
        """Work out anew what was worked out while these groups, which are there now, were missing."""
        for slot, measure in list(self._measuring.items()):
            if measure is not None and not groups.isdisjoint(measure.groups()):
                self._forget(slot)
                self._outdate(slot)

    def see_from(self, day: date) -> set[Slot]:
        """See the same cells from another day, and return the KPIs whose parts are other ones from there."""
        if day == self.day:
            return set()
        self.day = day
        others = set()
        for slot, measure in list(self._measuring.items()):
            if measure is not None and (seen := measure.seen()) != NEVER:
                now = measuring(self.definition(slot[0]).measure, self._view(slot[1]))
                if now is not None and now.seen() != seen:
                    others.add(slot)
                    self._begin_anew(slot, seen)
        # A target that is not met may be missed, or out of reach, from one day to the next; nothing else of it changes.
        unmet = [slot for slot, status in self._statuses.items() if status in UNMET]
        for slot in unmet:
            del self._statuses[slot]
        if unmet:
            self._outdate_figures_of_statuses()
        return others

    def _view(self, period: str) -> View:
        return View(self.cells, self.plan, self.plan.window(period), self.day)

    def _begin_anew(self, slot: Slot, seen: object) -> None:
        """Work a KPI out anew that nobody sees any more as it was."""
        for group in self._groups.get(slot, ()):
            self.cells.group(*group).forget((slot[0], seen))
        self._forget(slot)
        self._outdate(slot)

    def _forget(self, slot: Slot) -> None:
        for group in self._groups.pop(slot, ()):
            del self._readers[group][slot]
        for memory in (self._measuring, self._parts):
            memory.pop(slot, None)

    def _outdate(self, slot: Slot) -> None:
        """Let a KPI's figure be worked out anew, and what rests on it: its statuses, as a reference too."""
        self._figures.pop(slot, None)
        self._values.pop(slot, None)
        self._outdate_statuses(slot[0])

    def _outdate_statuses(self, kpi: str) -> None:
        for period in self.plan.windows:
            self._statuses.pop((kpi, period), None)
        self._outdate_figures_of_statuses()

    def _outdate_figures_of_statuses(self) -> None:
        self._stood.clear()
        for slot in [slot for slot, measure in self._measuring.items() if measure is None]:
            self._figures.pop(slot, None)
            self._values.pop(slot, None)
            self._statuses.pop(slot, None)

    def _read(self, slot: Slot, measure: Measuring | None) -> Iterable[GroupId]:
        """Note which groups a KPI is made of, and return them."""
        groups = self._groups[slot] = dict.fromkeys(() if measure is None else measure.groups())
        for group in groups:
            self._readers[group][slot] = None
        return groups

    def statuses(self, period: str) -> Mapping[str, Status]:
        """Return the statuses of the measured KPIs in a period, which the others are made of.

        They stay as they are: after a change others are returned.
        """
        if period not in self._stood:
            self._stood[period] = {kpi.id: self.status(kpi.id, period) for kpi in self.plan.measured}
        return self._stood[period]

    def by(self, kpi: str, period: str, dimension: str) -> dict[str, Figure]:
        """Return a KPI's figures by the values of a dimension, which must be one of its measure's."""
        measure = self.measuring(kpi, period)
        if measure is not None:
            return measure.by(dimension)
        statuses: dict[str, list[Status]] = {}
        for other in self.plan.measured:
            statuses.setdefault(other.layer, []).append(self.status(other.id, period))
        return {layer: _completion(each) for layer, each in statuses.items()}

    def value(self, kpi: str, period: str) -> Fraction | None:
        """Return a KPI's exact value in its unit; None where there is no data."""
        slot = (kpi, period)
        if slot not in self._values:
            ratio = self.figure(kpi, period).ratio
            percent = ratio is not None and self.definition(kpi).unit == "percent"
            self._values[slot] = ratio * 100 if ratio is not None and percent else ratio
        return self._values[slot]

    def compared_with(self, kpi: str, period: str) -> str | None:
        """Return the period that a KPI is compared with in one; None for the first, and where it aims at a value."""
        return None if self.definition(kpi).target.rule == "at_least" else self.plan.window(period).previous

    def reference(self, kpi: str, period: str) -> Reference | None:
        """Return what a KPI is compared with in a period; None where its target is a value, or there is nothing."""
        definition, window = self.definition(kpi), self.plan.window(period)
        if definition.target.rule == "at_least":
            return None
        before = self.compared_with(kpi, period)
        if before is not None and (previous := self.value(kpi, before)) is not None:
            return Reference(previous, "previous")
        baseline = self.cells.group("baseline", "").get(kpi)
        if baseline is None:
            return None
        times = len(window.periods) if definition.accumulates and definition.unit == "count" else 1
        return Reference(Fraction(baseline.own) * times, "baseline")

    def status(self, kpi: str, period: str) -> Status:
        """Return how a KPI stands in a period, seen from the board's day."""
        slot = (kpi, period)
        if slot not in self._statuses:
            self._statuses[slot] = self._status(kpi, period)
        return self._statuses[slot]

    def _status(self, kpi: str, period: str) -> Status:
        value = self.value(kpi, period)
        reference = None if value is None else self.reference(kpi, period)
        return status_of(self.definition(kpi), self.plan.window(period), value, reference, self.day)


def _completion(statuses: Collection[Status]) -> Figure:
    """Return the share of KPIs that are met."""
    return ratio(sum(status is Status.MET for status in statuses), len(statuses))
