"""JSON read strictly: what RFC 8259 lets pass and this system refuses is found once, here, with its place.

Refused are numbers with a fraction or an exponent, integers past 2^53 - 1, duplicate keys, keys that are not
ASCII and lone surrogates: each would be read differently by different readers, or would not survive the
canonical form (RFC 8785). An ordinary document, in which none of them can be, is read by a fast parser; another one by
the standard library's, whose hooks leave a mark where they meet one, and only what may have one is walked for the
pointers.
"""

import json
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec

from wco_common.canonical import canonical
from wco_common.problem import Invalid, NotJson
from wco_events.fault import LONE_SURROGATE, Fault, pointer
from wco_events.forms import MAX_INTEGER


class Refused:
    """Stands in a parsed document for a number that is refused."""

    __slots__ = ("detail",)

    def __init__(self, detail: str) -> None:
        self.detail = detail


class Repeated(dict[str, Any]):
    """An object in which a key stood more than once; `keys_repeated` says which."""

    keys_repeated: list[str]


class _Parser(threading.local):
    """The standard library's parser with hooks that leave a mark; one a thread, as to make one takes a while."""

    def __init__(self) -> None:
        self.suspect = False
        self.parse = json.JSONDecoder(
            object_pairs_hook=self._object,
            parse_int=self._integer,
            parse_float=self._fraction,
            parse_constant=_constant,
        ).decode

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) == len(pairs):
            return found
        self.suspect = True
        repeated = Repeated(found)
        repeated.keys_repeated = [key for key, times in Counter(key for key, _ in pairs).items() if times > 1]
        return repeated

    def _integer(self, literal: str) -> int | Refused:
        if len(literal) < 16 or (len(literal) <= 17 and abs(int(literal)) <= MAX_INTEGER):
            return int(literal)
        self.suspect = True
        return Refused("is past 2^53 - 1, where readers of JSON begin to differ; send it as a string")

    def _fraction(self, literal: str) -> Refused:
        self.suspect = True
        return Refused("has a fraction or an exponent; numbers here are integers, decimals are strings")


class Document:
    """A parsed JSON text. `suspect`: something in it may be refused, so `faults` has to look."""

    __slots__ = ("suspect", "value")

    def __init__(self, body: bytes) -> None:
        """Parse; raises NotJson for what is not UTF-8 or not JSON, Invalid when it nests too deeply to be read."""
        try:
            self.value: Any = _ordinary(body)
        except (_NotOrdinary, msgspec.MsgspecError, RecursionError):
            pass
        else:
            self.suspect = False
            return
        # Not before what was read until then is given back: it may be large.
        self._read_with_marks(body)

    def _read_with_marks(self, body: bytes) -> None:
        try:
            text = body.decode()
        except UnicodeDecodeError as error:
            raise _not_json(f"is not UTF-8: byte {error.start} begins no character") from None
        # A key beyond ASCII or a lone surrogate cannot come from plain ASCII text without \u escapes.
        _PARSER.suspect = not text.isascii() or "\\u" in text
        try:
            self.value = _PARSER.parse(text)
        except json.JSONDecodeError as error:
            # Some of the parser's messages end in the word that the place begins with.
            message = error.msg.removesuffix(" at")
            raise _not_json(f"is not JSON: {message} at line {error.lineno}, column {error.colno}") from None
        except RecursionError:
            raise Invalid("the body nests too deeply", [Fault("", "nests too deeply to be read")]) from None
        self.suspect = _PARSER.suspect


class _NotOrdinary(Exception):
    """A document may have something that is refused."""


def _ordinary(body: bytes) -> Any:
    """Return what a JSON text says that can have nothing to be refused. Raises _NotOrdinary, MsgspecError.

    In plain ASCII without escapes there is no name beyond ASCII and no surrogate, and with fewer than 16 digits in a
    row no integer past 2^53 - 1. Of a key that stands twice the parser keeps the last: what is written again without
    blanks is as long as it was unless something was dropped.
    """
    if not body.isascii() or b"\\" in body or _LONG in body.translate(_DIGITS):
        raise _NotOrdinary
    value = _read(body)
    if len(canonical(value).translate(None, _BLANKS)) != len(body.translate(None, _BLANKS)):
        raise _NotOrdinary
    return value


def _no_fraction(literal: str) -> NoReturn:
    raise _NotOrdinary


_read = msgspec.json.Decoder(float_hook=_no_fraction).decode
_DIGITS, _LONG = bytes.maketrans(b"123456789", b"0" * 9), b"0" * 16
_BLANKS = b" \t\r\n"


def _constant(literal: str) -> NoReturn:
    raise _not_json(f"is not JSON: {literal} is no JSON value")


def _not_json(detail: str) -> NotJson:
    return NotJson(f"the body {detail}")


_PARSER = _Parser()


def faults_in(value: Any, *place: str | int) -> Iterator[Fault]:
    """Yield everything in a parsed value that is refused, in the document's order, as pointers from `place`."""
    # A loop and not a recursion: how deep a client may nest is not bound by what is left of the call stack.
    waiting: list[tuple[tuple[str | int, ...], Any]] = [(place, value)]
    while waiting:
        at, value = waiting.pop()
        match value:
            case Refused(detail=detail):
                yield Fault(pointer(*at), detail)
            case str():
                if LONE_SURROGATE.search(value):
                    yield Fault(pointer(*at), "has half of a surrogate pair, which is no character")
            case dict():
                for key in value.keys_repeated if isinstance(value, Repeated) else ():
                    yield Fault(pointer(*at, key), "stands more than once in its object")
                for key in value:
                    if not key.isascii():
                        yield Fault(pointer(*at, key), "has a name that is not ASCII")
                waiting.extend(((*at, key), item) for key, item in reversed(value.items()))
            case list():
                waiting.extend(((*at, index), item) for index, item in reversed(list(enumerate(value))))
            case _:
                pass
