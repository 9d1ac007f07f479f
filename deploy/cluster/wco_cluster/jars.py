"""Apache Kafka's jars: fetched by Maven, once, into a cache outside the tree.

`python -m wco_cluster.jars` fetches them if they are not there.
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from xml.etree import ElementTree

from wco_cluster.java import java_home
from wco_cluster.part import whole
from wco_cluster.settings import ClusterSettings
from wco_common.settings import WrongSettings
from wco_embedded.progress import progress_bar
from wco_embedded.refusal import Refusal

_POM = Path(__file__).with_name("pom.xml")


def kafka_jars(settings: ClusterSettings) -> Path:
    """Return the folder of Kafka's jars, which are fetched first if they are not there. Raises Refusal.

    Whoever comes while another process fetches them waits for it. The folder is there whole or not at all.
    """
    version = _version()
    jars = _cache() / f"kafka-{version}"
    if jars.is_dir():
        return jars
    jars.parent.mkdir(parents=True, exist_ok=True)
    with _locked(jars.with_name(f"{jars.name}.lock"), version):
        if not jars.is_dir():
            print(f"Fetching Apache Kafka {version} by Maven into {jars}: 55 MB, once.", file=sys.stderr, flush=True)
            with progress_bar(f"Fetching Apache Kafka {version}", None), whole(jars) as new:
                _fetch(new, settings.fetch_timeout)
    return jars


def _version() -> str:
    """Return the version of Kafka that the pom names."""
    version = ElementTree.parse(_POM).findtext(".//{*}kafka.version")
    assert version is not None
    return version


def _cache() -> Path:
    # The specification of XDG_CACHE_HOME has a relative path ignored.
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    return (named if named.is_absolute() else Path.home() / ".cache") / "wco-kpi"


@contextmanager
def _locked(path: Path, version: str) -> Iterator[None]:
    """Hold a lock file that the kernel releases with the process."""
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            print(f"Another process fetches Apache Kafka {version}: waiting for it.", file=sys.stderr, flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _fetch(folder: Path, patience: float) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise Refusal(
            "Apache Kafka is fetched by Maven, and there is no mvn on the PATH. "
            "Install it (on Debian: apt-get install maven; on macOS: brew install maven), and try again."
        )
    try:
        done = subprocess.run(
            [
                maven,
                *("--batch-mode", "--no-transfer-progress", "--strict-checksums", "--file", _POM),
                *("dependency:copy-dependencies", "-DincludeScope=runtime", f"-DoutputDirectory={folder}"),
            ],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "JAVA_HOME": str(java_home())},
            timeout=patience,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise Refusal(f"Maven did not fetch Apache Kafka within {patience:g} s.") from None
    if done.returncode:
        error = next((line for line in done.stdout.splitlines() if "ERROR" in line), done.stdout)
        raise Refusal(f"Maven could not fetch Apache Kafka: {error}")


def main() -> int:
    """Fetch the jars, and return the exit status."""
    try:
        kafka_jars(ClusterSettings())
    except (Refusal, WrongSettings) as refusal:
        print(refusal, file=sys.stderr)
        return Refusal.status
    return 0


if __name__ == "__main__":
    sys.exit(main())
