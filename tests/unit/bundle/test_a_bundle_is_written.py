"""A bundle is there whole or not at all."""

from contextlib import suppress
from pathlib import Path

import pytest

from wco_common.bundle import LogWriter, new_bundle


def test_a_bundle_has_its_name_only_once_all_of_it_is_written(tmp_path: Path) -> None:
    folder = tmp_path / "bundles" / "bundle"
    with new_bundle(folder) as unfinished:
        with LogWriter(unfinished, "survey-intake") as file:
            file.write(b"{}")
        assert not folder.exists()
    assert (folder / "survey-intake.ndjson").read_bytes() == b"{}\n"
    assert list(folder.parent.iterdir()) == [folder]


def test_a_bundle_that_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    with suppress(KeyboardInterrupt), new_bundle(tmp_path / "bundle") as unfinished:
        (unfinished / "survey-intake.ndjson").touch()
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_is_taken_for_a_bundle(tmp_path: Path) -> None:
    with new_bundle(tmp_path) as unfinished:
        (unfinished / "manifest.json").touch()
    assert [file.name for file in tmp_path.iterdir()] == ["manifest.json"]


@pytest.mark.parametrize("name", ["file", "folder"])
def test_what_is_there_already_is_not_written_over(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "kept").touch()
    with pytest.raises(FileExistsError, match="is there already"), new_bundle(tmp_path / name):
        pass
    assert (tmp_path / "folder" / "kept").exists()
