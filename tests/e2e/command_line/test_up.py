"""One process runs everything, and can be stopped, killed and started again."""

import json
import re
import signal
from pathlib import Path

import httpx
import pytest

from e2e.command_line.commands import Up, posted, wco_kpi
from wco_embedded.directory import locked
from wco_embedded.port import bound
from wco_events.event_type import LOG_NAMES

SERVICES = (*LOG_NAMES, "kpi-projector")


def test_every_service_answers_under_its_name(up: Up) -> None:
    page = up.client.get("/services")
    assert page.headers["content-type"].startswith("text/html")
    for service in SERVICES:
        assert f'href="./{service}/docs"' in page.text
        for address in ("docs", "openapi.json", "livez", "readyz", "metrics"):
            assert up.client.get(f"/{service}/{address}").status_code == 200


def test_a_page_leads_to_the_plan_and_to_what_each_service_says_of_itself(up: Up) -> None:
    page = up.client.get("/services")
    links = re.findall(r'href="([^"]+)"', page.text)
    assert {
        "./kpi-projector/v1/plan",
        *(f"./{log}/v1/types" for log in LOG_NAMES),
        *(f"./{each}/{address}" for each in SERVICES for address in ("docs", "openapi.json", "readyz", "metrics")),
    } <= set(links)
    for link in links:
        assert up.client.get(page.url.join(link)).status_code == 200, link


def test_health_speaks_for_all_of_them(up: Up) -> None:
    assert up.get("/livez") == {"status": "alive"}
    assert up.get("/readyz") == {"status": "ready", "checks": list(SERVICES)}


def test_links_lead_on_from_where_they_are_given(up: Up) -> None:
    page = up.client.get("/plan-registry/v1/events?limit=1")
    following = page.url.join(page.links["next"]["url"])
    assert up.client.get(following).json()[0]["sequence"] == f"{2:016d}"


@pytest.mark.parametrize(
    "path", ["/nothing", "/plan-registry", "/plan-registry/", "/plan-registry/v1/nothing", "/docs"]
)
def test_an_unknown_address_is_a_problem(up: Up, path: str) -> None:
    answer = up.client.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["type"] == "urn:wco-kpi:problem:not-found"


def test_a_wrong_method_and_an_unknown_parameter_are_problems(up: Up) -> None:
    assert up.client.post("/readyz").json()["type"] == "urn:wco-kpi:problem:method-not-allowed"
    assert up.client.get("/readyz?verbose=1").json()["errors"][0]["pointer"] == "/verbose"


def test_a_recorded_event_is_in_the_kpis(up: Up) -> None:
    position = len(up.recorded("operations-feed"))
    answer = up.get("/kpi-projector/v1/scorecard", period="sp-2022-2025", after=f"operations-feed:{position}")
    assert answer["as_of"]["positions"]["operations-feed"] == position


def test_the_plan_is_adopted_on_the_first_start(up: Up) -> None:
    adopted = json.loads(up.recorded("plan-registry")[0])
    assert (adopted["type"], adopted["subject"]) == ("org.wcoomd.plan.adopted.v1", "sp-2022-2025")


def test_a_second_start_on_the_same_directory_is_refused_with_a_sentence(up: Up) -> None:
    done = wco_kpi("up", "--port", "0", "--data-dir", up.data_dir)
    assert done.returncode == 2
    assert f"{up.data_dir} is in use by process {up.process.pid}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_restore_into_a_directory_in_use_is_refused(up: Up, exported: Path) -> None:
    done = wco_kpi("restore", exported, "--data-dir", up.data_dir)
    assert done.returncode == 2
    assert "is in use by process" in done.stderr


def test_a_port_in_use_is_refused_with_a_sentence(up: Up, tmp_path: Path) -> None:
    port = httpx.URL(up.url).port
    done = wco_kpi("up", "--port", str(port), "--data-dir", tmp_path / "data")
    assert done.returncode == 2
    assert done.stderr == f"wco-kpi: 127.0.0.1:{port} cannot be used: Address already in use. Name another --port.\n"


def test_nothing_is_lost_or_folded_twice_when_it_is_killed_and_started_again(tmp_path: Path) -> None:
    with Up(tmp_path / "data", "--no-demo") as first:
        for log in LOG_NAMES:
            first.post(log, posted("edges", log))
        lines = {log: first.recorded(log) for log in LOG_NAMES}
        first.end(signal.SIGKILL)
    with Up(tmp_path / "data", "--no-demo") as again:
        assert {log: again.recorded(log) for log in LOG_NAMES} == lines
        answer = again.get("/kpi-projector/v1/scorecard", period="2022-23")
        assert answer["as_of"]["positions"] == {log: len(lines[log]) for log in LOG_NAMES}
        verified = wco_kpi("verify", again.url)
        assert verified.returncode == 0, verified.stderr


def test_ctrl_c_ends_open_streams_and_then_the_process_cleanly(tmp_path: Path) -> None:
    with Up(tmp_path / "data", "--no-demo") as up:
        with up.client.stream("GET", "/kpi-projector/v1/stream") as stream:
            chunks = stream.iter_bytes()
            assert next(chunks).startswith(b":")
            up.process.send_signal(signal.SIGINT)
            # The stream comes to its end, it is not broken off: that would raise.
            assert b"".join(chunks).count(b"event:") == 0
        assert up.process.wait() == 0
        assert up.stderr == ""
    with locked(tmp_path / "data"), bound(httpx.URL(up.url).port or 0):
        """Directory and port are free again."""


def test_a_restoring_of_another_bundle_that_was_broken_off_is_not_taken_for_whole(tmp_path: Path) -> None:
    (tmp_path / "restoring").write_text("/bundles/first")
    done = wco_kpi("up", "--port", "0", "--data-dir", tmp_path)
    assert done.returncode == 2
    assert f"run `wco-kpi restore /bundles/first --data-dir {tmp_path}` again" in done.stderr


def test_nothing_is_put_into_a_folder_of_something_else(exported: Path, tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    for command in (["up", "--port", "0"], ["up", "--port", "0", "--no-demo"], ["restore", exported]):
        done = wco_kpi(*command, "--data-dir", tmp_path)
        assert (done.returncode, "is no data directory: it holds notes.txt, and no log" in done.stderr) == (2, True)
    assert [file.name for file in tmp_path.iterdir()] == ["notes.txt"]


def test_a_database_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "plan-registry.sqlite").write_text("not a database, but long enough to be looked at for one" * 20)
    done = wco_kpi("up", "--port", "0", "--data-dir", tmp_path)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert f"the databases in {tmp_path} cannot be used: " in done.stderr
