#!/usr/bin/env python3
"""assemble.py EXAMPLE_DIR PLAN_REGISTRY.ndjson OUT_DIR: put your own plan.adopted before an example's events.

PLAN_REGISTRY.ndjson is the plan-registry log of a fresh installation, as `wco-kpi export` writes it.
"""
import json
import pathlib
import shutil
import sys

example, plan, out = map(pathlib.Path, sys.argv[1:4])
out.mkdir(parents=True, exist_ok=True)
adopted = next(e for e in map(json.loads, plan.open(encoding="utf-8")) if e["type"] == "org.wcoomd.plan.adopted.v1")
adopted |= {"sequence": f"{1:016d}", "recordedtime": "2022-06-01T00:00:00.000000Z", "subjectversion": 1}
line = json.dumps(adopted, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
(out / "plan-registry.ndjson").write_text(line + (example / "plan-registry.ndjson").read_text(encoding="utf-8"), encoding="utf-8")
for log in ("survey-intake", "operations-feed"):
    shutil.copy(example / f"{log}.ndjson", out)
