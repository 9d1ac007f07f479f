"""The virtual environment is made with the fastest of the interpreters that suit."""

import shutil
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[3] / "deploy" / "find-python.sh"


def interpreter(folder: Path, name: str, *, microseconds: int | None) -> Path:
    """Put a program there that tells, as an interpreter would, how fast it is, and which; None: it does not suit."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    tells = "exit 1" if microseconds is None else f'echo "found {microseconds} {program}"'
    program.write_text(f"#!/bin/sh\n{tells}\n")
    program.chmod(0o755)
    return program


def found(*folders: Path) -> subprocess.CompletedProcess[str]:
    """Look on a path of some folders, and of those of the system's own tools and interpreters."""
    path = ":".join([*map(str, folders), "/bin", "/usr/bin"])
    return subprocess.run([SCRIPT], env={"PATH": path}, capture_output=True, text=True, check=False)


def test_of_several_by_one_name_it_is_the_fastest_wherever_it_stands(tmp_path: Path) -> None:
    interpreter(tmp_path / "slow", "python3.11", microseconds=900_000)
    interpreter(tmp_path / "not of this age", "python3.11", microseconds=None)
    fastest = interpreter(tmp_path / "a fast one", "python3.11", microseconds=0)
    result = found(tmp_path / "slow", tmp_path / "not of this age", tmp_path / "a fast one")
    assert (result.stdout, result.stderr, result.returncode) == (f"{fastest}\n", "", 0)


def test_what_says_something_else_is_passed_by(tmp_path: Path) -> None:
    chatty = interpreter(tmp_path / "chatty", "python3.11", microseconds=0)
    chatty.write_text("#!/bin/sh\necho 'this is a wrapper'\n")
    assert found(tmp_path / "chatty").stdout.endswith("python3.11\n")


def test_the_version_that_everything_is_tested_with_goes_before_a_faster_one(tmp_path: Path) -> None:
    interpreter(tmp_path / "new", "python3.13", microseconds=0)
    tested = interpreter(tmp_path / "old", "python3.11", microseconds=1)
    assert found(tmp_path / "new", tmp_path / "old").stdout == f"{tested}\n"


def test_a_real_interpreter_is_asked_and_answers_with_what_a_virtual_environment_can_be_made_with() -> None:
    result = subprocess.run([SCRIPT], capture_output=True, text=True, check=True)
    version = "import sys; print(sys.version_info >= (3, 11) and sys.prefix == sys.base_prefix)"
    answer = subprocess.run([result.stdout.strip(), "-c", version], capture_output=True, text=True, check=True)
    assert answer.stdout == "True\n"


def test_without_one_it_says_what_is_missing(tmp_path: Path) -> None:
    for tool in ("sed", "sort", "head", "cut"):
        (tmp_path / tool).symlink_to(shutil.which(tool, path="/bin:/usr/bin") or tool)
    result = subprocess.run([SCRIPT], env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=False)
    assert (result.stdout, result.returncode) == ("", 1)
    assert result.stderr.startswith("There is no Python 3.11 or later with its venv and ensurepip modules on the PATH")
