"""What a log cannot take now, and what nobody knows that it has taken, is sent again; nothing is recorded twice."""

import json
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, Literal

import httpx
import pytest

from e2e.command_line.commands import Up, held, wco_kpi
from e2e.command_line.spreadsheets import HEADER, REPORTS, written

Trouble = Literal["too many", "too many for an hour", "commit unknown", "answer lost"]


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One process with the plan alone."""
    with Up(tmp_path_factory.mktemp("busy") / "data", "--no-demo") as up:
        yield up


@contextmanager
def front(system: Up, posting: Sequence[Trouble], checking: Sequence[Trouble] = ()) -> Iterator[str]:
    """What stands before the services and asks them all that it is asked. POSTs have one trouble after the other."""
    left = {True: iter(checking), False: iter(posting)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.tell(httpx.get(f"{system.url}{self.path}", headers={"Accept": self.headers["Accept"]}, timeout=30))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            trouble = next(left["dry_run" in self.path], None)
            if trouble in ("too many", "too many for an hour"):
                wait = "0" if trouble == "too many" else "3600"
                self.tell(problem(429, "too-many-requests", {"Retry-After": wait}))
                return
            headers = {"Content-Type": self.headers["Content-Type"]}
            answer = httpx.post(f"{system.url}{self.path}", content=body, headers=headers, timeout=30)
            if trouble == "commit unknown":
                self.tell(problem(503, "commit-unknown", {}))
            elif trouble is None:
                self.tell(answer)

        def tell(self, answer: httpx.Response) -> None:
            self.send_response(answer.status_code)
            for name in answer.headers.keys() & {"content-type", "retry-after"}:
                self.send_header(name, answer.headers[name])
            self.end_headers()
            self.wfile.write(answer.content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def problem(status: int, slug: str, headers: dict[str, str]) -> httpx.Response:
    told = {"type": f"urn:wco-kpi:problem:{slug}", "title": slug, "status": status, "detail": slug}
    return httpx.Response(status, headers=headers | {"Content-Type": "application/problem+json"}, json=told)


def recorded(system: Up, operation: str) -> Counter[str]:
    lines = [json.loads(line) for line in system.recorded("operations-feed")]
    return Counter(line["type"] for line in lines if line["subject"].partition("/")[0] == operation)


def of(reports: int) -> Counter[str]:
    return Counter({"org.wcoomd.operation.launched.v1": 1, "org.wcoomd.seizure.reported.v1": reports})


def reports(tmp_path: Path, operation: str, number: int) -> list[str | Path]:
    """The arguments of a command that takes so many reports of an operation."""
    mapping = written(tmp_path, "m.toml", REPORTS.replace('"import"', f'"{operation}"'))
    rows = "".join(f"r{each},FRA,2024-09-02,1\n" for each in range(number))
    return ["import", "seizures", written(tmp_path, "r.csv", HEADER + rows), "--mapping", mapping]


def test_what_is_not_taken_and_what_nobody_knows_of_is_sent_again_and_recorded_once(system: Up, tmp_path: Path) -> None:
    troubles: list[Trouble] = ["too many", "commit unknown", "answer lost", "too many"]
    options = {"WCO_KPI_IMPORT_EVENTS_A_BATCH": "2", "WCO_KPI_POST_PAUSE": "0.01"}
    with front(system, posting=troubles, checking=troubles) as url:
        done = wco_kpi(*reports(tmp_path, "troubled", 4), "--to", url, folder=None, **options)
    assert done.returncode == 0, done.stderr
    assert "Posted to operations-feed: 4 rows." in done.stdout
    assert recorded(system, "troubled") == of(4)


def test_a_log_that_says_when_to_come_again_is_asked_then(system: Up, tmp_path: Path) -> None:
    arguments = reports(tmp_path, "told-when", 1)
    with front(system, ["too many for an hour"]) as url:
        done = wco_kpi(*arguments, "--to", url)
    assert (done.returncode, "answers 429, too-many-requests. 0 of 1 rows are known" in done.stderr) == (2, True)
    assert recorded(system, "told-when") == Counter()
    with front(system, ["too many"]) as url:
        done = wco_kpi(*arguments, "--to", url, WCO_KPI_POST_PAUSE="3600")
    assert done.returncode == 0, done.stderr
    assert recorded(system, "told-when") == of(1)


def test_a_log_that_never_says_is_given_up_and_the_same_command_completes_the_file(system: Up, tmp_path: Path) -> None:
    arguments = reports(tmp_path, "given-up", 1)
    options = {"WCO_KPI_POST_TIMEOUT": "0.1", "WCO_KPI_POST_PAUSE": "0.01"}
    with front(system, ["commit unknown"] * 1_000) as url:
        done = wco_kpi(*arguments, "--to", url, folder=None, **options)
    assert (done.returncode, "answers 503, commit-unknown. 0 of 1 rows are known" in done.stderr) == (2, True)
    done = wco_kpi(*arguments, "--to", system.url)
    assert done.returncode == 0, done.stderr
    assert recorded(system, "given-up") == of(1)


@contextmanager
def no_room(database: Path) -> Iterator[None]:
    """Let a log refuse to be written, as on a full disk."""

    def run(statement: str) -> None:
        with sqlite3.connect(database, timeout=60) as connection:
            connection.execute(statement)
        connection.close()

    run("CREATE TRIGGER full BEFORE UPDATE ON head BEGIN SELECT RAISE(ABORT, 'there is no room'); END")
    yield
    run("DROP TRIGGER full")


def unavailable(system: Up) -> bool:
    """Whether somebody was told that nothing can be recorded."""
    lines = system.client.get("/operations-feed/metrics").text.splitlines()
    told = ('method="POST"', 'route="/v1/events"', 'status="503"')
    return any(line.startswith("wco_kpi_http_requests_total{") and all(each in line for each in told) for line in lines)


def test_a_log_that_has_no_room_half_way_is_waited_for(tmp_path: Path) -> None:
    with Up(tmp_path / "data", "--no-demo") as system:
        arguments = [*map(str, reports(tmp_path, "no-room", 40)), "--to", system.url]
        options = {"WCO_KPI_IMPORT_EVENTS_A_BATCH": "2", "WCO_KPI_POST_PAUSE": "0.1"}
        with held("posting", tmp_path / "reached", *arguments, **options) as importing:
            assert 0 < recorded(system, "no-room").total() < of(40).total()
            with no_room(tmp_path / "data" / "operations-feed.sqlite"):
                (tmp_path / "reached").unlink()
                while not unavailable(system):
                    assert importing.poll() is None, f"it ended with {importing.returncode}: {importing.communicate()}"
                    time.sleep(0.01)
            _, stderr = importing.communicate()
        assert (importing.returncode, "Traceback" in stderr) == (0, False), stderr
        assert recorded(system, "no-room") == of(40)
