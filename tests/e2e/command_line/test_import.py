"""`wco-kpi import` into one running process: real statistics, actions, answers, and what goes wrong on the way."""

import csv
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from e2e.command_line.commands import Up, held, wco_kpi
from e2e.command_line.spreadsheets import HEADER, REPORTS, take, written

IMPORTS = Path(__file__).parents[3] / "data" / "imports"
STATISTICS = IMPORTS / "cbp-drug-seizures-fy19-22.csv.gz"
MAPPING = IMPORTS / "cbp-drug-seizures.toml"
OPERATION = "national-statistics-us-cbp-drugs"


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """One process with the plan alone."""
    with Up(tmp_path_factory.mktemp("import") / "data", "--no-demo") as up:
        yield up


def figures(system: Up) -> list[dict[str, Any]]:
    """All that is answered of the seizures, value and provisional too, over every period."""
    place = f"operations-feed:{len(system.recorded('operations-feed'))}"
    periods = ["2022-23", "2023-24", "2024-25", "sp-2022-2025"]
    return [
        {key: value for key, value in kpi.items() if key != "as_of"}
        for period in periods
        for kpi in [system.get("/kpi-projector/v1/kpis/SP2.seizures", period=period, after=place)]
    ]


@pytest.mark.timeout(600)  # it takes half a minute alone, and other tests run at the same time
def test_national_statistics_are_taken_in_whole_and_move_no_figure_of_the_plan(tmp_path: Path) -> None:
    with Up(tmp_path / "data") as system:  # with the demonstration, whose figures are not null
        before = figures(system)
        assert any(answer["kpi"]["value"] for answer in before)
        assert any(answer["kpi"]["provisional"] != answer["kpi"]["value"] for answer in before)
        recorded = len(system.recorded("operations-feed"))

        checked = take(system, "seizures", STATISTICS, MAPPING, "--dry-run")
        assert checked.returncode == 0, checked.stderr
        said = "10,092 rows; 10,092 seizure.reported; 0 say nothing new. Before them: 1 operation.launched.\n"
        assert said in checked.stdout
        assert len(system.recorded("operations-feed")) == recorded

        done = take(system, "seizures", STATISTICS, MAPPING)
        assert done.returncode == 0, done.stderr
        assert len(system.recorded("operations-feed")) == recorded + 1 + 10_092
        assert figures(system) == before

        again = take(system, "seizures", STATISTICS, MAPPING)
        assert (again.returncode, "10,092 rows; 10,092 say nothing new.\n" in again.stdout) == (0, True)
        assert len(system.recorded("operations-feed")) == recorded + 1 + 10_092

        operation = system.get(f"/operations-feed/v1/operations/{OPERATION}")["operation"]
        assert operation["title"].startswith("National statistics")
        assert (operation["ends_on"], operation["final"]) == ("2022-06-30", None)
        with gzip.open(STATISTICS, "rt", newline="") as file:
            lines = list(csv.DictReader(file))
        assert operation["reported"]["reports"] == len(lines)
        assert operation["reported"]["seizures"] == sum(int(line["Count of Event"]) for line in lines)
        rounded = [round(Fraction(line["Sum Qty (lbs)"]) * 45359237 / 100) for line in lines]
        (kilograms,) = operation["reported"]["quantities"]
        assert kilograms["unit"] == "kg"
        assert Fraction(kilograms["amount"]) == Fraction(sum(rounded), 10**6)


def test_a_dry_run_counts_every_event_that_would_be_posted(system: Up, tmp_path: Path) -> None:
    mapping = written(tmp_path, "m.toml", REPORTS.replace('"import"', '{ column = "Operation" }'))
    rows = "".join(f"{ref},FRA,2024-09-02,1,counted-{operation}\n" for operation in "ab" for ref in ("r1", "r2", "r3"))
    file = written(tmp_path, "r.csv", f"{HEADER.strip()},Operation\n{rows}")
    options = {"WCO_KPI_IMPORT_EVENTS_A_BATCH": "2"}  # so that what comes before is in many batches
    recorded = len(system.recorded("operations-feed"))
    checked = take(system, "seizures", file, mapping, "--dry-run", **options)
    assert "6 rows; 6 seizure.reported; 0 say nothing new. Before them: 2 operation.launched.\n" in checked.stdout
    assert take(system, "seizures", file, mapping, **options).returncode == 0
    assert len(system.recorded("operations-feed")) == recorded + 6 + 2


