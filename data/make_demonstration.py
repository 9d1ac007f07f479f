"""Make the demonstration's log bundle, data/wco_data/demonstration, from data/sources and from labelled chance.

`--check` writes nothing: it says whether the bundle is what this makes. Exit status 0: it is, or is now; 1: it is not.
"""

import argparse
import filecmp
import shutil
import sys
import tempfile
from pathlib import Path

from demonstration.history import write_demonstration
from wco_common.bundle import MANIFEST, log_file
from wco_events.event_type import LOG_NAMES

BUNDLE = Path(__file__).parent / "wco_data" / "demonstration"

_FILES = (*map(log_file, LOG_NAMES), MANIFEST)


def main() -> int:
    """Run the command; return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="compare only")
    parser.add_argument("bundle", nargs="?", type=Path, default=BUNDLE, help="a folder other than the one committed")
    asked = parser.parse_args()
    bundle: Path = asked.bundle
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        write_demonstration(made)
        if asked.check:
            _, differing, missing = filecmp.cmpfiles(made, bundle, _FILES, shallow=False)
            for name in differing + missing:
                print(f"{bundle / name} is not what make demo-data makes.", file=sys.stderr)
            return 1 if differing or missing else 0
        bundle.mkdir(exist_ok=True)
        for name in _FILES:
            shutil.copyfile(made / name, bundle / name)
    return 0


if __name__ == "__main__":
    sys.exit(main())
