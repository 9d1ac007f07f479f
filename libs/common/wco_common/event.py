"""Events: as a client sent them and the door let them in, and as a log recorded them."""

from typing import Any

import msgspec

from wco_common.canonical import canonical
from wco_common.instant import Instant, format_instant
from wco_events.event_type import EventType, LogName

LOG_ATTRIBUTES = ("sequence", "recordedtime", "subjectversion")
"""The extension attributes that only a log may set."""


class Event(msgspec.Struct, frozen=True):
    """A CloudEvent that passed the door: well-formed, valid by its type's schema, not yet recorded.

    `attributes` holds everything the client sent, `data` included, plus `datacontenttype` where it was absent.
    """

    event_type: EventType
    attributes: dict[str, Any]

    @property
    def source(self) -> str:
        """The CloudEvents `source`."""
        source: str = self.attributes["source"]
        return source

    @property
    def id(self) -> str:
        """The CloudEvents `id`; with the source, the idempotency key."""
        id: str = self.attributes["id"]
        return id

    @property
    def subject(self) -> str:
        """The CloudEvents `subject`."""
        subject: str = self.attributes["subject"]
        return subject

    @property
    def kind(self) -> str:
        """The kind of its subject."""
        return self.event_type.kind

    @property
    def name(self) -> str:
        """The type without prefix and suffix, as `survey.opened`."""
        return self.event_type.name

    @property
    def data(self) -> dict[str, Any]:
        """The event's data."""
        data: dict[str, Any] = self.attributes["data"]
        return data

    def recorded(self, sequence: int, recordedtime: Instant, subjectversion: int) -> bytes:
        """Return the canonical bytes of this event as recorded at that place and time."""
        return canonical(
            self.attributes
            | {
                "sequence": f"{sequence:016d}",
                "recordedtime": format_instant(recordedtime),
                "subjectversion": subjectversion,
            }
        )


class FoldedEvent(msgspec.Struct, frozen=True, gc=False):
    """What a fold needs of a recorded event: read alone, it takes three quarters of the time of all of it.

    `sequence` is its 16-digit text and `recordedtime` the fixed-width RFC 3339 text: both sort as they count.
    """

    type: str
    subject: str
    sequence: str
    recordedtime: str
    data: dict[str, Any]


class RecordedEvent(FoldedEvent, frozen=True, gc=False):
    """What readers of a log need of a recorded event, decoded from its canonical bytes."""

    source: str
    id: str
    subjectversion: int


decode_recorded = msgspec.json.Decoder(RecordedEvent).decode
"""Decode canonical bytes into a RecordedEvent. Raises msgspec.ValidationError when they are not one."""

decode_folded = msgspec.json.Decoder(FoldedEvent).decode
"""Decode canonical bytes into a FoldedEvent. Raises msgspec.ValidationError when they are not one."""


class Receipt(msgspec.Struct, frozen=True):
    """The answer to a recorded event: where it stands in the log."""

    log: LogName
    sequence: int
    recordedtime: Instant
    source: str
    id: str
    subject: str
    subjectversion: int
    duplicate: bool

    def body(self) -> dict[str, Any]:
        """Return the JSON answer of the outside contract, section 2."""
        return {
            "log": self.log,
            "sequence": self.sequence,
            "recordedtime": format_instant(self.recordedtime),
            "source": self.source,
            "id": self.id,
            "subject": self.subject,
            "subjectversion": self.subjectversion,
            "duplicate": self.duplicate,
        }
