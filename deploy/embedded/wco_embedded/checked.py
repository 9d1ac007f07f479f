"""A bundle that was checked, for the commands that go on only with one that holds."""

import sys
from collections.abc import Sequence
from pathlib import Path

from wco_common.bundle_check import Finding, check_bundle
from wco_embedded.bundle_folder import size_of
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import DoesNotHold


def checked(folder: Path, name: str = "") -> Finding:
    """Return what checking a bundle found; it is told of by `name`, or its folder.

    Raises DoesNotHold with its flaws, Refusal for what is no bundle; warns where there is no manifest.
    """
    with progress_bar("Checking", size_of(folder)) as advance:
        finding = check_bundle(folder, advance)
    must_be_none(f"{name or folder} does not hold", [str(flaw) for flaw in finding.flaws], finding.flaws_in_all)
    if finding.manifest is None:
        print(f"wco-kpi: {folder} has no manifest.json, so its hashes cannot be checked.", file=sys.stderr)
    return finding


def must_be_none(what: str, flaws: Sequence[str], number: int) -> None:
    """Raise DoesNotHold if there are flaws, listing those given, of `number` in all."""
    if flaws:
        listed = "".join(f"\n  {flaw}" for flaw in flaws)
        raise DoesNotHold(f"{what}:{listed}" + (f"\n  and {number - len(flaws)} more" if number > len(flaws) else ""))


def counts(finding: Finding) -> str:
    """Say how many events a bundle has."""
    return ", ".join(f"{count} events of {log}" for log, count in finding.counts.items())
