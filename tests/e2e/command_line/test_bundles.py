"""Logs go out into a bundle and come back to the byte; a bundle that was tampered with does not."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from e2e.command_line.commands import Up, example_bundle, wco_kpi
from wco_common.bundle_check import check_bundle
from wco_events.event_type import LOG_NAMES


def logs_of(bundle: Path) -> dict[str, bytes]:
    return {log: (bundle / f"{log}.ndjson").read_bytes() for log in LOG_NAMES}


def test_an_export_has_every_event_as_it_is_recorded_and_one_closed_time(up: Up, exported: Path) -> None:
    for log, content in logs_of(exported).items():
        assert content.splitlines() == up.recorded(log)  # type: ignore[arg-type]
    manifest = json.loads((exported / "manifest.json").read_bytes())
    assert list(manifest["logs"]) == list(LOG_NAMES)
    assert len({entry["closed_time"] for entry in manifest["logs"].values()}) == 1
    assert check_bundle(exported).flaws == []


def test_what_is_exported_restored_and_exported_again_is_the_same_to_the_byte(exported: Path, tmp_path: Path) -> None:
    restored = wco_kpi("restore", exported, "--data-dir", tmp_path / "data")
    assert restored.returncode == 0, restored.stderr
    with Up(tmp_path / "data") as up:
        assert wco_kpi("export", "--from", up.url, "--out", tmp_path / "again").returncode == 0
        closed = json.loads((exported / "manifest.json").read_bytes())["logs"]["plan-registry"]["closed_time"]
        served = up.client.get("/kpi-projector/v1/scorecard", params={"period": "2022-23", "as_of": closed})
        replayed = wco_kpi("replay", exported, "--period", "2022-23", "--as-of", closed, "--json")
        assert served.text + "\n" == replayed.stdout
    assert logs_of(tmp_path / "again") == logs_of(exported)
    first, again = (
        json.loads((bundle / "manifest.json").read_bytes())["logs"] for bundle in (exported, tmp_path / "again")
    )
    for log in LOG_NAMES:
        assert {**first[log], "closed_time": None} == {**again[log], "closed_time": None}
        assert first[log]["closed_time"] < again[log]["closed_time"]


def test_a_folder_that_has_something_is_not_exported_into(up: Up, tmp_path: Path) -> None:
    (tmp_path / "kept").touch()
    done = wco_kpi("export", "--from", up.url, "--out", tmp_path)
    assert (done.returncode, "is there already and is not an empty folder" in done.stderr) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["kept"]


def test_a_place_where_no_folder_can_be_is_said_and_nothing_is_written(up: Up, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for out, why in ((tmp_path / "file" / "bundle", "File exists"), (tmp_path / "file" / "a" / "b", "Not a directory")):
        done = wco_kpi("export", "--from", up.url, "--out", out)
        assert done.returncode == 2
        assert done.stderr.startswith(f"wco-kpi: {tmp_path}/file")
        assert done.stderr.endswith(f" cannot be used: {why}; nothing was written.\n")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1", "gives no answer"),
        ("127.0.0.1:8000", "is not an address such as http://127.0.0.1:8000."),
        ("ftp://127.0.0.1:8000", "is not an address"),
        ("http://", "is not an address"),
        ("http://127.0.0.1:8000/?page=1", "is not an address"),
        ("http://a b:x", "is not an address"),
        ("http://a..b", "gives no answer"),
    ],
)
def test_an_address_that_does_not_answer_is_said(tmp_path: Path, url: str, said: str) -> None:
    done = wco_kpi("export", "--from", url, "--out", tmp_path / "bundle")
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False)
    assert list(tmp_path.iterdir()) == []


def test_only_empty_logs_are_filled_and_those_of_a_restoring_that_was_broken_off(
    exported: Path, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    assert wco_kpi("restore", exported, "--data-dir", data).returncode == 0
    again = wco_kpi("restore", exported, "--data-dir", data)
    assert (again.returncode, "plan-registry is not empty" in again.stderr) == (2, True)
    (data / "restoring").write_text(str(exported))
    anew = wco_kpi("restore", exported, "--data-dir", data)
    assert anew.returncode == 0, anew.stderr
    assert not (data / "restoring").exists()


def changed_byte(bundle: Path) -> str:
    file = bundle / "survey-intake.ndjson"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"recordedtime":"20', b'"recordedtime":"19')
    file.write_bytes(b"".join(lines))
    return "survey-intake.ndjson, line 2: /recordedtime is earlier than"


def dropped_line(bundle: Path) -> str:
    file = bundle / "operations-feed.ndjson"
    lines = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines[:4] + lines[5:]))
    return "operations-feed.ndjson, line 5: /sequence is 6 where 5 is due"


def swapped_lines(bundle: Path) -> str:
    file = bundle / "plan-registry.ndjson"
    lines = file.read_bytes().splitlines(keepends=True)
    lines[2:4] = reversed(lines[2:4])
    file.write_bytes(b"".join(lines))
    return "plan-registry.ndjson, line 3: /sequence is 4 where 3 is due"


def wrong_manifest(bundle: Path) -> str:
    file = bundle / "manifest.json"
    file.write_bytes(file.read_bytes().replace(b'"sha256": "', b'"sha256": "0000').replace(b"00000", b"0000"))
    return "manifest.json: "


def lost_file(bundle: Path) -> str:
    (bundle / "survey-intake.ndjson").unlink()
    return "survey-intake.ndjson: is missing"


@pytest.mark.parametrize("tamper", [changed_byte, dropped_line, swapped_lines, wrong_manifest, lost_file])
def test_a_bundle_that_was_tampered_with_is_refused_with_the_place(
    exported: Path, tmp_path: Path, tamper: Callable[[Path], str]
) -> None:
    bundle = shutil.copytree(exported, tmp_path / "bundle")
    said = tamper(bundle)
    for done in (wco_kpi("verify", bundle), wco_kpi("restore", bundle, "--data-dir", tmp_path / "data")):
        assert done.returncode == 1
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert not (tmp_path / "data").exists()


def test_a_bundle_without_a_manifest_is_restored_with_a_warning(tmp_path: Path) -> None:
    done = wco_kpi("restore", example_bundle("edges", tmp_path / "bundle"), "--data-dir", tmp_path / "data")
    assert done.returncode == 0, done.stderr
    assert "has no manifest.json" in done.stderr


def test_the_folder_that_is_restored_into_is_found_as_up_finds_it_and_said(exported: Path, tmp_path: Path) -> None:
    named, by_environment, by_default = tmp_path / "named", tmp_path / "environment", tmp_path / "wco-kpi-data"
    cases: list[tuple[list[str | Path], dict[str, Path], Path]] = [
        (["--data-dir", named], {"WCO_KPI_DATA_DIR": by_environment}, named),
        ([], {"WCO_KPI_DATA_DIR": by_environment}, by_environment),
        ([], {}, by_default),
    ]
    for arguments, environment, expected in cases:
        done = wco_kpi("restore", exported, *arguments, folder=tmp_path, **environment)
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith(f" into {expected}.\n")
        assert (expected / "plan-registry.sqlite").exists()
        assert wco_kpi("restore", exported, "--data-dir", expected).returncode == 2, "it was not restored into"


def test_a_bundle_that_verifies_says_what_it_has(exported: Path) -> None:
    done = wco_kpi("verify", exported)
    assert (done.returncode, done.stderr) == (0, "")
    assert "32 events of operations-feed" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--database", "plan-registry=sqlite+aiosqlite:///x"], "is missing for survey-intake, operations-feed"),
        (["--database", "kpi-projector=sqlite+aiosqlite:///x"], "'kpi-projector' is not"),
        (["--database", "plan-registry"], "--database is LOG=URL"),
        (
            ["--database", "plan-registry=sqlite:///x", "--database", "plan-registry=sqlite:///x"],
            "names plan-registry twice",
        ),
        (["--database", "plan-registry=x", "--data-dir", "y"], "do not go together"),
        (
            [f"--database={log}=no://where" for log in LOG_NAMES],
            "--database: the URL of plan-registry must begin with sqlite:/// or postgresql://",
        ),
        (
            [f"--database={log}=postgresql://127.0.0.1:1/{log}" for log in LOG_NAMES],
            "the database of plan-registry cannot be used: ",
        ),
        (
            [f"--database={log}=postgresql://127.0.0.1:1/{log}?sslmode=require" for log in LOG_NAMES],
            "the database of plan-registry cannot be used: ",
        ),
        (
            [f"--database={log}=sqlite:////nowhere/{log}" for log in LOG_NAMES],
            "the database of plan-registry cannot be",
        ),
    ],
)
def test_databases_that_are_named_wrongly_are_said(exported: Path, arguments: list[str], said: str) -> None:
    done = wco_kpi("restore", exported, *arguments)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr


async def test_a_bundle_is_restored_into_databases_of_postgresql(exported: Path, postgres_url: str) -> None:
    server = create_async_engine(postgres_url, isolation_level="AUTOCOMMIT")
    named = {log: f"restored_{log.replace('-', '_')}" for log in LOG_NAMES}
    async with server.connect() as connection:
        for database in named.values():
            await connection.execute(text(f"CREATE DATABASE {database} TEMPLATE template0"))
    urls = {
        log: make_url(postgres_url).set(database=database).render_as_string(hide_password=False)
        for log, database in named.items()
    }
    # The first is named as others name it, without the driver.
    databases = [f"--database={log}={url}" for log, url in urls.items()]
    databases[0] = databases[0].replace("postgresql+asyncpg:", "postgresql:")
    done = wco_kpi("restore", exported, *databases, WCO_KPI_DATA_DIR="a folder that is up's, and here of no account")
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(" into the databases that --database names.\n")
    for log, url in urls.items():
        engine = create_async_engine(url)
        async with engine.connect() as connection:
            rows = (await connection.execute(text("SELECT body FROM event ORDER BY sequence"))).scalars().all()
        await engine.dispose()
        assert b"".join(row + b"\n" for row in rows) == (exported / f"{log}.ndjson").read_bytes()
    async with server.connect() as connection:
        for database in named.values():
            await connection.execute(text(f"DROP DATABASE {database} WITH (FORCE)"))
    await server.dispose()
