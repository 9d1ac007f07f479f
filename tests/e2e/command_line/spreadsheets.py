"""Spreadsheets of reports, and taking them in as a user does."""

from pathlib import Path
from subprocess import CompletedProcess

from e2e.command_line.commands import Up, wco_kpi

REPORTS = """source = "urn:example:reports"
[before]
title = "Operation Import"
starts_on = 2024-09-01
ends_on = 2024-09-30
participants = []
[row]
operation = "import"
report = { column = "Ref" }
member = { column = "Member" }
seized_on = { column = "Day" }
category = "waste"
seizures = { column = "Seizures" }
"""
HEADER = "Ref,Member,Day,Seizures\n"


def take(
    system: Up, kind: str, file: Path, mapping: Path, *options: str, **environment: str | Path
) -> CompletedProcess[str]:
    """Import a file to its end, and wait until answers have what it recorded."""
    done = wco_kpi("import", kind, file, "--mapping", mapping, "--to", system.url, *options, folder=None, **environment)
    system.settle()
    return done


def written(tmp_path: Path, name: str, text: str) -> Path:
    """Write a file, and return where it is."""
    path = tmp_path / name
    path.write_text(text)
    return path
