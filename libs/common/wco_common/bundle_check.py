"""Whether a log bundle holds: every line of it is what its log would have recorded at that place."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

from wco_common.bundle import MANIFEST, BadManifest, LogEntry, Manifest, log_file, read_manifest
from wco_common.cloudevents import Received
from wco_common.door import MAX_EVENT, Door
from wco_common.event import LOG_ATTRIBUTES, Event
from wco_common.instant import Instant, format_instant, parse_instant
from wco_common.problem import Problem
from wco_common.strict_json import Document, faults_in
from wco_events.event_type import LOG_NAMES, LogName
from wco_events.registry import EVENT_TYPES_BY_LOG

LONGEST_LINE = MAX_EVENT + 200
"""Bytes of the longest event with the three attributes of its log: 65,000 and some 130."""

FLAWS_LISTED = 20
"""How many flaws are told; of the rest only the number."""

_SEQUENCE = re.compile("[0-9]{16}")
_EVENTS_A_STEP = 500


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing in which a bundle does not hold: in which file, at which line of it (from 1), and what."""

    file: str
    line: int | None
    detail: str

    def __str__(self) -> str:
        return f"{self.file}{'' if self.line is None else f', line {self.line}'}: {self.detail}"


@dataclass
class Finding:
    """What checking a bundle found. It holds when there are no flaws."""

    manifest: Manifest | None = None
    counts: dict[LogName, int] = field(default_factory=dict)
    last: dict[LogName, Instant] = field(default_factory=dict)
    """The recorded time of each log's last event; a log without events has none."""
    flaws: list[Flaw] = field(default_factory=list)
    """The first flaws, at most FLAWS_LISTED."""
    flaws_in_all: int = 0

    def add(self, file: str, line: int | None, detail: str) -> None:
        """Note a flaw."""
        self.flaws_in_all += 1
        if len(self.flaws) < FLAWS_LISTED:
            self.flaws.append(Flaw(file, line, detail))


def check_bundle(folder: Path, advance: Callable[[int], None] = lambda size: None) -> Finding:
    """Check a bundle: its files, hashes and counts, and every line of it. `advance` is told of bytes gone through."""
    finding = Finding()
    try:
        finding.manifest = read_manifest(folder)
    except BadManifest as error:
        finding.add(MANIFEST, None, str(error))
    for log in LOG_NAMES:
        try:
            with (folder / log_file(log)).open("rb") as file:
                digest = _check_log(log, file, finding, advance)
        except FileNotFoundError:
            finding.add(log_file(log), None, "is missing; a bundle has the file of every log, if only an empty one")
            continue
        if finding.manifest is not None:
            _check_entry(log, finding.manifest.logs[log], digest, finding)
    return finding


def _check_entry(log: LogName, entry: LogEntry, digest: str, finding: Finding) -> None:
    if (count := finding.counts[log]) != entry.count:
        finding.add(log_file(log), None, f"has {count} events, but the manifest says {entry.count}")
    if digest != entry.sha256:
        finding.add(log_file(log), None, f"has the SHA-256 {digest}, but the manifest says {entry.sha256}")
    if finding.last.get(log, 0) > parse_instant(entry.closed_time):
        finding.add(log_file(log), None, f"goes on past {entry.closed_time}, where the manifest says it was closed")


def _check_log(log: LogName, file: BinaryIO, finding: Finding, advance: Callable[[int], None]) -> str:
    """Check a log's lines; return the SHA-256 of its file."""
    name, reader, digest, size, number = log_file(log), _LogReader(log), hashlib.sha256(), 0, 0
    for number, line in enumerate(_lines(file), start=1):
        digest.update(line)
        size += len(line)
        for detail in reader.flaws(line):
            finding.add(name, number, detail)
        if number % _EVENTS_A_STEP == 0:
            advance(size)
            size = 0
    advance(size)
    finding.counts[log] = number
    if reader.recordedtime:
        finding.last[log] = reader.recordedtime
    return digest.hexdigest()


def _lines(file: BinaryIO) -> Iterator[bytes]:
    """Return lines with their ends; one that is too long for any event comes in pieces, the first of them a flaw."""
    return iter(lambda: file.readline(LONGEST_LINE + 1), b"")


class _LogReader:
    """Reads a log's lines in order, and says of each what is wrong with it. Goes on from what it found."""

    def __init__(self, log: LogName) -> None:
        self._door = Door({event_type.type: event_type for event_type in EVENT_TYPES_BY_LOG[log]})
        self._due = 0
        self.recordedtime: Instant = 0
        self._versions: dict[tuple[str, str], int] = {}
        self._ids: dict[tuple[str, str], int] = {}

    def flaws(self, line: bytes) -> Iterator[str]:
        """Yield what is wrong with the next line."""
        self._due += 1
        body = line.removesuffix(b"\n")
        if len(body) == len(line):
            yield "does not end in a line feed, or is too long for an event"
        try:
            document = Document(body)
            if not isinstance(document.value, dict):
                yield "is not a JSON object"
                return
            place = {name: document.value.pop(name, None) for name in LOG_ATTRIBUTES}
            faults = list(faults_in(document.value)) if document.suspect else []
            (event,) = self._door.admit([Received(document.value, faults)])
        except Problem as problem:
            yield from [f"{fault.pointer} {fault.detail}".lstrip() for fault in problem.faults] or [problem.detail]
            return
        yield from self._out_of_place(event, place, body)

    def _out_of_place(self, event: Event, place: dict[str, Any], body: bytes) -> Iterator[str]:
        sequence, recordedtime, subjectversion = (place[name] for name in LOG_ATTRIBUTES)
        if not isinstance(sequence, str) or not _SEQUENCE.fullmatch(sequence):
            yield "/sequence is not a text of 16 digits"
            return
        if (instant := _instant(recordedtime)) is None:
            yield "/recordedtime is not an RFC 3339 time in UTC with six decimals and Z"
            return
        if type(subjectversion) is not int:
            yield "/subjectversion is not an integer"
            return
        if event.recorded(int(sequence), instant, subjectversion) != body:
            yield "is not in the canonical form (RFC 8785) that its log records"
        if int(sequence) != self._due:
            yield f"/sequence is {int(sequence)} where {self._due} is due"
            self._due = int(sequence)
        if instant < self.recordedtime:
            yield f"/recordedtime is earlier than {format_instant(self.recordedtime)}, that of the event before"
        self.recordedtime = max(instant, self.recordedtime)
        due = self._versions.get((event.kind, event.subject), 0) + 1
        if subjectversion != due:
            yield f"/subjectversion is {subjectversion} where {due} is due for {event.kind} {event.subject}"
        self._versions[event.kind, event.subject] = subjectversion
        first = self._ids.setdefault((event.source, event.id), self._due)
        if first != self._due:
            yield f"/id was used before by the same source, for event {first}"


def _instant(value: Any) -> Instant | None:
    """Return the instant of a recorded time in its one fixed form, None for anything else."""
    try:
        instant = parse_instant(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return instant if instant is not None and format_instant(instant) == value else None
