"""Marks: what the relay says of a topic once a broker has answered for everything before.

A topic alone does not say that nothing more will come: a mark closes it up to a time. Marks of all logs are in one
compacted topic, by log, so that who starts reads the last of each.
"""

from typing import Self
from uuid import UUID

import msgspec

from wco_common.instant import Instant, format_instant, parse_instant
from wco_common.log import Head
from wco_events.event_type import LogName


class Mark(msgspec.Struct, frozen=True):
    """Of a log: all events up to `sequence` are in its topic below `offset`, all later ones are recorded after `time`.

    `log_id` says which log it is: one begun anew has another. `time` is the closed time, RFC 3339.
    """

    log: LogName
    log_id: UUID
    sequence: int
    time: str
    offset: int

    @classmethod
    def of(cls, log: LogName, log_id: UUID, head: Head, offset: int) -> Self:
        """Return the mark of a head whose events are all below an offset."""
        return cls(log, log_id, head.sequence, format_instant(head.closed), offset)

    @property
    def closed(self) -> Instant:
        """The closed time, in microseconds since 1970."""
        return parse_instant(self.time)

    @property
    def head(self) -> Head:
        """The head that it tells of."""
        return Head(self.sequence, self.closed)

    def key(self) -> bytes:
        """Return the record's key: the log's name, so that the last mark of each log stays."""
        return self.log.encode()

    def value(self) -> bytes:
        """Return the record's value, JSON."""
        return _encode(self)


_encode = msgspec.json.Encoder(order="sorted").encode
decode_mark = msgspec.json.Decoder(Mark).decode
"""Read a record's value. Raises msgspec.MsgspecError (a ValueError) when it is no mark."""
