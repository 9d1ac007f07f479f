"""Media types (RFC 9110, section 8.3) and what a client accepts of them (section 12.5.1)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_PARAMETER = re.compile(rf"[ \t]*;[ \t]*(?:({_TOKEN})=({_TOKEN}|{_QUOTED}))?")
_ESSENCE = re.compile(rf"[ \t]*({_TOKEN})/({_TOKEN})")
_LIST = re.compile(rf'(?:[^",]|{_QUOTED})+')


@dataclass(frozen=True, slots=True)
class MediaType:
    """A media type; type, subtype and the parameters' names in lower case, the parameters' values unquoted."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...] = ()

    @property
    def essence(self) -> str:
        """The type without its parameters, as `application/json`."""
        return f"{self.type}/{self.subtype}"

    @property
    def is_json(self) -> bool:
        """Whether it is JSON by RFC 6839: `*/json` or `*/*+json`."""
        return self.subtype == "json" or self.subtype.endswith("+json")

    @property
    def is_utf8(self) -> bool:
        """Whether its text is UTF-8: no charset is said, or UTF-8, or ASCII, which is a part of it."""
        return all(
            value.lower() in {"utf-8", "utf8", "us-ascii"} for name, value in self.parameters if name == "charset"
        )


@lru_cache(maxsize=1024)
def parse_media_type(text: str) -> MediaType | None:
    """Read a media type or a range such as `text/*`; None when it is not one."""
    match = _ESSENCE.match(text)
    if match is None:
        return None
    parameters: list[tuple[str, str]] = []
    end = match.end()
    while parameter := _PARAMETER.match(text, end):
        end = parameter.end()
        if parameter[1] is not None:
            parameters.append((parameter[1].lower(), _unquoted(parameter[2])))
    if text[end:].strip(" \t"):
        return None
    return MediaType(match[1].lower(), match[2].lower(), tuple(parameters))


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def preferred(accept: str | None, offers: Sequence[str]) -> str | None:
    """Return which of the offered media types the client likes best, the first of several; None if it takes none.

    `accept` is the Accept header (None or empty: anything will do). The most specific range that fits an offer
    says its quality; a quality of 0 rules it out.
    """
    if accept is None or not accept.strip():
        return offers[0]
    ranges = [found for item in _LIST.findall(accept) if (found := parse_media_type(item)) is not None]
    best = max(offers, key=lambda offer: _quality(offer, ranges))
    return best if _quality(best, ranges) > 0 else None


def _quality(offer: str, ranges: Sequence[MediaType]) -> float:
    """Return the quality that the most specific of the ranges gives to an offer."""
    kind = offer.partition("/")[0]
    for wanted in (offer, f"{kind}/*", "*/*"):
        qualities = [_q(found) for found in ranges if found.essence == wanted]
        if qualities:
            return max(qualities)
    return 0.0


def _q(found: MediaType) -> float:
    weight = dict(found.parameters).get("q", "1")
    return float(weight) if re.fullmatch(r"[01](\.[0-9]{0,3})?", weight) else 0.0
