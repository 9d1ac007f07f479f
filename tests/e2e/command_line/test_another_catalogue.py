"""Another plan is another file: named to `up`, it is adopted, and its KPIs are answered, with no code changed."""

import json
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from e2e.command_line.commands import Up, wco_kpi

LIGHTHOUSES = Path(__file__).parents[2] / "plans" / "lighthouses-2031-2032.json"
ID = "lighthouses-2031-2032"


def event(name: str, subject: str, **data: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": f"{name}-{subject}",
        "source": "urn:example:keepers",
        "type": f"org.wcoomd.{name}.v1",
        "subject": subject,
        "data": data,
    }


def work(number: int, objective: str) -> dict[str, str]:
    return {"id": f"w{number}", "objective": objective, "title": "A work", "due_on": "2031-05-01"}


def test_an_invented_plan_is_adopted_and_answered_and_goes_on_after_a_restart(tmp_path: Path) -> None:
    actions = [work(1, "LIGHT1"), work(2, "LIGHT2"), work(3, "LIGHT2"), work(4, "CREW")]
    with Up(tmp_path / "data", "--no-demo", "--catalogue", str(LIGHTHOUSES)) as up:
        assert up.process.stdout is not None
        assert f"/kpi-projector/v1/scorecard?period={ID} " in up.process.stdout.readline()
        plan = up.get("/kpi-projector/v1/plan")
        assert plan["plan"] == ID
        assert [period["id"] for period in plan["periods"]] == ["first-half", "second-half", "winter"]
        up.post(
            "plan-registry",
            [
                event("implementation-plan.published", "first-half", plan=ID, period="first-half", actions=actions),
                event("action.completed", "w1", completed_on="2026-02-01"),
            ],
        )
        answer = up.get("/kpi-projector/v1/scorecard", period="first-half", after="plan-registry:3")
        assert [kpi["id"] for kpi in answer["kpis"]] == [
            kpi["id"] for kpi in json.loads(LIGHTHOUSES.read_bytes())["kpis"]
        ]
        (completion,) = (kpi for kpi in answer["kpis"] if kpi["id"] == "LIGHT.completion")
        assert (completion["numerator"], completion["denominator"]) == ("1", "3")
        verified = wco_kpi("verify", up.url)
        assert verified.returncode == 0, verified.stderr
        assert up.end(signal.SIGINT) == 0
    with Up(tmp_path / "data") as again:
        assert again.get("/kpi-projector/v1/plan")["plan"] == ID
        assert len(again.recorded("plan-registry")) == 3
    with Up(tmp_path / "data", "--catalogue", str(LIGHTHOUSES)) as once_more:
        assert len(once_more.recorded("plan-registry")) == 3


def test_the_plan_that_is_named_begins_an_empty_folder_in_place_of_the_demonstration(tmp_path: Path) -> None:
    with Up(tmp_path / "data", "--catalogue", str(LIGHTHOUSES)) as up:
        assert up.get("/kpi-projector/v1/plan")["plan"] == ID
        assert up.recorded("survey-intake") == []


def test_a_plan_is_not_put_beside_another(tmp_path: Path) -> None:
    together = wco_kpi("up", "--demo", "--data-dir", tmp_path / "data", WCO_KPI_CATALOGUE=LIGHTHOUSES)
    assert (together.returncode, "--demo and --catalogue do not go together" in together.stderr) == (2, True)
    with Up(tmp_path / "data", "--no-demo") as first:
        first.end(signal.SIGINT)
    done = wco_kpi("up", "--port", "0", "--data-dir", tmp_path / "data", "--catalogue", LIGHTHOUSES)
    assert done.returncode == 2
    assert done.stderr == (
        f"wco-kpi: the plan sp-2022-2025 is adopted here, and a log holds one plan: name another --data-dir for {ID}.\n"
    )


def twice(plan: Any) -> str:
    plan["periods"][1].update(id=ID, starts_on="2031-08-01")
    return (
        "\n  /periods/1/starts_on periods tile the plan: this one starts on 2031-07-01"
        f"\n  /periods/1/id {ID} is the plan, which stands for all periods together\n"
    )


def unknown(plan: Any) -> str:
    plan["kpis"][0]["colour"] = "red"
    return "\n  /kpis/0/colour is not a field here\n"


def fraction(plan: Any) -> str:
    plan["kpis"][0]["target"]["value"] = 0.5
    return "\n  /kpis/0/target/value has a fraction or an exponent; numbers here are integers, decimals are strings\n"


@pytest.mark.parametrize("spoil", [twice, unknown, fraction])
def test_every_mistake_in_a_catalogue_is_said_with_its_place_and_nothing_is_begun(
    tmp_path: Path, spoil: Callable[[Any], str]
) -> None:
    plan = json.loads(LIGHTHOUSES.read_bytes())
    said = spoil(plan)
    file = tmp_path / LIGHTHOUSES.name
    file.write_text(json.dumps(plan))
    done = wco_kpi("up", "--port", "0", "--data-dir", tmp_path / "data", "--catalogue", file)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"wco-kpi: {file} is no catalogue:{said}"
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("plan.json", b"{", " is no catalogue: the body is not JSON: "),
        ("plan.json", b"\xff", " is no catalogue: the body is not UTF-8: "),
        ("plan.json", b"[]", " is no catalogue:\n  the whole must be an object\n"),
        ("our plan.json", LIGHTHOUSES.read_bytes(), "\n  its name without .json, the plan's id, must be an id: "),
        ("nothing.json", None, " cannot be used: No such file or directory.\n"),
    ],
)
def test_what_is_no_catalogue_is_said(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = wco_kpi("up", "--port", "0", "--data-dir", tmp_path / "data", "--catalogue", tmp_path / name)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert done.stderr.startswith(f"wco-kpi: {tmp_path / name}")
    assert said in done.stderr
