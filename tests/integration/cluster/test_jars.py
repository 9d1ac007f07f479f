"""Kafka's jars are fetched once, by whoever comes first."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FETCH = [sys.executable, "-m", "wco_cluster.jars"]

pytestmark = pytest.mark.timeout(300)


def fetch(**environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(FETCH, stderr=subprocess.PIPE, text=True, env={**os.environ, **environment})


def test_programs_that_need_the_jars_at_once_fetch_them_once(tmp_path: Path) -> None:
    fetching = [fetch(XDG_CACHE_HOME=str(tmp_path)) for _ in range(3)]
    said = [process.communicate()[1] for process in fetching]

    assert [process.returncode for process in fetching] == [0, 0, 0], said
    assert "".join(said).count("by Maven (55 MB) into") == 1
    (jars,) = (folder for folder in (tmp_path / "wco-kpi").iterdir() if folder.is_dir())
    assert {"kafka_2.13", "kafka-tools", "log4j-slf4j-impl"} <= {jar.name.rsplit("-", 1)[0] for jar in jars.iterdir()}
    assert fetch(XDG_CACHE_HOME=str(tmp_path)).communicate()[1] == "", "what is there is not fetched again"


def test_a_fetch_that_fails_leaves_nothing_and_says_why(tmp_path: Path) -> None:
    (tmp_path / ".m2").mkdir()
    (tmp_path / ".m2" / "settings.xml").write_text("<settings><offline>true</offline></settings>")
    failing = fetch(XDG_CACHE_HOME=str(tmp_path), MAVEN_OPTS=f"-Duser.home={tmp_path}")

    said = failing.communicate()[1]
    assert failing.returncode == 2
    assert "Maven could not fetch Apache Kafka: [ERROR] " in said
    assert not [folder for folder in (tmp_path / "wco-kpi").iterdir() if folder.is_dir()]


def test_a_fetch_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    failing = fetch(XDG_CACHE_HOME=str(tmp_path), WCO_KPI_CLUSTER_FETCH_TIMEOUT="0.01")

    said = failing.communicate()[1]
    assert failing.returncode == 2
    assert "Maven did not fetch Apache Kafka within 0.01 s." in said


def test_where_maven_is_missing_it_is_said_what_to_install(tmp_path: Path) -> None:
    failing = fetch(XDG_CACHE_HOME=str(tmp_path), PATH=str(tmp_path))

    said = failing.communicate()[1]
    assert failing.returncode == 2
    assert "there is no mvn on the PATH. Install it (on Debian: apt-get install maven" in said
