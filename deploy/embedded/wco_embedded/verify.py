"""`wco-kpi verify`: whether a bundle, or running services, hold what they claim."""

import tempfile
from pathlib import Path

from wco_common.bundle_check import FLAWS_LISTED
from wco_embedded.checked import checked, counts, must_be_none
from wco_embedded.refusal import Refusal


def run(target: str) -> None:
    """Verify a bundle's folder, or the services at a URL."""
    if "://" in target:
        _verify_services(target)
    elif not Path(target).exists():
        raise Refusal(f"There is no folder {target}. The address of services begins with http:// or https://.")
    else:
        print(f"{target} holds: {counts(checked(Path(target)))}.")


def _verify_services(url: str) -> None:
    from wco_embedded.compare import current_answers, differences
    from wco_embedded.environment import look_through_environment
    from wco_embedded.export import pull
    from wco_embedded.served import Served
    from wco_embedded.settings import CommandSettings

    look_through_environment()
    with Served(url, CommandSettings()) as served, tempfile.TemporaryDirectory() as temporary:
        current = current_answers(served)
        folder = Path(temporary)
        manifest = pull(served, folder)
        finding = checked(folder, f"what {url} has recorded")
        found = list(differences(served, folder, manifest, current))
        must_be_none(f"{url} serves other values than its logs give", found[:FLAWS_LISTED], len(found))
    print(f"{url} holds: {counts(finding)}; the KPI values that it serves are those that they give.")
