"""The type system of CloudEvents 1.0.2: what a context attribute's value may be.

Each check returns what is wrong with a value, to follow the attribute's name, or None when nothing is.
"""

import re
from calendar import monthrange
from typing import Any

DISALLOWED_CHARACTERS = r"\x00-\x1f\x7f-\x9f\ufdd0-\ufdef" + "".join(
    chr(plane + end) for plane in range(0, 0x110000, 0x10000) for end in (0xFFFE, 0xFFFF)
)
"""Control characters and noncharacters (CloudEvents, type String), for a class of a regular expression."""

_DISALLOWED = re.compile(rf"[{DISALLOWED_CHARACTERS}\ud800-\udfff]")

# RFC 3986, appendix A. Possessive repeats: what has matched is never tried again, so that time stays linear.
_UNRESERVED = r"A-Za-z0-9._~\-"
_SUB_DELIMS = r"!$&'()*+,;="
_PCT = r"%[0-9A-Fa-f]{2}"
_PCHAR = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:@]|{_PCT})"
_SEGMENTS = rf"(?:/{_PCHAR}*+)*+"
_USERINFO = rf"(?:[{_UNRESERVED}{_SUB_DELIMS}:]|{_PCT})*+@"
_IP_LITERAL = rf"\[(?:[0-9A-Fa-f:.]++|v[0-9A-Fa-f]++\.[{_UNRESERVED}{_SUB_DELIMS}:]++)\]"
_HOST = rf"(?:{_IP_LITERAL}|(?:[{_UNRESERVED}{_SUB_DELIMS}]|{_PCT})*+)"
_AUTHORITY = rf"(?:{_USERINFO})?{_HOST}(?::[0-9]*+)?"
_QUERY = rf"(?:\?(?:{_PCHAR}|[/?])*+)?"
_FRAGMENT = rf"(?:#(?:{_PCHAR}|[/?])*+)?"
_SCHEME = r"[A-Za-z][A-Za-z0-9+.\-]*+:"
_ROOTED = rf"//{_AUTHORITY}{_SEGMENTS}|/(?:{_PCHAR}++{_SEGMENTS})?"
_HIER_PART = rf"(?:{_ROOTED}|{_PCHAR}++{_SEGMENTS}|)"
_RELATIVE_PART = rf"(?:{_ROOTED}|(?:[{_UNRESERVED}{_SUB_DELIMS}@]|{_PCT})++{_SEGMENTS}|)"
_ABSOLUTE_URI = re.compile(rf"{_SCHEME}{_HIER_PART}{_QUERY}")
_URI_REFERENCE = re.compile(rf"(?:{_SCHEME}{_HIER_PART}|{_RELATIVE_PART}){_QUERY}{_FRAGMENT}")

_TIMESTAMP = re.compile(
    r"([0-9]{4})-(0[1-9]|1[0-2])-([0-9]{2})[Tt]"
    r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:(?:[0-5][0-9]|60)(?:\.[0-9]+)?"
    r"(?:[Zz]|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
)


def string_fault(value: Any) -> str | None:
    """Check a String."""
    if not isinstance(value, str):
        return "must be a string"
    if value.isascii() and value.isprintable():
        return None
    if found := _DISALLOWED.search(value):
        return f"has the character U+{ord(found[0]):04X}, which an attribute may not have"
    return None


def name_fault(value: Any) -> str | None:
    """Check a String that may not be empty."""
    return "must not be empty" if value == "" else string_fault(value)


def uri_reference_fault(value: Any) -> str | None:
    """Check a URI-reference (RFC 3986, section 4.1) that may not be empty."""
    fault = name_fault(value)
    if fault is None and not _URI_REFERENCE.fullmatch(value):
        fault = "must be a URI-reference (RFC 3986), as https://example.org/intake or /intake"
    return fault


def absolute_uri_fault(value: Any) -> str | None:
    """Check a URI, which CloudEvents wants absolute and so without a fragment (RFC 3986, section 4.3)."""
    fault = name_fault(value)
    if fault is None and not _ABSOLUTE_URI.fullmatch(value):
        fault = "must be an absolute URI (RFC 3986, section 4.3), as https://example.org/schema"
    return fault


def timestamp_fault(value: Any) -> str | None:
    """Check a Timestamp (RFC 3339, a leap second included)."""
    fault = name_fault(value)
    if fault is not None:
        return fault
    match = _TIMESTAMP.fullmatch(value)
    # Year 0 has RFC 3339 and no Python calendar; like every fourth century it is a leap year.
    if match and 1 <= int(match[3]) <= monthrange(int(match[1]) or 2000, int(match[2]))[1]:
        return None
    return "must be an RFC 3339 time, as 2024-06-26T12:00:00Z"


def extension_fault(value: Any) -> str | None:
    """Check the value of an extension attribute as JSON carries it: Boolean, Integer (32 bits) or String."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return None if -(2**31) <= value < 2**31 else "is past 32 bits, the range of a CloudEvents integer"
    if isinstance(value, str):
        return string_fault(value)
    return "must be a string, an integer or a boolean"
