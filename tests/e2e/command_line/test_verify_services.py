"""Running services are held against their own logs."""

import json
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

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
        first.settle()
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


@contextmanager
def another_server(answers: dict[str, Any], otherwise: bytes | None = None) -> Iterator[str]:
    """A server that is not ours: JSON by path, and one answer (without one, 404) to whatever else is asked."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = answers.get(self.path.partition("?")[0])
            body = otherwise if told is None else json.dumps(told).encode()
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


PLAN = "/kpi-projector/v1/plan"
HEADS = {f"/{log}/v1/head": {"sequence": 0, "closed_time": "2022-09-01T00:00:00.000000Z"} for log in LOG_NAMES}
ADOPTED = {PLAN: {"plan": "p", "periods": [{"id": "1"}]}}
A_SCORECARD = {"period": "1", "as_of": {"time": "2022-09-01T00:00:00.000000Z"}, "kpis": []}
SCORECARD = "/kpi-projector/v1/scorecard"
NO_PROJECTOR = "/kpi-projector does not answer as that service does: "


@pytest.mark.parametrize(
    ("answers", "otherwise", "status", "said"),
    [
        ({}, None, 2, f"{PLAN} answers 404, Not Found."),
        ({}, b"<html>It works!</html>", 2, NO_PROJECTOR),
        ({}, b"\xff", 2, NO_PROJECTOR),
        ({}, b"[" * 100_000, 2, NO_PROJECTOR),
        ({}, b"[]", 2, NO_PROJECTOR),
        ({}, b"{}", 2, f"{NO_PROJECTOR}Object missing required field `plan`."),
        ({PLAN: {"plan": "p", "periods": ["1"]}}, b"{}", 2, f"{NO_PROJECTOR}Expected `object`, got `str`"),
        (ADOPTED, b"{}", 2, f"{NO_PROJECTOR}Object missing required field `period`."),
        (ADOPTED | {SCORECARD: A_SCORECARD}, b"{}", 2, "/plan-registry does not answer as that service does: "),
        (
            ADOPTED | HEADS | {SCORECARD: A_SCORECARD | {"as_of": {"time": "2022-99-99T00:00:00.000000Z"}}},
            b"{}",
            2,
            "kpi-projector answers as of a time that is none: ",
        ),
        (ADOPTED | HEADS | {SCORECARD: A_SCORECARD}, b"{}", 1, "a plan is served, but none was adopted by then"),
    ],
)
def test_another_server_at_the_address_is_said_in_a_sentence(
    answers: dict[str, Any], otherwise: bytes | None, status: int, said: str
) -> None:
    with another_server(answers, otherwise) as url:
        done = wco_kpi("verify", url)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (status, True, False), done.stderr
