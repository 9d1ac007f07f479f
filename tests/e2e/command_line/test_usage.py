"""The command line explains itself, and says in a sentence what is wrong with how it is used."""

from importlib.metadata import version
from pathlib import Path

import pytest

from e2e.command_line.commands import wco_kpi


@pytest.mark.parametrize(
    "command", ["up", "cluster", "prepare", "export", "restore", "replay", "verify", "import", "import-template"]
)
def test_every_command_explains_itself_with_an_example(command: str) -> None:
    assert command in wco_kpi("--help").stdout
    done = wco_kpi(command, "--help")
    assert done.returncode == 0
    assert f"wco-kpi {command}" in done.stdout.partition("Example")[2]


def test_it_says_its_version() -> None:
    done = wco_kpi("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"wco-kpi {version('wco-kpi')}\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["fly"],
        ["replay"],
        ["replay", "x"],
        ["export", "--from", "x"],
        ["up", "--port", "x"],
        ["up", "--port", "70000"],
        ["cluster", "--demo", "--catalogue", "x.json"],
        ["cluster", "--bundle", "x"],
        ["prepare"],
    ],
)
def test_wrong_usage_is_said_on_stderr_with_status_2(arguments: list[str]) -> None:
    done = wco_kpi(*arguments)
    assert done.returncode == 2
    assert (done.stderr or done.stdout).strip()
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["verify"], ["restore"], ["replay", "--period", "2022-23"]])
def test_what_is_no_bundle_is_said_in_one_sentence(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    for name, said in (
        ("nothing", f"There is no folder {tmp_path}/nothing."),
        ("file", f"{tmp_path}/file is no folder, and so no log bundle."),
        ("folder", f"{tmp_path}/folder is no log bundle: it has none of plan-registry.ndjson, "),
    ):
        done = wco_kpi(*command, tmp_path / name)
        assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
        assert done.stderr.startswith(f"wco-kpi: {said}")


def test_what_cannot_be_read_in_a_bundle_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "plan-registry.ndjson").touch()
    (tmp_path / "manifest.json").mkdir()
    for command in (["verify"], ["restore"], ["replay", "--period", "2022-23"]):
        done = wco_kpi(*command, tmp_path)
        said = f"wco-kpi: {tmp_path}/manifest.json cannot be used: Is a directory.\n"
        assert (done.returncode, done.stderr) == (2, said)


def test_an_address_without_its_beginning_is_told_from_a_folder() -> None:
    done = wco_kpi("verify", "127.0.0.1:8000")
    said = "wco-kpi: There is no folder 127.0.0.1:8000. The address of services begins with http:// or https://.\n"
    assert (done.returncode, done.stderr) == (2, said)


@pytest.mark.parametrize(
    "command",
    [
        ["up", "--port", "0", "--data-dir", "data"],
        ["restore", "bundle"],
        ["verify", "http://127.0.0.1:1"],
        ["export", "--from", "http://127.0.0.1:1", "--out", "bundle"],
    ],
)
def test_wrong_settings_are_named_and_nothing_is_begun(command: list[str], tmp_path: Path) -> None:
    done = wco_kpi(
        *command,
        folder=tmp_path,
        WCO_KPI_ANSWER_TIMEOUT="soon",
        WCO_KPI_DATABASE_POOL_SIZE="0",
        WCO_KPI_STOP_TIMOUT="5",
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "wco-kpi: WCO_KPI_STOP_TIMOUT sets nothing here; is WCO_KPI_STOP_TIMEOUT meant?\n"
        "wco-kpi: WCO_KPI_DATABASE_POOL_SIZE is '0', but must be a whole number of at least 1; "
        "WCO_KPI_ANSWER_TIMEOUT is 'soon', but must be a number above 0.\n"
    )
    assert list(tmp_path.glob("*/*")) in ([], [tmp_path / "data" / "lock"])


def test_options_that_the_environment_gives_are_known(tmp_path: Path) -> None:
    done = wco_kpi("up", WCO_KPI_PORT="0", WCO_KPI_DATA_DIR=tmp_path / "data", WCO_KPI_LOG_LEVEL="loud")
    assert done.stderr == "wco-kpi: WCO_KPI_LOG_LEVEL is 'loud', but must be one of debug, info, warning, error.\n"
    done = wco_kpi("up", WCO_KPI_PORT="high")
    assert (done.returncode, "WCO_KPI_PORT" in done.stderr) == (2, True)
