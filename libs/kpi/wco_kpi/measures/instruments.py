"""Knowledge of instruments: pairs of a Member and an instrument whose deciding answer is known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wco_events.measure import Instruments
from wco_kpi.cell import Address, Cell
from wco_kpi.figure import NO_DATA, Figure, ratio
from wco_kpi.group import GroupId
from wco_kpi.measuring import Contribution, Part, View, by_event
from wco_kpi.totals import survey_groups

NOT_ANSWERED = "not_answered"
UNKNOWN = "unknown"

_NO_ANSWERS: Mapping[str, Sequence[str]] = {}


@dataclass(frozen=True)
class Knowledge:
    """Answers on an objective's instruments in the annual surveys that close in the window."""

    measure: Instruments
    view: View

    @cached_property
    def _instruments(self) -> dict[str, None]:
        """The objective's instruments, in the plan's order."""
        plan = self.view.plan.plan
        return {each.id: None for each in plan.instruments if each.objective == self.measure.objective}

    @cached_property
    def _members(self) -> Mapping[str, str]:
        return self.view.members()

    @property
    def _survey_groups(self) -> Sequence[str]:
        return survey_groups("annual", ("",), self.view.window.months)

    @cached_property
    def _listed(self) -> list[str]:
        """The window's annual surveys."""
        return [
            survey
            for group in self._survey_groups
            for survey, listed in self.view.cells.group("surveys", group).items()
            if listed.sums.get("surveys")
        ]

    @cached_property
    def _surveys(self) -> list[str]:
        """The same surveys, the deciding one first."""
        cells = self.view.cells
        found = []
        for survey in self._listed:
            opened = cells.group("survey", survey).get("")
            cells.group("submission", survey)  # wanted as well, so that both are loaded at once
            if opened is not None:
                found.append((opened.own["closes_on"], opened.own["opened"], survey))
        return [survey for _, _, survey in sorted(found, reverse=True)]

    def reads(self) -> tuple[Any, Any]:
        """Return the instruments, and the list in force."""
        return tuple(self._instruments), self._members

    def seen(self) -> object:
        """Return which Members' list is in force."""
        return self.view.members_since()

    def groups(self) -> Iterable[GroupId]:
        """Return the submissions to the window's annual surveys, and the lists of those surveys."""
        yield from (("surveys", group) for group in self._survey_groups)
        # Also of a survey whose own cell is still to be loaded: what is worked out without it is not to stay.
        for survey in self._listed:
            yield "survey", survey
            yield "submission", survey

    def part(self, address: Address, cell: Cell) -> Part:
        """Return a Member's status on each instrument, None where it says nothing, or a survey's place among others."""
        if address.kind == "submission":
            if not cell.own or address.key.partition("/")[0] not in self._members:
                return ()
            answer = cell.own.get("instruments", _NO_ANSWERS).get
            statuses = tuple([found[0] if (found := answer(each)) else None for each in self._instruments])
            return statuses if any(statuses) else ()
        if address.kind == "survey":
            return (cell.own["closes_on"], cell.own["opened"])
        return (address.key,) if cell.sums.get("surveys") else ()

    def figure(self, parts: Mapping[Address, Part]) -> Figure:
        """Return known pairs by pairs; nothing where no annual survey falls in the window."""
        surveys = sorted((part, address.group) for address, part in parts.items() if address.kind == "survey")
        if not surveys:
            return NO_DATA
        submissions: dict[str, list[tuple[str, Part]]] = {survey: [] for _, survey in surveys}
        for address, part in parts.items():
            if address.kind == "submission":
                submissions[address.group].append((address.key, part))
        deciding: dict[str, Sequence[str | None]] = {}
        for _, survey in surveys:
            # The more a survey decides the later it comes, and puts its answers in the place of the others'.
            for member, part in submissions[survey]:
                before = deciding.get(member)
                deciding[member] = (
                    [status or earlier for status, earlier in zip(part, before, strict=True)]
                    if before is not None and None in part
                    else part
                )
        known = sum(len(statuses) - statuses.count(None) - statuses.count(UNKNOWN) for statuses in deciding.values())
        return ratio(known, len(self._members) * len(self._instruments))

    def _deciding(self) -> Iterator[tuple[str, str, int, str, Sequence[str]]]:
        """Yield (Member, instrument, sequence, status, reasons) of each pair that has an answer."""
        decided: set[tuple[str, str]] = set()
        for survey in self._surveys:
            for key, cell in self.view.cells.group("submission", survey).items():
                member = key.partition("/")[0]
                if member not in self._members or not cell.own:
                    continue
                for instrument, (status, *reasons) in cell.own.get("instruments", _NO_ANSWERS).items():
                    pair = (member, instrument)
                    if instrument in self._instruments and pair not in decided:
                        decided.add(pair)
                        yield *pair, cell.sequence, status, reasons

    def by(self, dimension: str) -> dict[str, Figure]:
        """Return knowledge by instrument or region; or, of all pairs, those with a status or a reason."""
        members, instruments = self._members, self._instruments
        if not self._surveys or not members or not instruments:
            return {}
        numbers: dict[str, int] = {}
        answered = 0
        for member, instrument, _, status, reasons in self._deciding():
            answered += 1
            known = status != UNKNOWN
            match dimension:
                case "instrument" if known:
                    keys: Iterable[str] = (instrument,)
                case "region" if known:
                    keys = (members[member],)
                case "status":
                    keys = (status,)
                case "reason":
                    keys = set(reasons)
                case _:
                    keys = ()
            for key in keys:
                numbers[key] = numbers.get(key, 0) + 1
        if dimension == "instrument":
            return {instrument: ratio(numbers.get(instrument, 0), len(members)) for instrument in instruments}
        if dimension == "region":
            sizes: dict[str, int] = {}
            for region in members.values():
                sizes[region] = sizes.get(region, 0) + len(instruments)
            return {region: ratio(numbers.get(region, 0), size) for region, size in sizes.items()}
        pairs = len(members) * len(instruments)
        if dimension == "status" and answered < pairs:
            numbers[NOT_ANSWERED] = pairs - answered
        return {key: ratio(number, pairs) for key, number in numbers.items()}

    def evidence(self) -> Iterable[Contribution]:
        """Return the submissions that decide known pairs."""
        return by_event(
            "survey-intake",
            ((sequence, int(status != UNKNOWN), None) for _, _, sequence, status, _ in self._deciding()),
        )