def test_a_changed_row_is_corrected_and_the_others_are_left_alone(system: Up, tmp_path: Path) -> None:
    mapping = written(tmp_path, "m.toml", REPORTS)
    file = written(tmp_path, "r.csv", f"{HEADER}a,FRA,2024-09-02,3\nb,BEL,2024-09-03,4\n")
    assert take(system, "seizures", file, mapping).returncode == 0
    file = written(tmp_path, "r.csv", f"{HEADER}a,FRA,2024-09-02,5\nb,BEL,2024-09-03,4\nc,DEU,2024-09-04,1\n")
    done = take(system, "seizures", file, mapping)
    assert "3 rows; 1 seizure.corrected; 1 seizure.reported; 1 say nothing new." in done.stdout
    reports = system.get("/operations-feed/v1/operations/import/reports")["reports"]
    assert [(each["report"], each["seizures"], each["event"]) for each in reports] == [
        ("a", 5, "seizure.corrected"),
        ("b", 4, "seizure.reported"),
        ("c", 1, "seizure.reported"),
    ]


def test_every_bad_row_is_told_and_nothing_is_posted(system: Up, tmp_path: Path) -> None:
    mapping = written(tmp_path, "m.toml", REPORTS.replace('"import"', '"import-bad"'))
    lines = [
        "a,FRA,2024-09-02,3",
        "b,FRANCE,2024-09-02,3",
        "c,FRA,2024-09-31,x",
        "a,FRA,2024-09-02,3",
        "d,FRA,2999-01-01,3",
        "e,FRA,2999-01-02,3",
    ]
    file = written(tmp_path, "r.csv", HEADER + "\n".join(lines))
    recorded = system.recorded("operations-feed")
    done = take(system, "seizures", file, mapping)
    assert done.returncode == 1
    told = [line.removeprefix(f"{file}, ") for line in done.stderr.splitlines() if line.startswith(str(file))]
    assert [line.partition(":")[0] for line in told] == [
        "line 3, 'Member'",
        "line 4, 'Day'",
        "line 4, 'Seizures'",
        "line 5",
        "lines 6-7, 'Day'",
    ]
    assert "line 5: is import-bad/a, as line 2 is already" in told
    assert "5 of 6 rows cannot be taken (Day: 3; Member: 1; Seizures: 1; the row as a whole: 1)." in done.stderr
    assert system.recorded("operations-feed") == recorded


def test_every_row_that_the_log_refuses_is_told_however_many_there_are(system: Up, tmp_path: Path) -> None:
    mapping = written(tmp_path, "m.toml", REPORTS.replace('"import"', '"import-refused"'))
    file = written(tmp_path, "r.csv", f"{HEADER}a,FRA,2024-09-02,3\nb,FRA,2024-09-02,3\n")
    assert take(system, "seizures", file, mapping).returncode == 0
    cancelled = {
        "specversion": "1.0",
        "id": "cancelled",
        "source": "urn:example:tests",
        "type": "org.wcoomd.operation.cancelled.v1",
        "subject": "import-refused",
        "data": {"reason": "No more"},
    }
    system.post("operations-feed", [cancelled])
    file = written(
        tmp_path,
        "r.csv",
        HEADER
        + "".join(f"{number},FRA,2024-09-02,4\n" for number in range(300))
        + "g,FRA,2999-01-01,4\na,FRA,2024-09-02,3\nh,FRA,2024-09-02,x\ni,FRA,2024-09-02,4\n",
    )

    def told(**environment: str) -> list[str]:
        done = take(system, "seizures", file, mapping, **environment)
        assert done.returncode == 1
        lines = [line.removeprefix(f"{file}, ") for line in done.stderr.splitlines()]
        assert lines.pop().startswith("wco-kpi: 303 of 304 rows cannot be taken (")
        return lines

    cancelled_rows, later, unread = told()
    assert cancelled_rows.startswith("lines 2-301, 305: ")
    assert "operation import-refused is cancelled" in cancelled_rows
    assert [later.partition(":")[0], unread.partition(":")[0]] == ["line 302, 'Day'", "line 304, 'Seizures'"]
    first, others = told(WCO_KPI_IMPORT_FAULTS="1")
    assert (first, others) == (cancelled_rows, "also lines 302, 304: 2 faults of other kinds")


