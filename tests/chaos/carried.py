"""The topic of a log and its marks, held against the log: at least once and in order, and no mark ahead."""

from collections.abc import Iterable
from typing import Any

from chaos.findings import Findings
from chaos.recorded import RecordedLog
from wco_common.event import decode_recorded
from wco_common.mark import Mark, decode_mark


class CarriedLog:
    """What a log's topic has held so far, read from its beginning."""

    def __init__(self, recorded: RecordedLog, findings: Findings) -> None:
        self._recorded = recorded
        self._findings = findings
        self.first: list[int] = []
        """The offset at which each event is for the first time, in the order of sequences."""
        self.repeats = 0
        self._last_mark: Mark | None = None

    @property
    def log(self) -> str:
        """The log's name."""
        return self._recorded.log

    @property
    def sequence(self) -> int:
        """Up to which event the topic has all of them."""
        return len(self.first)

    def read_on(self, records: Iterable[Any]) -> None:
        """Take the records that follow, of aiokafka. All that they tell of has been read from the log."""
        for record in records:
            event = decode_recorded(record.value)
            sequence = int(event.sequence)
            where = f"the topic of {self.log} at {record.offset}: event {sequence}"
            if record.key != event.subject.encode():
                self._findings.wrong(f"{where} has the key {record.key!r}")
            if not 0 < sequence <= len(self._recorded.lines):
                self._findings.wrong(f"{where} is not in the log, which ends at {len(self._recorded.lines)}")
            elif record.value != self._recorded.lines[sequence - 1]:
                self._findings.wrong(f"{where} is not the one that the log has")
            if sequence > self.sequence + 1:
                self._findings.lost(f"{where} came before {self.sequence + 1}")
            elif sequence <= self.sequence:
                self.repeats += 1
            else:
                self.first.append(record.offset)

    def hold(self, marks: Iterable[Mark]) -> None:
        """See that marks that follow are true of the topic and the log as they are read by now."""
        # Of the last one before, more is known by now.
        for mark in (self._last_mark, *marks) if self._last_mark else marks:
            where = f"the mark of {self.log} at {mark.sequence}, {mark.time}"
            if self._last_mark is not None and mark.log_id != self._last_mark.log_id:
                self._findings.wrong(f"{where} is of another log")
            if mark.sequence > self.sequence or (mark.sequence and self.first[mark.sequence - 1] >= mark.offset):
                self._findings.lost(f"{where} says that all is below {mark.offset}, and it is not")
            later = self._recorded.times[mark.sequence : mark.sequence + 1]
            if later and later[0] <= mark.time:
                self._findings.wrong(f"{where} closes the log, and the event after it is of {later[0]}")
            self._last_mark = mark


def marks_of(log: str, records: Iterable[Any]) -> list[Mark]:
    """Return the marks of a log among records of aiokafka."""
    return [decode_mark(record.value) for record in records if record.key == log.encode()]
