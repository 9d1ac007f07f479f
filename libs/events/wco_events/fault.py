"""A fault: one thing that is wrong with an event, and where."""

import re
from dataclasses import dataclass

LONE_SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which is no character."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what a client sent.

    `pointer` is an RFC 6901 pointer into the event (`/data/due_on`), `/name` for a query parameter, or a
    header's name; empty, it is the whole of what was sent. `index` is the event's place in a batch, from 0, None
    outside batches.
    """

    pointer: str
    detail: str
    index: int | None = None


def pointer(*tokens: str | int) -> str:
    """Return the RFC 6901 pointer that these tokens make."""
    pointed = "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
    # Half of a surrogate pair can be told of, and not be sent.
    return pointed if pointed.isascii() else LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", pointed)
