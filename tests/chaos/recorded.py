"""A log as it is read over HTTP, held against what was sent to it."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from chaos.findings import Findings
from chaos.ledger import EventKey, Ledger, Place
from wco_common.canonical import canonical
from wco_common.event import LOG_ATTRIBUTES
from wco_events.event_type import LogName
from wco_events.registry import EVENT_TYPES


class RecordedLog:
    """What a log has said so far of what it has recorded: once said, it stays."""

    def __init__(self, log: LogName, ledger: Ledger, findings: Findings) -> None:
        self.log = log
        self.lines: list[bytes] = []
        """Its events, each as its canonical bytes."""
        self.times: list[str] = []
        """Their recorded times."""
        self._ledger = ledger
        self._findings = findings
        self._keys: dict[EventKey, int] = {}
        self._versions: Counter[tuple[str, str]] = Counter()

    def read_on(self, lines: Sequence[bytes]) -> None:
        """Take the events that follow, all that there are now."""
        for line in lines:
            self._take(line)
        # Acknowledged is what must be there, and at its place.
        for sequence, key in self._ledger.at[self.log].items():
            if (found := self._keys.get(key)) != sequence:
                where = "nowhere" if found is None else f"at {found}"
                self._findings.lost(f"{self.log}: {key} was acknowledged at {sequence} and is {where}")

    def read_again(self, lines: Sequence[bytes]) -> None:
        """Hold what the log says from its beginning against what it has said before."""
        if len(lines) < len(self.lines):
            self._findings.lost(f"{self.log} ends at {len(lines)}, and had {len(self.lines)} events")
        for sequence, (now, before) in enumerate(zip(lines, self.lines, strict=False), 1):
            if now != before:
                self._findings.wrong(f"{self.log} has changed {sequence}: {now!r}, and it was {before!r}")
        self.read_on(lines[len(self.lines) :])

    def _take(self, line: bytes) -> None:
        said = json.loads(line)
        due, key = len(self.lines) + 1, (said["source"], said["id"])
        where = f"{self.log} at {due}: {key}"
        if said["sequence"] != f"{due:016d}":
            self._findings.wrong(f"{where} says that it is {said['sequence']}")
        if self.times and said["recordedtime"] < self.times[-1]:
            self._findings.wrong(f"{where} was recorded at {said['recordedtime']}, before the one before it")
        if canonical(said) != line:
            self._findings.wrong(f"{where} is not in its canonical form")
        subject = EVENT_TYPES[said["type"]].kind, said["subject"]
        self._versions[subject] += 1
        if said["subjectversion"] != self._versions[subject]:
            self._findings.wrong(f"{where} has version {said['subjectversion']}, and {self._versions[subject]} is due")
        if key in self._keys:
            self._findings.doubled(f"{where} is at {self._keys[key]} too")
        self._keys[key] = due
        self.lines.append(line)
        self.times.append(said["recordedtime"])
        self._hold_against_what_was_sent(where, key, Place(due, said["recordedtime"], said["subjectversion"]), said)

    def _hold_against_what_was_sent(self, where: str, key: EventKey, place: Place, said: dict[str, Any]) -> None:
        sent = self._ledger.get(self.log, key)
        if sent is None:
            self._findings.wrong(f"{where} was sent by nobody{' but as a dry run' if key in self._ledger.dry else ''}")
            return
        if {name: value for name, value in said.items() if name not in LOG_ATTRIBUTES} != sent.event.attributes:
            self._findings.wrong(f"{where} is another event than was sent: {said}, not {sent.event.attributes}")
        if sent.place is None and not sent.in_doubt:
            self._findings.wrong(f"{where} is recorded, though every answer to it said that it is not")
        if sent.place not in (None, place):
            self._findings.wrong(f"{where} stands as {place}, and the answer was {sent.place}")
