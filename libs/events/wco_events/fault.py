"""A fault: one thing that is wrong with an event, and where."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what a client sent.

    `pointer` is an RFC 6901 pointer into the event (`/data/due_on`), `/name` for a query parameter, or a
    header's name. `index` is the event's place in a batch, from 0, None outside batches.
    """

    pointer: str
    detail: str
    index: int | None = None


def pointer(*tokens: str | int) -> str:
    """Return the RFC 6901 pointer that these tokens make."""
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
