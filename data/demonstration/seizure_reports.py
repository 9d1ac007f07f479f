"""Members' reports of seizures in a synthetic operation, their corrections and retractions, and what they add up to."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from demonstration.chance import fraction, pick, whole
from demonstration.entry import Entry, days, noted
from wco_common.instant import Instant


class _Goods(NamedTuple):
    category: str
    hs_code: str
    units: tuple[str, ...]


_GOODS = {
    "tobacco": (
        _Goods("cigarettes", "2402.20", ("pieces",)),
        _Goods("cigarettes", "2402.20", ("pieces",)),
        _Goods("cut-tobacco", "2403.19", ("kg",)),
        _Goods("electronic-cigarettes", "8543.40", ("pieces", "litres")),
    ),
    "drugs": (
        _Goods("cocaine", "2939.72", ("kg",)),
        _Goods("cannabis", "1211.90", ("kg",)),
        _Goods("cannabis", "1211.90", ("kg",)),
        _Goods("synthetic-drugs", "2939.45", ("kg", "pieces")),
        _Goods("drug-money", "4907.00", ("EUR",)),
    ),
    "ipr": (
        _Goods("clothing", "6109.10", ("pieces",)),
        _Goods("electronics", "8517.13", ("pieces",)),
        _Goods("medicines", "3004.90", ("pieces", "kg")),
    ),
    "wildlife": (_Goods("timber", "4403.49", ("m3",)), _Goods("reptiles", "0106.20", ("pieces",))),
}
"""What is seized, by the operation's theme; what stands twice is seized twice as often."""

_LATE, _CORRECTED, _RETRACTED = 0.12, 0.08, 0.04
"""The shares of Members that report months later, and of reports that are corrected and taken back."""

_UNSPECIFIED = 0.2
"""A category with a smaller share of the seizures is not told apart in what is published."""

_NOTHING_AFTER = date(2025, 10, 20)
"""The last day on which seizures are told of: the history ends soon after."""


def seizure_reports(
    operation: str, theme: str, members: Sequence[str], number: int, starts_on: date, ends_on: date
) -> Iterator[Entry]:
    """Return the reports. Those of a Member are one commit; what changes a report comes by itself."""
    for place in range(number):
        member = members[place % len(members)]
        report = f"{member}-{place // len(members) + 1:02d}"
        subject = f"{operation}/{report}"
        data = {"operation": operation, "report": report, "member": member} | _seized(
            subject, theme, starts_on, ends_on
        )
        told_on = ends_on + days(_lag(operation, member))
        if told_on > _NOTHING_AFTER:
            continue
        yield Entry(noted(told_on, operation, member), "seizure.reported", subject, data)
        changed_on = told_on + days(whole(8, 45, "changed", subject))
        change = fraction("change", subject)
        if changed_on > _NOTHING_AFTER:
            continue
        if change < _RETRACTED:
            said = {"operation": operation, "report": report, "reason": "The goods were released"}
            yield Entry(noted(changed_on, subject), "seizure.retracted", subject, said)
        elif change < _RETRACTED + _CORRECTED:
            seizures = max(data["seizures"] + pick((-1, 1, 2), "corrected", subject), 1)
            corrected = data | {"seizures": seizures, "reason": "Counted again after the laboratory's findings"}
            corrected.pop("cases", None)
            yield Entry(noted(changed_on, subject), "seizure.corrected", subject, corrected)


def _lag(operation: str, member: str) -> int:
    if fraction("late", operation, member) < _LATE:
        return whole(130, 190, "late", operation, member)
    return whole(2, 25, "lag", operation, member)


def _seized(subject: str, theme: str, starts_on: date, ends_on: date) -> dict[str, Any]:
    goods = pick(_GOODS[theme], "goods", subject)
    seizures = whole(1, 4, "seizures", subject)
    seized: dict[str, Any] = {
        "seized_on": starts_on + days(whole(0, (ends_on - starts_on).days, "seized", subject)),
        "category": goods.category,
        "seizures": seizures,
        "quantities": [{"amount": _amount(unit, subject), "unit": unit} for unit in goods.units],
        "hs_code": goods.hs_code,
    }
    if fraction("cases", subject) < 0.5:
        seized["cases"] = whole(1, seizures, "cases", subject)
    return seized


def _amount(unit: str, subject: str) -> str:
    most = {"pieces": 9_000, "kg": 900, "litres": 60, "m3": 40, "EUR": 80_000}[unit]
    amount = str(whole(1, most, "amount", unit, subject))
    return amount if unit == "pieces" else f"{amount}.{whole(10, 99, 'decimals', unit, subject)}"


def figures(entries: Iterable[Entry], at: Instant) -> dict[str, Any]:
    """Return the `totals` and `by_category` that an operation's reports come to at a time."""
    current: dict[str, dict[str, Any]] = {}
    for entry in sorted(entries, key=lambda entry: entry.at):
        if entry.at > at:
            break
        if entry.name == "seizure.retracted":
            del current[entry.subject]
        else:
            current[entry.subject] = dict(entry.data)
    reports = list(current.values())
    seizures = Counter[str]()
    for report in reports:
        seizures[report["category"]] += report["seizures"]
    return {
        "totals": {
            "seizures": seizures.total(),
            "reporting_members": len({report["member"] for report in reports}),
            "quantities": _quantities(reports),
        },
        "by_category": [
            {
                "category": category,
                "seizures": number,
                "quantities": _quantities([report for report in reports if report["category"] == category]),
            }
            for category, number in sorted(seizures.items())
            if number >= _UNSPECIFIED * seizures.total()
        ],
    }


def _quantities(reports: list[dict[str, Any]]) -> list[dict[str, str]]:
    hundredths = Counter[str]()
    for report in reports:
        for quantity in report["quantities"]:
            whole_part, _, decimals = quantity["amount"].partition(".")
            hundredths[quantity["unit"]] += int(whole_part) * 100 + int(decimals or 0)
    return [
        {"amount": f"{amount // 100}.{amount % 100:02d}" if amount % 100 else str(amount // 100), "unit": unit}
        for unit, amount in sorted(hundredths.items())
    ]
