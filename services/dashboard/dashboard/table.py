"""A table of a page: its rows, and what is taken away of each, told in one place, so that neither lacks the other."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Generic, TypeVar

import msgspec

from dashboard.answers import AsOf, Plan
from dashboard.pages import format_time
from dashboard.sheet import Cell, Sheet
from dashboard.view import View

R = TypeVar("R")

_ENDINGS = (("CSV", "csv"), ("XLSX", "xlsx"))
_SDMX = ("SDMX-CSV", "sdmx.csv")


@dataclass(frozen=True)
class Table(Generic[R]):
    """Rows as a page shows them, and the cells of each as they are taken away, by column.

    `name` is what its address calls it, `of` what it is of beside what all tables of its page are of. A page that
    shows but some of the rows has a table of those; its columns are the same.
    """

    name: str
    columns: Mapping[str, Callable[[R], Cell]]
    rows: Sequence[R]
    of: Mapping[str, Cell] = field(default_factory=dict)

    def sheet(self, plan: Plan, as_of: AsOf) -> Sheet:
        """Return the table to take away, as of a moment."""
        rows = [[cell(row) for cell in self.columns.values()] for row in self.rows]
        return Sheet(self.name, about(plan, as_of, **self.of), list(self.columns), rows)


@dataclass(frozen=True)
class Downloads:
    """Where the tables of a page are taken away: below a path, with what the page is asked for."""

    view: View
    path: str
    query: Mapping[str, str | None]
    observations: bool = False
    """Whether they are there as SDMX-CSV too."""

    @property
    def kinds(self) -> Sequence[tuple[str, str]]:
        """Their kinds, and how their addresses end."""
        return (*_ENDINGS, *([_SDMX] if self.observations else []))

    def link(self, ending: str, table: str | None = None) -> str:
        """Return the link to all tables or, of CSV, the first; or to the one that is named."""
        return self.view.to(f"{self.path}.{ending}", **{**self.query, "table": table})


def about(plan: Plan, as_of: AsOf, **more: Cell) -> Mapping[str, Cell]:
    """Return what every table says of itself."""
    return {
        "plan": plan.plan,
        **more,
        "as_of": format_time(as_of.time),
        "positions": positions(as_of),
        "fold": as_of.fold,
        "notice": plan.notice,
    }


def positions(as_of: AsOf) -> str:
    """Return the positions of an answer as `as_of` takes them."""
    return ",".join(f"{log}:{position}" for log, position in as_of.positions.items())


def within(*path: str) -> Callable[[Mapping[str, Any]], Cell]:
    """Return what finds the cell of a row of an answer: the field within an object that the path leads to."""

    def cell(row: Mapping[str, Any]) -> Cell:
        value: Any = row
        for name in path:
            value = None if value is None else value.get(name)
        return single(value)

    return cell


def single(value: Any) -> Cell:
    """Return a value as one cell: a list of texts parted by spaces, any other list or object as JSON."""
    if not isinstance(value, list | dict):
        return value if value is None or isinstance(value, str | int | bool | Decimal) else str(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return " ".join(value)
    return msgspec.json.encode(value).decode()


def quotient(part: int, whole: int | None) -> Decimal | None:
    """Return a quotient as answers have values: half-even to six decimals; nothing where there is nothing to divide."""
    return round(Decimal(part) / whole, 6).normalize() if whole else None
