"""Whatever is broken off while logs are being filled leaves no half of them."""

import signal
from importlib import resources
from pathlib import Path

from e2e.command_line.commands import Up, held
from wco_events.event_type import LOG_NAMES

DEMONSTRATION = Path(str(resources.files("wco_data") / "demonstration"))


def test_a_first_start_that_is_killed_while_it_brings_the_demonstration_is_made_good_by_the_next(
    tmp_path: Path,
) -> None:
    data = tmp_path / "data"
    with held("filling", tmp_path / "reached", "up", "--port", "0", "--data-dir", str(data)) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert (data / "restoring").exists()
    with Up(data) as up:
        for log in LOG_NAMES:
            assert up.recorded(log) == (DEMONSTRATION / f"{log}.ndjson").read_bytes().splitlines()
        assert up.get("/kpi-projector/v1/scorecard", period="2023-24")["notice"].startswith("Demonstration")


def test_without_a_demonstration_none_is_left_of_one_that_was_broken_off(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with held("filling", tmp_path / "reached", "up", "--port", "0", "--data-dir", str(data)) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
    with Up(data, "--no-demo") as up:
        assert [len(up.recorded(log)) for log in LOG_NAMES] == [1, 0, 0]
    assert not (data / "restoring").exists()


def test_ctrl_c_while_the_demonstration_is_brought_ends_cleanly_and_leaves_an_empty_directory(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with held("filling", tmp_path / "reached", "up", "--port", "0", "--data-dir", str(data)) as process:
        process.send_signal(signal.SIGINT)
        said, warned = process.communicate()
        assert (process.returncode, said, "Traceback" in warned) == (0, "", False)
    assert [file.name for file in data.iterdir()] == ["lock"]


def test_ctrl_c_while_a_bundle_is_restored_ends_cleanly_and_leaves_an_empty_directory(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with held("filling", tmp_path / "reached", "restore", str(DEMONSTRATION), "--data-dir", str(data)) as process:
        process.send_signal(signal.SIGINT)
        said, warned = process.communicate()
        assert (process.returncode, said, "Traceback" in warned) == (130, "", False)
    assert [file.name for file in data.iterdir()] == ["lock"]
