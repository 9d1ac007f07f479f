"""`wco-kpi verify`: whether a bundle, or running services, hold what they claim."""

import sys
import tempfile
from pathlib import Path

from wco_common.bundle import log_file
from wco_common.bundle_check import FLAWS_LISTED, Finding, check_bundle
from wco_common.instant import format_instant
from wco_embedded.compare import current_answers, differences
from wco_embedded.export import pull
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import DoesNotHold, Refusal
from wco_embedded.served import Served
from wco_embedded.settings import CommandSettings
from wco_events.event_type import LOG_NAMES


def run(target: str) -> None:
    """Verify a bundle's folder, or the services at a URL."""
    if "://" in target:
        _verify_services(target)
        return
    finding = checked(Path(target))
    print(f"{target} holds: {counts(finding)}.")


def checked(folder: Path) -> Finding:
    """Return what checking a bundle found. Raises DoesNotHold with all its flaws; warns where it has no manifest."""
    if not folder.is_dir():
        raise Refusal(f"{folder} is no folder, and so no log bundle.")
    finding = _check(folder)
    _hold(f"{folder} does not hold", [str(flaw) for flaw in finding.flaws], finding.flaws_in_all)
    if finding.manifest is None:
        print(f"wco-kpi: {folder} has no manifest.json: a whole log could be another, unnoticed.", file=sys.stderr)
    return finding


def _verify_services(url: str) -> None:
    with Served(url, CommandSettings()) as served, tempfile.TemporaryDirectory() as temporary:
        current = current_answers(served)
        folder = Path(temporary)
        manifest = pull(served, folder)
        finding = _check(folder)
        _hold(f"what {url} has recorded does not hold", [str(flaw) for flaw in finding.flaws], finding.flaws_in_all)
        found = list(differences(served, folder, manifest, current))
        _hold(f"{url} serves other values than its logs give", found[:FLAWS_LISTED], len(found))
    print(
        f"{url} holds, closed at {format_instant(manifest.closed)}: {counts(finding)}; KPI values equal the replayed."
    )


def _check(folder: Path) -> Finding:
    size = sum(file.stat().st_size for log in LOG_NAMES if (file := folder / log_file(log)).exists())
    with progress_bar("Checking", size) as advance:
        return check_bundle(folder, advance)


def _hold(what: str, flaws: list[str], number: int) -> None:
    """Raise DoesNotHold if there are flaws, listing the first of them."""
    if flaws:
        listed = "".join(f"\n  {flaw}" for flaw in flaws)
        raise DoesNotHold(f"{what}:{listed}" + (f"\n  and {number - len(flaws)} more" if number > len(flaws) else ""))


def counts(finding: Finding) -> str:
    """Say how many events a bundle has."""
    return ", ".join(f"{count} events of {log}" for log, count in finding.counts.items())
