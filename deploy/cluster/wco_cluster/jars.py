"""Apache Kafka's jars: fetched by Maven, once, into a cache outside the tree.

`python -m wco_cluster.jars` fetches them if they are not there.
"""

import os
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path
from xml.etree import ElementTree

from wco_cluster.cached import cached
from wco_cluster.java import java_home
from wco_cluster.settings import ClusterSettings
from wco_common.settings import WrongSettings
from wco_embedded.refusal import Refusal

_POM = Path(__file__).with_name("pom.xml")


def kafka_jars(settings: ClusterSettings) -> Path:
    """Return the folder of Kafka's jars, which are fetched first if they are not there. Raises Refusal."""
    version = _version()
    have = partial(_fetch, patience=settings.fetch_timeout)
    return cached(f"kafka-{version}", f"Apache Kafka {version}", "by Maven (55 MB)", have)


def _version() -> str:
    """Return the version of Kafka that the pom names."""
    version = ElementTree.parse(_POM).findtext(".//{*}kafka.version")
    assert version is not None
    return version


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
