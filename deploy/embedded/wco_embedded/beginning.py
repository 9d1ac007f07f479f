"""What a system begins with where nothing is recorded yet."""

from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from wco_embedded.refusal import Refusal

if TYPE_CHECKING:  # it takes longer to load than all that a refusal needs
    from wco_common.event import Event


@dataclass(frozen=True, slots=True)
class Beginning:
    """The demonstration, a bundle that was checked, or a plan (None: the one that is shipped)."""

    demo: bool
    plan: "Event | None"
    bundle: Path | None = None


def chosen(demo: bool | None, catalogue: Path | None, bundle: Path | None = None) -> Beginning:
    """Return what the options of a command choose: the demonstration, where they say nothing. Raises Refusal."""
    if bundle is not None:
        if demo or catalogue is not None:
            raise Refusal("--bundle goes together with neither --demo nor --catalogue: it has a plan of its own.")
        from wco_embedded.checked import checked

        checked(bundle)
        return Beginning(False, None, bundle)
    if catalogue is None:
        return Beginning(demo is not False, None)
    if demo:
        raise Refusal("--demo and --catalogue do not go together: the demonstration has a plan of its own.")
    from wco_embedded.catalogue import read_catalogue

    return Beginning(False, read_catalogue(catalogue))


def demonstration() -> Path:
    """Return the folder of the demonstration's bundle."""
    return Path(str(resources.files("wco_data") / "demonstration"))