def test_what_was_killed_half_way_is_completed_by_the_same_command(system: Up, tmp_path: Path) -> None:
    mapping = written(tmp_path, "m.toml", REPORTS.replace('"import"', '"import-killed"'))
    names = [f"r{number}" for number in range(400)]
    file = written(tmp_path, "r.csv", HEADER + "".join(f"{name},FRA,2024-09-02,1\n" for name in names))

    def reports() -> list[str]:
        system.settle()
        answer = system.client.get("/operations-feed/v1/operations/import-killed/reports", params={"limit": 1_000})
        return [each["report"] for each in answer.json().get("reports", [])]

    command = ["import", "seizures", str(file), "--mapping", str(mapping), "--to", system.url]
    with held("posting", tmp_path / "reached", *command, WCO_KPI_IMPORT_EVENTS_A_BATCH="2") as importing:
        importing.kill()
    assert 0 < len(reports()) < len(names)

    done = take(system, "seizures", file, mapping)
    assert re.search(r": 400 rows; [1-9]\d* seizure\.reported; [1-9]\d* say nothing new\.$", done.stdout, re.MULTILINE)
    assert sorted(reports()) == sorted(names)
    recorded = [json.loads(line)["type"] for line in system.recorded("operations-feed") if b"import-killed" in line]
    assert Counter(recorded) == {"org.wcoomd.operation.launched.v1": 1, "org.wcoomd.seizure.reported.v1": len(names)}


def write_over(template: Path, cells: dict[str, str]) -> None:
    """Write over cells of a template's example, by their columns, those that it has."""
    if template.suffix == ".csv":
        with template.open(newline="") as file:
            names, *lines = csv.reader(file)
        lines[1] = [cells.get(name, cell) for name, cell in zip(names, lines[1], strict=True)]
        with template.open("w", newline="") as file:
            csv.writer(file).writerows([names, *lines])
    else:
        book = load_workbook(template)
        for name, *_, example in book.worksheets[0].iter_cols(max_row=3):
            example.value = cells.get(name.value, example.value)
        book.save(template)


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("kind", ["seizures", "actions", "answers"])
def test_a_template_is_taken_once_its_example_is_written_over_and_a_second_time_adds_nothing(
    system: Up, tmp_path: Path, kind: str, ending: str
) -> None:
    assert wco_kpi("import-template", kind, "--out", tmp_path).returncode == 0
    file, mapping = tmp_path / f"{kind}.{ending}", tmp_path / f"{kind}.toml"
    done = take(system, kind, file, mapping)
    assert (done.returncode, "line 3: is the template's example: write over it" in done.stderr) == (1, True)
    write_over(file, {"report": "FRA-01", "action": f"by-{ending}", "submitted_on": "2022-11-15"})
    for _ in range(2):
        done = take(system, kind, file, mapping)
        assert done.returncode == 0, done.stderr
    assert "1 row; 1 say nothing new." in done.stdout
    refused = wco_kpi("import-template", kind, "--out", tmp_path)
    assert (refused.returncode, "not written over" in refused.stderr) == (2, True)


def test_actions_are_announced_moved_and_completed_by_one_spreadsheet(system: Up, tmp_path: Path) -> None:
    mapping = written(
        tmp_path,
        "m.toml",
        'source = "urn:example:actions"\n[before]\nplan = "sp-2022-2025"\nactions = []\n'
        'period = { column = "Period" }\n[row]\naction = { column = "No" }\nperiod = { column = "Period" }\n'
        'objective = { column = "For" }\ntitle = { column = "What" }\ndue_on = { column = "Due" }\n'
        'completed_on = { column = "Done" }\n',
    )
    header = "No,Period,For,What,Due,Done\n"
    first = written(
        tmp_path, "a.csv", f"{header}x-1,2023-24,SO1,Do it,2023-10-31,\nx-2,2024-25,SO2,That too,2024-10-31,\n"
    )
    assert take(system, "actions", first, mapping).returncode == 0
    then = written(
        tmp_path,
        "a.csv",
        f"{header}x-1,2023-24,SO1,Do it,2023-12-31,2023-12-01\nx-2,2024-25,SO2,That too,2024-10-31,\n",
    )
    done = take(system, "actions", then, mapping)
    assert "2 rows; 1 action.rescheduled; 1 action.completed; 1 say nothing new." in done.stdout
    action = system.get("/plan-registry/v1/actions/x-1")["action"]
    assert (action["state"], action["due_on"], action["completed_on"]) == ("completed", "2023-12-31", "2023-12-01")
    other = written(tmp_path, "a.csv", f"{header}x-1,2023-24,SO1,Do that,2023-12-31,2023-12-01\n")
    done = take(system, "actions", other, mapping)
    assert (done.returncode, "line 2, 'What': title: recorded otherwise" in done.stderr) == (1, True)
    completed = written(tmp_path, "c.csv", "No,Done\nx-2,2024-10-01\nx-7,2024-10-01\n")
    just_done = written(
        tmp_path,
        "c.toml",
        'source = "urn:example:completions"\n[row]\naction = { column = "No" }\ncompleted_on = { column = "Done" }\n',
    )
    done = take(system, "actions", completed, just_done)
    assert (done.returncode, "line 3, 'No': subject: action x-7" in done.stderr) == (1, True), done.stderr
    completed = written(tmp_path, "c.csv", "No,Done\nx-2,2024-10-01\n")
    done = take(system, "actions", completed, just_done)
    assert "1 row; 1 action.completed; 0 say nothing new." in done.stdout, done.stderr
    action = system.get("/plan-registry/v1/actions/x-2")["action"]
    assert (action["state"], action["title"], action["completed_on"]) == ("completed", "That too", "2024-10-01")
    done = take(system, "actions", completed, just_done)
    assert "1 row; 1 say nothing new." in done.stdout
    unknown = written(tmp_path, "a.csv", f"{header}x-9,2031-32,SO1,Do it,2031-10-31,\n")
    done = take(system, "actions", unknown, mapping)
    assert (done.returncode, "line 2: what the mapping has under [before] is refused" in done.stderr) == (1, True)


