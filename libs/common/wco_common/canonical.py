"""The canonical form of JSON (RFC 8785), for what this system records.

With fractions and exponents refused, integers held within 2^53 - 1 and keys ASCII, sorted compact JSON is
RFC 8785; the tests hold it against a reference implementation.
"""

from typing import Any

import msgspec

_encoder = msgspec.json.Encoder(order="sorted")


def canonical(value: Any) -> bytes:
    """Return the canonical bytes of a JSON value as recorded events hold them."""
    return _encoder.encode(value)
