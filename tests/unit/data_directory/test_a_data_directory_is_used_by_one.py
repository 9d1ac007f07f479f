"""One process at a time uses a data directory, and its logs are filled from a bundle all of them or none."""

import os
import re
from contextlib import suppress
from pathlib import Path

import pytest

from wco_embedded.directory import locked
from wco_embedded.refusal import Refusal


def begin_logs(path: Path) -> None:
    (path / "plan-registry.sqlite").write_text("some of it")
    (path / "plan-registry.sqlite-wal").write_text("some of it")


def test_a_directory_is_made_when_it_is_not_there(tmp_path: Path) -> None:
    with locked(tmp_path / "deep" / "data") as directory:
        assert directory.path.is_dir()
        assert directory.is_new


def test_a_second_use_is_refused_and_says_who_has_it(tmp_path: Path) -> None:
    said = f"{tmp_path} is in use by process {os.getpid()}: one process at a time"
    with locked(tmp_path), pytest.raises(Refusal, match=re.escape(said)), locked(tmp_path):
        pass


def test_a_directory_is_free_again_after_its_use(tmp_path: Path) -> None:
    for _ in range(2):
        with locked(tmp_path):
            pass


def test_a_file_in_the_directorys_place_is_refused_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").touch()
    with pytest.raises(Refusal, match="cannot be used as a data directory: File exists"), locked(tmp_path / "data"):
        pass


@pytest.mark.parametrize("names", [["notes.txt"], ["lock", "photos"], [".hidden"], ["kpi-projector.sqlite"]])
def test_a_folder_of_something_else_is_refused_and_left_as_it_is(tmp_path: Path, names: list[str]) -> None:
    for name in names:
        (tmp_path / name).touch()
    said = f"{tmp_path} is no data directory: it holds {names[-1]}, and no log. Name a --data-dir that is empty"
    with pytest.raises(Refusal, match=re.escape(said)), locked(tmp_path):
        pass
    assert sorted(file.name for file in tmp_path.iterdir()) == sorted(names)


@pytest.mark.parametrize("name", ["survey-intake.sqlite", "restoring"])
def test_files_beside_a_log_or_beside_one_that_is_being_filled_do_not_hinder(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    (tmp_path / "notes.txt").touch()
    with locked(tmp_path) as directory:
        assert not directory.is_new


def test_a_directory_with_a_log_is_not_new(tmp_path: Path) -> None:
    begin_logs(tmp_path)
    with locked(tmp_path) as directory:
        assert not directory.is_new


def test_filling_leaves_the_logs_and_no_note(tmp_path: Path) -> None:
    with locked(tmp_path) as directory:
        with directory.filling("a bundle"):
            assert directory.restoring == "a bundle"
            begin_logs(tmp_path)
        assert directory.restoring is None
        assert not directory.is_new


def test_filling_that_fails_leaves_an_empty_directory(tmp_path: Path) -> None:
    with locked(tmp_path) as directory:
        with suppress(KeyboardInterrupt), directory.filling("a bundle"):
            begin_logs(tmp_path)
            raise KeyboardInterrupt
        assert directory.restoring is None
        assert [file.name for file in tmp_path.iterdir()] == ["lock"]


def test_filling_takes_no_file_away_that_is_not_a_services_database(tmp_path: Path) -> None:
    others = {"notes.sqlite", "survey-intake.sqlite.copy", "operations-feed.csv", "another-service.sqlite-wal"}
    ours = {"plan-registry.sqlite", "survey-intake.sqlite-wal", "operations-feed.sqlite-shm", "kpi-projector.sqlite"}
    for name in others | ours:
        (tmp_path / name).write_text(name)
    with locked(tmp_path) as directory:
        with suppress(KeyboardInterrupt), directory.filling("a bundle"):
            assert {file.name for file in tmp_path.iterdir()} == others | {"lock", "restoring"}
            raise KeyboardInterrupt
        assert {file.name for file in tmp_path.iterdir()} == others | {"lock"}
    assert all((tmp_path / name).read_text() == name for name in others)


def test_filling_after_a_crash_begins_with_an_empty_directory_again(tmp_path: Path) -> None:
    begin_logs(tmp_path)
    (tmp_path / "restoring").write_text("a bundle")
    with locked(tmp_path) as directory:
        assert directory.restoring == "a bundle"
        with directory.filling("a bundle"):
            assert sorted(file.name for file in tmp_path.iterdir()) == ["lock", "restoring"]
