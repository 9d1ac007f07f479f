"""A bundle folded in memory, as far as it is asked for: what `replay` and `verify` answer from."""

import gc
import hashlib
from bisect import bisect_right
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from operator import attrgetter
from pathlib import Path
from typing import Self

import msgspec

from kpi_projector.moment import Moment
from wco_common.bundle import LogEntry, Manifest, log_file
from wco_common.event import FoldedEvent, decode_folded
from wco_common.instant import Instant, format_instant, parse_instant
from wco_embedded.refusal import DoesNotHold, Refusal
from wco_events.event_type import LOG_NAMES, LogName
from wco_kpi.fold import Unfoldable
from wco_kpi.memory import Memory

_CHUNK = 1 << 17
"""Bytes that are read and decoded in one go: some hundred events, which the processor's cache still holds."""

_END_OF_TIME = "~"
"""Sorts after every recorded time."""

_recordedtime = attrgetter("recordedtime")


class FoldedBundle:
    """A bundle's logs, folded in memory up to a moment, which only goes forward.

    The order of the lines is checked, and their files' hashes where there is a manifest; each event is taken as
    valid. Raises Refusal for what is no bundle, DoesNotHold for one that is damaged.
    """

    def __init__(self, folder: Path, manifest: Manifest | None, advance: Callable[[float], None]) -> None:
        """Read the bundle in `folder`; `advance` is told of bytes that are read."""
        self.cells = Memory()
        self._files = ExitStack()
        self._logs = {log: self._files.enter_context(_LogFile(folder, log, advance)) for log in LOG_NAMES}
        if manifest is not None:
            for log, file in self._logs.items():
                file.check_hash(manifest.logs[log])

    def __enter__(self) -> Self:
        # Events and facts make no cycles, and looking for them takes longer than folding.
        gc.disable()
        return self

    def __exit__(self, *error: object) -> None:
        # A command folds one bundle and ends. Its facts are given back with the process: one by one, a million of them
        # take as long as a tenth of folding them.
        self._until_the_process_ends = self
        # Nor is it to look through all of them once it may again.
        gc.freeze()
        gc.enable()
        self._files.close()

    def fold_to_time(self, time: Instant) -> Moment:
        """Fold what was recorded up to and including a time."""
        until = format_instant(time)
        for file in self._logs.values():
            file.fold_into(self.cells, until)
        return Moment(time, self._positions(), fixed=True)

    def fold_to_positions(self, positions: Mapping[LogName, int]) -> Moment:
        """Fold up to a position in each log. Raises Refusal for one beyond the log's end."""
        for log, file in self._logs.items():
            file.fold_into(self.cells, _END_OF_TIME, positions[log])
            if file.sequence < positions[log]:
                raise Refusal(f"{log} has no {positions[log]}; it ends at {file.sequence} in this bundle.")
        return self._as_recorded()

    def fold_to_end(self) -> Moment:
        """Fold everything, as of the last recorded time."""
        for file in self._logs.values():
            file.fold_into(self.cells, _END_OF_TIME)
        return self._as_recorded()

    def _as_recorded(self) -> Moment:
        last = max(file.recordedtime for file in self._logs.values())
        return Moment(parse_instant(last) if last else 0, self._positions(), fixed=True)

    def _positions(self) -> dict[LogName, int]:
        return {log: file.sequence for log, file in self._logs.items()}


class _LogFile:
    """A log's file, read in order and no further than it is wanted."""

    def __init__(self, folder: Path, log: LogName, advance: Callable[[float], None]) -> None:
        self.sequence = 0
        """Of the last event that is folded."""
        self.recordedtime = ""
        self._name = log_file(log)
        self._advance = advance
        self._read = 0
        self._waiting: list[FoldedEvent] = []
        try:
            self._file = (folder / self._name).open("rb")
        except (FileNotFoundError, NotADirectoryError):
            raise Refusal(f"{folder} is no log bundle: it has no {self._name}.") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()

    def check_hash(self, entry: LogEntry) -> None:
        """Raise DoesNotHold unless the file is the one that the manifest speaks of."""
        if hashlib.file_digest(self._file, "sha256").hexdigest() != entry.sha256:
            raise self._damaged("does not have the SHA-256 that the manifest says")
        self._file.seek(0)

    def fold_into(self, memory: Memory, until: str, last: int | None = None) -> None:
        """Fold what was recorded up to and including a time, and no event past the sequence `last`."""
        while self._waiting or self._read_on():
            number = bisect_right(self._waiting, until, key=_recordedtime)
            if last is not None:
                number = min(number, last - self.sequence)
            if number:
                try:
                    memory.fold(self._waiting[:number])
                except Unfoldable as error:
                    raise self._damaged(f"{error}") from None
                newest = self._waiting[number - 1]
                self.sequence, self.recordedtime = int(newest.sequence), newest.recordedtime
                del self._waiting[:number]
            if self._waiting:
                return

    def _read_on(self) -> bool:
        """Read the next lines; False at the end of the file."""
        lines = self._file.readlines(_CHUNK)
        try:
            self._waiting = [decode_folded(line) for line in lines]
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise self._damaged(f"has a line that is no event ({error})") from None
        self._check_order()
        self._read += len(lines)
        self._advance(sum(map(len, lines)))
        return bool(lines)

    def _check_order(self) -> None:
        # All at once: one after the other they take as long as a fifth of decoding them.
        numbers = range(self._read + 1, self._read + 1 + len(self._waiting))
        sequences = [event.sequence for event in self._waiting]
        times = [self.recordedtime, *map(_recordedtime, self._waiting)]
        if sequences == ("%016d " * len(numbers) % (*numbers,)).split() and times == sorted(times):
            return
        for number, sequence, time, before in zip(numbers, sequences, times[1:], times, strict=False):
            if sequence != f"{number:016d}" or time < before:
                raise self._damaged(f"is out of order at line {number}")

    def _damaged(self, reason: str) -> DoesNotHold:
        return DoesNotHold(f"{self._name} {reason}. `wco-kpi verify` says all that is wrong with the bundle.")
