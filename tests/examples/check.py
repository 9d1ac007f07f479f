#!/usr/bin/env python3
"""check.py WCO_KPI PLAN_REGISTRY.ndjson [EXAMPLE ...]: replay the examples and compare every figure with expected.json.

WCO_KPI is the command (`.venv/bin/wco-kpi`); PLAN_REGISTRY.ndjson the plan-registry log of a fresh installation.
Exit status 0 only when all agree. One run of the command per period and moment: `edges` has 228.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
from decimal import Decimal

HERE = pathlib.Path(__file__).parent


def flat(kpi):
    reference = kpi.get("reference")
    return kpi | {"reference": reference["value"] if reference else None}


def same(got, want):
    if isinstance(want, str) and want.replace(".", "", 1).replace("-", "", 1).isdigit():
        return isinstance(got, str) and Decimal(got) == Decimal(want)
    if isinstance(want, float) and got is not None: return abs(got - want) < 1e-9
    return got == want


command, plan, *names = sys.argv[1:]
checked = wrong = 0
for name in names or ["edges", "a", "b", "c"]:
    with tempfile.TemporaryDirectory() as bundle:
        subprocess.run([sys.executable, HERE / "assemble.py", HERE / name, plan, bundle], check=True)
        for entry in json.load(open(HERE / name / "expected.json", encoding="utf-8")):
            run = subprocess.run([command, "replay", bundle, "--period", entry["period"], "--as-of", entry["as_of"], "--json"], capture_output=True, text=True)
            kpis = {k["id"]: flat(k) for k in json.loads(run.stdout)["kpis"]} if run.returncode == 0 else {}
            if run.returncode: print(name, entry["period"], entry["as_of"], "exit", run.returncode, run.stderr.strip()[-200:])
            for kpi, figures in entry["kpis"].items():
                for figure, want in figures.items():
                    checked += 1
                    if kpi not in kpis or not same(kpis[kpi].get(figure), want):
                        wrong += 1
                        if wrong <= 20: print(name, entry["period"], entry["as_of"], kpi, figure, "expected", want, "got", kpis.get(kpi, {}).get(figure))
print(f"{checked} figures, {wrong} differ")
sys.exit(bool(wrong) or not checked)
