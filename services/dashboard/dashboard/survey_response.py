"""How a survey was answered: by region, of how many Members that were invited how many; and how topics were rated."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from dashboard.table import Table, quotient, within
from dashboard.words import KEYS

_UNLISTED = "unlisted"


@dataclass(frozen=True)
class RegionResponse:
    """A region's Members: how many answered, of how many invited; None where the survey names none. And who did not."""

    region: str
    answered: int
    invited: int | None
    silent: Sequence[str]

    @property
    def share(self) -> Decimal | None:
        """The Members that answered, in percent of those that are invited."""
        return quotient(100 * self.answered, self.invited)


def regions(members: Iterable[Mapping[str, Any]], listed: Mapping[str, str], named: bool) -> Table[RegionResponse]:
    """Return the table of a survey's response by region."""
    columns = {
        "region": lambda row: row.region,
        "answered": lambda row: row.answered,
        "invited": lambda row: row.invited,
        "share": lambda row: row.share,
        "not_answered": lambda row: " ".join(row.silent),
    }
    return Table("regions", columns, by_region(members, listed, named))


def topics(survey: Mapping[str, Any]) -> Table[Mapping[str, Any]]:
    """Return the table of what a survey's topics were given: their mean is the sum over the number of ratings."""
    columns = {
        "topic": within("topic"),
        "mean": lambda row: quotient(row["sum"], row["ratings"]),
        "sum": within("sum"),
        "ratings": within("ratings"),
        "scale_min": lambda row: survey["scale_min"],
        "scale_max": lambda row: survey["scale_max"],
    }
    return Table("topics", columns, survey["ratings"])


def by_region(
    members: Iterable[Mapping[str, Any]], regions: Mapping[str, str], named: bool
) -> Sequence[RegionResponse]:
    """Return a survey's Members by region; `named` says whether it names those whom it invites."""
    groups: dict[str, list[Mapping[str, Any]]] = {region: [] for region in KEYS["region"]}
    for member in members:
        groups[regions.get(member["member"], _UNLISTED)].append(member)
    return [
        RegionResponse(
            region,
            sum(each["answered"] for each in group),
            sum(each["invited"] for each in group) if named else None,
            [each["member"] for each in group if not each["answered"]],
        )
        for region, group in groups.items()
        if group
    ]
