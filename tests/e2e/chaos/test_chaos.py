"""The small run: every kind of part is killed, every kind of fault occurs, and all holds. `make chaos` is the large."""

import subprocess
import sys
from pathlib import Path

import pytest

from chaos.breakable import ROLES

TESTS = Path(__file__).parents[2]


@pytest.mark.timeout(1_500)  # with the time that another test's cluster takes
@pytest.mark.usefixtures("alone")
def test_nothing_is_lost_and_no_answer_changes_while_a_cluster_is_broken() -> None:
    command = [sys.executable, "-m", "chaos", "--seed", "1", "--kills", str(len(ROLES))]
    run = subprocess.run(command, cwd=TESTS, capture_output=True, text=True, check=False)

    assert run.returncode == 0, run.stdout + run.stderr
    table = {what.strip(): told.strip() for _, what, told, _ in (line.split("|") for line in _rows(run.stdout))}
    assert table["kills"] == str(len(ROLES))
    assert table["other faults"] == "6"
    assert (table["losses"], table["doubles"], table["whatever else must not be"]) == ("0", "0", "0")
    assert "0" not in {table["acknowledged"], table["answers compared with those before"], table["streams resumed"]}


def _rows(said: str) -> list[str]:
    return [line for line in said.splitlines() if line.startswith("| ")]
