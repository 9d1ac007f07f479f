"""A figure: what a KPI comes to, exactly, before anything is rounded."""

from dataclasses import dataclass
from fractions import Fraction

ZERO = Fraction(0)
ONE = Fraction(1)


@dataclass(frozen=True, slots=True)
class Response:
    """How many Members answered the surveys, of how many invited (None: a survey names none)."""

    answered: int
    invited: int | None


@dataclass(frozen=True, slots=True)
class Figure:
    """A quotient of two sums. Where the denominator is 0 there is no data, and no value.

    `provisional` and `response` stand beside the figure of the measures that have them.
    """

    numerator: Fraction
    denominator: Fraction
    provisional: Fraction | None = None
    has_provisional: bool = False
    response: Response | None = None

    @property
    def ratio(self) -> Fraction | None:
        """Numerator by denominator; None where there is no data."""
        return self.numerator / self.denominator if self.denominator else None


NO_DATA = Figure(ZERO, ZERO)
"""The figure of nothing."""


def count(number: int | Fraction) -> Figure:
    """Return the figure of a count."""
    return Figure(Fraction(number), ONE)


def ratio(numerator: int | Fraction, denominator: int | Fraction) -> Figure:
    """Return the figure of a share."""
    return Figure(Fraction(numerator), Fraction(denominator))
