"""The command line explains itself, and says in a sentence what is wrong with how it is used."""

from importlib.metadata import version

import pytest

from e2e.command_line.commands import wco_kpi


@pytest.mark.parametrize("command", ["up", "export", "restore", "replay", "verify"])
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
    ],
)
def test_wrong_usage_is_said_on_stderr_with_status_2(arguments: list[str]) -> None:
    done = wco_kpi(*arguments)
    assert done.returncode == 2
    assert (done.stderr or done.stdout).strip()
    assert "Traceback" not in done.stderr


def test_a_folder_that_is_not_there_is_said() -> None:
    for command in ("verify", "restore"):
        done = wco_kpi(command, "/nowhere/bundle")
        assert (done.returncode, "/nowhere/bundle is no folder" in done.stderr) == (2, True)


def test_a_wrong_setting_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WCO_KPI_ANSWER_TIMEOUT", "soon")
    done = wco_kpi("verify", "http://127.0.0.1:1")
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "the setting answer_timeout is 'soon' in the environment: Input should be a valid number" in done.stderr
