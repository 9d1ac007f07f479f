"""The command line, held at a place until it is ended or let go: `held.py PLACE FILE ARGUMENTS…`.

Once it is there it makes the file. A test that ends a command half way would else have to be quicker than the command.
"""

import itertools
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from wco_cluster.cli import main
from wco_embedded import fill
from wco_embedded.served import Served

_POSTS = 5


def held_in_a_log(reached: Path) -> None:
    """Hold who fills logs when one is whole and of the next a line is read, until the reading is stopped."""
    given = fill._Lines.__iter__

    def lines(self: fill._Lines) -> Iterator[bytes]:
        rest = given(self)
        if self._file.name == "survey-intake.ndjson":
            yield next(rest)
            reached.touch()
            while not self._stopped:
                time.sleep(0.01)
        yield from rest

    fill._Lines.__iter__ = lines  # type: ignore[method-assign]


def held_after_posts(reached: Path) -> None:
    """Hold who posts when some batches are recorded, for as long as the file is there."""
    given, posted = Served.post, itertools.count(1)

    def post(self: Served, log: str, events: Sequence[Mapping[str, Any]], *, dry_run: bool) -> None:
        given(self, log, events, dry_run=dry_run)
        if not dry_run and next(posted) == _POSTS:
            reached.touch()
            while reached.exists():
                time.sleep(0.01)

    Served.post = post  # type: ignore[method-assign]


if __name__ == "__main__":
    place, file = sys.argv.pop(1), Path(sys.argv.pop(1))
    {"filling": held_in_a_log, "posting": held_after_posts}[place](file)
    main()