ACTIONS = """source = "urn:example:completions"
[row]
action = { column = "No" }
period = { column = "Period" }
objective = { column = "For" }
title = { column = "What" }
due_on = { column = "Due" }
completed_on = { column = "Done" }
evidence = { column = "Seen in" }
"""


@pytest.mark.timeout(600)  # it takes some seconds alone, and other tests run at the same time
def test_an_action_that_an_implementation_plan_announced_is_completed(tmp_path: Path) -> None:
    with Up(tmp_path / "data") as system:  # with the demonstration, which announces nearly all of its actions so
        recorded = [json.loads(line) for line in system.recorded("plan-registry")]
        ends = {f"org.wcoomd.action.{what}.v1" for what in ("completed", "withdrawn")}
        over = {event["subject"] for event in recorded if event["type"] in ends}
        announced = [
            {"period": event["data"]["period"], **action}
            for event in recorded
            if event["type"] == "org.wcoomd.implementation-plan.published.v1"
            for action in event["data"]["actions"]
        ]
        action = next(each for each in announced if each["id"] not in over and "desired_future" in each)
        file = tmp_path / "completed.csv"
        with file.open("w", newline="") as opened:
            table = csv.writer(opened)
            table.writerow(["No", "Period", "For", "What", "Due", "Done", "Seen in"])
            due_on = system.get(f"/plan-registry/v1/actions/{action['id']}")["action"]["due_on"]  # it may have moved
            said = [action[name] for name in ("id", "period", "objective", "title")]
            table.writerow([*said, due_on, "2025-06-30", "A report"])
        mapping = written(tmp_path, "m.toml", ACTIONS)

        checked = take(system, "actions", file, mapping, "--dry-run")
        assert checked.returncode == 0, checked.stderr
        assert "1 row; 1 action.completed; 0 say nothing new." in checked.stdout
        assert len(system.recorded("plan-registry")) == len(recorded)

        done = take(system, "actions", file, mapping)
        assert done.returncode == 0, done.stderr
        assert len(system.recorded("plan-registry")) == len(recorded) + 1
        shown = system.get(f"/plan-registry/v1/actions/{action['id']}")["action"]
        assert (shown["state"], shown["completed_on"]) == ("completed", "2025-06-30")

        again = take(system, "actions", file, mapping)
        assert (again.returncode, "1 row; 1 say nothing new." in again.stdout) == (0, True)
        assert len(system.recorded("plan-registry")) == len(recorded) + 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bananas", "r.csv", "--mapping", "m.toml"], "'bananas' is no kind of spreadsheet"),
        (["seizures", "r.csv", "--mapping", "nothing.toml"], "nothing.toml cannot be used: No such file"),
        (["seizures", "nothing.csv", "--mapping", "m.toml"], "nothing.csv cannot be used: No such file"),
        (["seizures", "r.csv", "--mapping", "m.toml", "--to", "http://127.0.0.1:1"], "gives no answer"),
    ],
)
def test_what_cannot_be_done_is_said_with_status_2(tmp_path: Path, arguments: list[str], said: str) -> None:
    written(tmp_path, "m.toml", REPORTS)
    written(tmp_path, "r.csv", f"{HEADER}a,FRA,2024-09-02,3\n")
    done = wco_kpi("import", *arguments, folder=tmp_path)
    assert (done.returncode, said in done.stderr, "Traceback" in done.stderr) == (2, True, False), done.stderr
