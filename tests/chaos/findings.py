"""What does not hold, in words for whoever runs it."""

from dataclasses import dataclass, field


@dataclass
class Findings:
    """What was found: events that are lost, that are there twice, and whatever else must not be."""

    losses: list[str] = field(default_factory=list)
    doubles: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def all(self) -> list[str]:
        """Every one of them."""
        return [*self.losses, *self.doubles, *self.others]

    def lost(self, what: str) -> None:
        self.losses.append(what)

    def doubled(self, what: str) -> None:
        self.doubles.append(what)

    def wrong(self, what: str) -> None:
        self.others.append(what)
