"""What a person is told once everything answers."""

import sys
from pathlib import Path

from wco_embedded.services import PROJECTOR


def announce(address: str, data_dir: Path, plan: str | None) -> None:
    """Say where it answers, and what is worth a look; `plan` is the id of the adopted one."""
    print(f"wco-kpi answers at {address}/ (data in {data_dir}; Ctrl-C stops it)")
    for path, what in (
        *([(f"{PROJECTOR}/v1/scorecard?period={plan}", "the scorecard")] if plan else []),
        (f"{PROJECTOR}/v1/plan", "the plan in force"),
        (f"{PROJECTOR}/docs", "what can be asked"),
        ("operations-feed/docs", "what can be posted, as for each log"),
        ("readyz", "how all of it is"),
    ):
        print(f"  {address}/{path:<52}  {what}")
    sys.stdout.flush()
