"""Numbers as they are printed: rounded half-even to six places, and nowhere before."""

from decimal import Decimal
from fractions import Fraction

PLACES = 6


def rounded(number: Fraction) -> Decimal:
    """Return a number rounded half-even to six places, without trailing zeros and without an exponent."""
    if number.denominator == 1:
        return Decimal(number.numerator)
    units = round(number * 10**PLACES)
    whole, part = divmod(abs(units), 10**PLACES)
    digits = f"{part:0{PLACES}d}".rstrip("0")
    return Decimal(f"{'-' if units < 0 else ''}{whole}{'.' if digits else ''}{digits}")


def decimal_string(number: Fraction) -> str:
    """Return the decimal string of a numerator or denominator."""
    return str(rounded(number))
