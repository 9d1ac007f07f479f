"""Running services are held against their own logs."""

import signal
import sqlite3
from pathlib import Path

from e2e.command_line.commands import Up, posted, wco_kpi
from wco_events.event_type import LOG_NAMES


def test_services_that_serve_what_their_logs_give_hold(up: Up) -> None:
    done = wco_kpi("verify", up.url)
    assert done.returncode == 0, done.stderr
    assert "are those that they give" in done.stdout


def test_services_that_serve_other_values_do_not_hold_and_it_is_said_which(tmp_path: Path) -> None:
    with Up(tmp_path / "data", "--no-demo") as first:
        for log in LOG_NAMES:
            first.post(log, posted("edges", log))
        first.end(signal.SIGINT)
    with sqlite3.connect(tmp_path / "data" / "kpi-projector.sqlite") as state:
        lost = "DELETE FROM version WHERE cell IN (SELECT id FROM cell WHERE bucket LIKE 'activities|%')"
        assert state.execute(lost).rowcount
    state.close()
    with Up(tmp_path / "data") as up:
        done = wco_kpi("verify", up.url)
    assert done.returncode == 1, done.stdout
    assert "serves other values than its logs give" in done.stderr
    assert "SP3.alignment, 2022-23, as of" in done.stderr


def test_services_that_are_not_there_are_said(tmp_path: Path) -> None:
    done = wco_kpi("verify", "http://127.0.0.1:1")
    assert (done.returncode, "gives no answer" in done.stderr) == (2, True)
