"""`wco-kpi up`: every service in one process, or why not."""

from pathlib import Path

from wco_embedded.beginning import Beginning
from wco_embedded.directory import DEMONSTRATION, locked
from wco_embedded.port import bound
from wco_embedded.refusal import Refusal


def run(port: int, data_dir: Path, beginning: Beginning) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    # The lock comes first: what a second start is to be told is that there is a first.
    with locked(data_dir) as directory, bound(port) as listener:
        if (bundle := directory.restoring) not in {None, DEMONSTRATION}:
            raise Refusal(
                f"restoring {bundle} into {directory.path} was broken off: "
                f"run `wco-kpi restore {bundle} --data-dir {directory.path}` again."
            )
        # Loaded once nothing stands against it: it takes longer than all that a refusal needs.
        from wco_embedded.running import serve

        serve(directory, listener, beginning)
