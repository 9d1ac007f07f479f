"""Texts that are opaque to clients: what a service writes into a cursor, and reads out of one that comes back."""

import base64
import binascii
from typing import TypeVar

import msgspec

T = TypeVar("T", bound=msgspec.Struct)


def opaque(struct: msgspec.Struct) -> str:
    """Return a struct as text that fits into a parameter or a header."""
    return base64.urlsafe_b64encode(msgspec.json.encode(struct)).decode().rstrip("=")


def read_opaque(text: str, kind: type[T]) -> T:
    """Read what `opaque` wrote. Raises ValueError where it is nothing of the kind."""
    try:
        decoded = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        return msgspec.json.decode(decoded, type=kind)
    except (binascii.Error, ValueError, msgspec.MsgspecError) as error:
        raise ValueError("is not of this service") from error


def read_cursor(text: str, kind: type[T]) -> T:
    """Read a cursor. Raises ValueError where it is none that this service gave."""
    try:
        return read_opaque(text, kind)
    except ValueError:
        raise ValueError("is no cursor of this service; begin again without one") from None
