"""What is wrong with rows, as a person reads it: each fault once with all its lines, so that no row is left out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import groupby

from wco_embedded.spreadsheet.row import RowFault


def sentences(faults: Iterable[RowFault], most: int) -> Iterator[str]:
    """Yield each fault with its lines, in the order of its first; of what is wrong beyond `most` faults the lines."""
    lines: dict[tuple[tuple[str, ...], str], list[int]] = defaultdict(list)
    for fault in sorted(faults):
        lines[fault.columns, fault.detail].append(fault.line)
    each = list(lines.items())
    for (columns, detail), at in each[:most]:
        where = f", {' and '.join(map(repr, columns))}" if columns else ""
        yield f"{_named(at)}{where}: {detail}"
    if beyond := each[most:]:
        yield f"also {_named(line for _, at in beyond for line in at)}: {len(beyond):,} faults of other kinds"


def _named(lines: Iterable[int]) -> str:
    """Return lines as `line 3` or `lines 3-5, 9`."""
    numbers = sorted(set(lines))
    runs = [[line for _, line in run] for _, run in groupby(enumerate(numbers), lambda place: place[1] - place[0])]
    ranges = [f"{run[0]}-{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs]
    return f"line{'s' if len(numbers) > 1 else ''} {', '.join(ranges)}"
