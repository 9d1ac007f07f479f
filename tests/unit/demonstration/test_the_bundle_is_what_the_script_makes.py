"""The committed bundle is valid, and what the script makes of the sources, to the byte, whoever runs it."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from demonstration.entry import Entry, noted
from demonstration.history import write_demonstration
from demonstration.recording import Refused, recorded
from wco_common.bundle import MANIFEST, log_file, read_manifest
from wco_common.bundle_check import check_bundle
from wco_common.instant import parse_instant
from wco_events.event_type import LOG_NAMES

DATA = Path(__file__).parents[3] / "data"
BUNDLE = DATA / "wco_data" / "demonstration"
FILES = (*map(log_file, LOG_NAMES), MANIFEST)

END = parse_instant("2025-10-31T00:00:00Z")
REOPENED = Entry(noted(date(2023, 1, 9)), "action.reopened", "a1", {"reason": "Not complete"})


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the script as make does, with another order of sets than this process has."""
    return subprocess.run(
        [sys.executable, DATA / "make_demonstration.py", *arguments],
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )


def test_making_it_again_gives_the_committed_bytes(tmp_path: Path) -> None:
    write_demonstration(tmp_path)
    for name in FILES:
        assert (tmp_path / name).read_bytes() == (BUNDLE / name).read_bytes(), f"{name}: make demo-data"


def test_another_process_makes_the_same_and_says_so() -> None:
    checked = run("--check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_check_names_a_file_that_is_not_what_the_script_makes(tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    assert run("--check", folder).stderr.count("is not what make demo-data makes") == len(FILES)
    assert run(folder).returncode == 0
    assert all((folder / name).read_bytes() == (BUNDLE / name).read_bytes() for name in FILES)
    (folder / "survey-intake.ndjson").write_bytes(b"")
    checked = run("--check", folder)
    assert checked.returncode == 1
    assert checked.stderr.startswith(f"{folder / 'survey-intake.ndjson'} is not what")


def test_every_line_is_what_its_log_would_have_recorded() -> None:
    finding = check_bundle(BUNDLE)
    assert finding.flaws == []
    assert 3_000 <= sum(finding.counts.values()) <= 6_000


def test_it_is_small_and_cut_at_one_time() -> None:
    assert sum((BUNDLE / name).stat().st_size for name in FILES) < 3_000_000
    manifest = read_manifest(BUNDLE)
    assert manifest is not None
    assert manifest.closed == parse_instant("2025-10-31T23:59:59.999999Z")


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (REOPENED, "/subject action a1 does not exist"),
        (Entry(REOPENED.at, "action.reopened", "a1", {}), "/data/reason"),
        (Entry(REOPENED.at, "action.started", "a1", {"started_on": date(2023, 1, 11)}), "cannot be dated later"),
        (Entry(END + 1, "action.reopened", "a1", {"reason": "Not complete"}), "the end of the history"),
    ],
    ids=["contradicts the record", "malformed", "not happened yet", "after the end"],
)
def test_an_entry_that_a_log_would_refuse_makes_no_bundle(entry: Entry, told: str) -> None:
    with pytest.raises(Refused, match=told):
        recorded([entry], END)


def test_events_of_one_time_are_one_commit_in_the_order_told() -> None:
    operation = {"title": "x", "starts_on": date(2023, 1, 9), "ends_on": date(2023, 1, 9), "participants": []}
    later, at = noted(date(2023, 1, 10)), noted(date(2023, 1, 9))
    lines = recorded(
        [
            Entry(later, "operation.cancelled", "o1", {"reason": "x"}),
            Entry(at, "operation.launched", "o2", operation),
            Entry(at, "operation.launched", "o1", operation),
        ],
        END,
    )["operations-feed"]
    assert [line.count(b'"subject":"o1"') for line in lines] == [0, 1, 1]
