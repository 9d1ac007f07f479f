"""A progress bar on stderr for whatever takes longer than a second."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, Task, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.text import Text

_PATIENCE = 1.0
"""Seconds that a person waits without being told anything."""


class _Done(TextColumn):
    """How much is done of what nobody knows the whole of; nothing where that is not counted."""

    def render(self, task: Task) -> Text:
        return super().render(task) if task.completed else Text()


@contextmanager
def progress_bar(label: str, total: float | None) -> Iterator[Callable[[float], None]]:
    """Give a function that is told of each amount that is done, of `total` (None: nobody knows how much it is).

    Whatever ends it, Ctrl-C too, the terminal is left as it was. Where stderr is no terminal nothing is drawn: who
    keeps it keeps what is said.
    """
    console = Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        _Done("{task.completed:,.0f}") if total is None else TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        redirect_stdout=False,
        disable=not console.is_terminal,
    )
    task = progress.add_task(label, total=total)
    patience = threading.Timer(_PATIENCE, progress.start)
    patience.daemon = True
    patience.start()
    try:
        yield lambda amount: progress.advance(task, amount)
    finally:
        patience.cancel()
        patience.join()
        if progress.live.is_started:
            progress.stop()
