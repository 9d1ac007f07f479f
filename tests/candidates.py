"""Candidates for the events of a random history: well-formed, likely to be valid, not sure to be."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import accumulate
from random import Random
from typing import Any, NamedTuple, TypeVar

T = TypeVar("T")

MEMBERS = (
    "ARG",
    "AUS",
    "BRA",
    "CHN",
    "DEU",
    "EGY",
    "EUN",
    "FRA",
    "GHA",
    "IND",
    "JPN",
    "KEN",
    "KOR",
    "MAR",
    "MEX",
    "NGA",
    "SEN",
    "UGA",
    "USA",
    "ZAF",
    "XKX",
)


class Candidate(NamedTuple):
    """An event that may be offered to a log: its type's name, subject and data."""

    name: str
    subject: str
    data: dict[str, Any]


class Candidates:
    """Makes candidates of one log's event types, each as often as its weight says.

    It remembers what it proposed, recorded or not, so that later candidates can be about the same things. The names of
    things begin with `prefix`, by which several makers for one log keep apart.
    """

    def __init__(self, random: Random, weights: Mapping[Callable[[], Candidate], int], prefix: str) -> None:
        self.random = random
        self._prefix = prefix
        self._makers = list(weights)
        self._weights = list(accumulate(weights.values()))
        self._today = 0

    def next(self, today: int) -> Candidate:
        """Return a candidate for an event recorded on this day (an ordinal, as `date.toordinal` gives it)."""
        self._today = today
        return self.random.choices(self._makers, cum_weights=self._weights)[0]()

    def named(self, kind: str, known: Sequence[Any]) -> str:
        """Return a name for one more thing of a kind."""
        return f"{self._prefix}{kind}{len(known)}"

    def day(self, earliest: int, latest: int) -> str:
        """Return a date between two numbers of days from today."""
        return date.fromordinal(self._today + self.random.randint(earliest, latest)).isoformat()

    def chance(self, probability: float) -> bool:
        """Say yes with this probability."""
        return self.random.random() < probability

    def one(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return options[int(self.random.random() * len(options))]

    def some(self, options: Sequence[T], least: int = 0, most: int = 4) -> list[T]:
        """Return some of the options, none twice."""
        return self.random.sample(options, min(len(options), self.random.randint(least, most)))

    def recent(self, things: Sequence[T]) -> T:
        """Return one of the things, mostly one of the last twenty."""
        return self.one(things[-20:] if self.chance(0.9) else things)

    def maybe(self, field: str, value: Any, probability: float = 0.5) -> dict[str, Any]:
        """Return the field with its value, or nothing."""
        return {field: value} if self.chance(probability) else {}
