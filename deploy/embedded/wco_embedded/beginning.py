"""What a system begins with where nothing is recorded yet."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from wco_common.event import Event


@dataclass(frozen=True, slots=True)
class Beginning:
    """The demonstration, or a plan (None: the one that is shipped)."""

    demo: bool
    plan: Event | None


def demonstration() -> Path:
    """Return the folder of the demonstration's bundle."""
    return Path(str(resources.files("wco_data") / "demonstration"))
