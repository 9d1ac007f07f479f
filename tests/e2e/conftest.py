"""What tests of the whole share."""

import fcntl
import os
from collections.abc import Iterator

import pytest


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Let no other test that asks for this run meanwhile: each has a whole cluster, and the cores are few."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    with (folder / "alone").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        yield
