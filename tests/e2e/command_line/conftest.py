"""One running system for all tests that leave it as it is."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.command_line.commands import Up, posted, wco_kpi
from wco_events.event_type import LOG_NAMES


@pytest.fixture(scope="session")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    """The services with the plan and the events of an example."""
    with Up(tmp_path_factory.mktemp("up") / "data", "--no-demo") as up:
        for log in LOG_NAMES:
            up.post(log, posted("edges", log))
        up.settle()
        yield up


@pytest.fixture(scope="session")
def exported(up: Up, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bundle of the running services."""
    bundle = tmp_path_factory.mktemp("exported") / "bundle"
    done = wco_kpi("export", "--from", up.url, "--out", bundle)
    assert done.returncode == 0, done.stderr
    return bundle
