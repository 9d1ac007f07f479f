"""How a survey was answered by region: of how many Members that were invited how many answered."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.words import KEYS

_UNLISTED = "unlisted"


@dataclass(frozen=True)
class RegionResponse:
    """A region's Members: how many answered, of how many invited; None where the survey names none. And who did not."""

    region: str
    answered: int
    invited: int | None
    silent: Sequence[str]


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
