"""What `wco-kpi replay` is measured against: decode every event, keep the latest of each subject, check nothing."""

import gc
import sys
from pathlib import Path

from wco_common.event import decode_folded

if __name__ == "__main__":
    gc.disable()
    facts = {}
    for path in Path(sys.argv[1]).glob("*.ndjson"):
        with path.open("rb") as file:
            for line in file:
                event = decode_folded(line)
                facts[event.type, event.subject] = event.data
    print(len(facts))
