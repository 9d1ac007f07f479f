"""Units that quantities come in, each with the one that events have for it, and how much of that it is: exactly."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple


class Told(NamedTuple):
    """How a unit is told: `times` of `unit`."""

    unit: str
    times: Decimal


UNITS: Mapping[str, Told] = MappingProxyType(
    {
        "mg": Told("kg", Decimal("0.000001")),
        "g": Told("kg", Decimal("0.001")),
        "t": Told("kg", Decimal(1000)),
        "lb": Told("kg", Decimal("0.45359237")),
        "oz": Told("kg", Decimal("0.028349523125")),
        "ml": Told("litres", Decimal("0.001")),
        "cl": Told("litres", Decimal("0.01")),
        "hl": Told("litres", Decimal(100)),
        "us-gallon": Told("litres", Decimal("3.785411784")),
        "imperial-gallon": Told("litres", Decimal("4.54609")),
        "dozen": Told("pieces", Decimal(12)),
        "thousand": Told("pieces", Decimal(1000)),
        "million": Told("pieces", Decimal(1000000)),
    }
)
"""Pounds and ounces are those of avoirdupois; all by the international yard and pound agreement of 1959, the
gallons by their definitions."""
