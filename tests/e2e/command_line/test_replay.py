"""A bundle is folded with no server, and gives the scorecard that the server gives."""

import json
import shutil
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from e2e.command_line.commands import Up, example_bundle, wco_kpi
from folding import EXAMPLES
from wco_common.canonical import canonical


@pytest.fixture(scope="module")
def edges(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of an example, without a manifest."""
    return example_bundle("edges", tmp_path_factory.mktemp("edges") / "bundle")


def replayed(bundle: Path, period: str, *arguments: str) -> Any:
    done = wco_kpi("replay", bundle, "--period", period, "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("place", [0, 100, -1])
def test_an_example_gives_the_figures_that_are_known_of_it(edges: Path, place: int) -> None:
    entry = json.loads((EXAMPLES / "edges" / "expected.json").read_bytes())[place]
    answer = replayed(edges, entry["period"], "--as-of", entry["as_of"])
    assert answer["as_of"]["time"] == entry["as_of"]
    kpis = {kpi["id"]: kpi for kpi in answer["kpis"]}
    assert kpis.keys() == entry["kpis"].keys()
    for kpi, figures in entry["kpis"].items():
        assert kpis[kpi]["value"] == figures["value"]
        assert kpis[kpi]["status"] == figures["status"]


def test_without_a_moment_it_is_the_last_recorded_time(edges: Path) -> None:
    recorded = [json.loads(line) for file in edges.iterdir() for line in file.read_bytes().splitlines()]
    answer = replayed(edges, "2022-23")
    assert answer["as_of"]["time"] == max(event["recordedtime"] for event in recorded)
    assert sum(answer["as_of"]["positions"].values()) == len(recorded)


def test_a_date_is_the_end_of_that_day(edges: Path) -> None:
    assert replayed(edges, "2022-23", "--as-of", "2023-01-31")["as_of"]["time"] == "2023-01-31T23:59:59.999999Z"


def test_positions_are_seen_from_the_latest_recorded_time_among_them(edges: Path) -> None:
    at = {"plan-registry": 5, "survey-intake": 0, "operations-feed": 0}
    answer = replayed(edges, "2022-23", "--as-of", ",".join(f"{log}:{position}" for log, position in at.items()))
    fifth = json.loads((edges / "plan-registry.ndjson").read_bytes().splitlines()[4])
    assert answer["as_of"] == {"time": fifth["recordedtime"], "positions": at, "fold": answer["as_of"]["fold"]}


def test_the_scorecard_is_printed_for_people_with_values_and_status_words(edges: Path) -> None:
    done = wco_kpi("replay", edges, "--period", "2022-23")
    assert done.returncode == 0, done.stderr
    for kpi in replayed(edges, "2022-23")["kpis"]:
        (line,) = (line for line in done.stdout.splitlines() if line.startswith(f"{kpi['id']} "))
        assert line.rstrip().endswith(kpi["status"].replace("_", " "))
        assert ("–" if kpi["value"] is None else str(kpi["value"]).removesuffix(".0")) in line
    assert "Members" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--period", "1999"], "'1999' is not a period; there are 2022-23"),
        (["--period", "2022-23", "--as-of", "yesterday"], "--as-of: must be a time"),
        (["--period", "2022-23", "--as-of", "2999-01-01"], "is in the future"),
        (["--period", "2022-23", "--as-of", "2021-01-01"], "no plan was adopted by 2021-01-01T23:59:59.999999Z"),
        (
            ["--period", "2022-23", "--as-of", "plan-registry:1,survey-intake:999,operations-feed:0"],
            "survey-intake has no 999; it ends at 19",
        ),
    ],
)
def test_what_cannot_be_answered_is_said(edges: Path, arguments: list[str], said: str) -> None:
    done = wco_kpi("replay", edges, *arguments)
    assert (done.returncode, said in done.stderr, done.stdout) == (2, True, ""), done.stderr


def test_a_moment_past_the_closed_time_is_refused(exported: Path) -> None:
    done = wco_kpi("replay", exported, "--period", "2022-23", "--as-of", "2999-01-01")
    assert (done.returncode, "where this bundle was closed" in done.stderr) == (2, True)


def test_an_event_past_the_closed_time_is_no_moment_to_answer_for(exported: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(exported, tmp_path / "bundle")
    *lines, last = (bundle / "survey-intake.ndjson").read_bytes().splitlines(keepends=True)
    later = json.loads(last) | {"recordedtime": "2999-01-01T00:00:00.000000Z"}
    content = b"".join([*lines, canonical(later), b"\n"])
    (bundle / "survey-intake.ndjson").write_bytes(content)
    manifest = json.loads((bundle / "manifest.json").read_bytes())
    manifest["logs"]["survey-intake"]["sha256"] = sha256(content).hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    done = wco_kpi("replay", bundle, "--period", "2022-23")
    assert (done.returncode, "where this bundle was closed" in done.stderr) == (2, True)


def test_the_same_moment_gives_the_same_bytes_as_the_server(up: Up, exported: Path) -> None:
    time = json.loads((exported / "manifest.json").read_bytes())["logs"]["plan-registry"]["closed_time"]
    for period in ("2022-23", "sp-2022-2025"):
        served = up.client.get("/kpi-projector/v1/scorecard", params={"period": period, "as_of": time})
        done = wco_kpi("replay", exported, "--period", period, "--as-of", time, "--json")
        assert done.stdout == served.text + "\n"


def test_a_file_that_is_not_the_manifests_is_refused(exported: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(exported, tmp_path / "bundle")
    lines = (bundle / "survey-intake.ndjson").read_bytes().splitlines(keepends=True)
    (bundle / "survey-intake.ndjson").write_bytes(b"".join(lines[:-1]))
    done = wco_kpi("replay", bundle, "--period", "2022-23")
    assert (done.returncode, "does not have the SHA-256" in done.stderr) == (1, True)


@pytest.mark.parametrize(
    ("line", "was", "becomes"),
    [(1, b'"sequence":"0000000000000001"', b'"sequence":"0000000000000002"'),
     (4, b'"sequence":"0000000000000004"', b'"sequence":"000000000000004"'),
     (4, b'"recordedtime":"20', b'"recordedtime":"19')],
)  # fmt: skip
def test_a_line_out_of_order_is_refused_also_without_a_manifest(
    edges: Path, tmp_path: Path, line: int, was: bytes, becomes: bytes
) -> None:
    bundle = shutil.copytree(edges, tmp_path / "bundle")
    lines = (bundle / "survey-intake.ndjson").read_bytes().splitlines(keepends=True)
    assert was in lines[line - 1]
    lines[line - 1] = lines[line - 1].replace(was, becomes)
    (bundle / "survey-intake.ndjson").write_bytes(b"".join(lines))
    done = wco_kpi("replay", bundle, "--period", "2022-23")
    assert (done.returncode, f"is out of order at line {line}." in done.stderr) == (1, True)


def test_a_log_that_is_missing_is_said(edges: Path, tmp_path: Path) -> None:
    bundle = shutil.copytree(edges, tmp_path / "bundle")
    (bundle / "survey-intake.ndjson").unlink()
    done = wco_kpi("replay", bundle, "--period", "2022-23")
    assert (done.returncode, "is no log bundle: it has no survey-intake.ndjson" in done.stderr) == (2, True)
