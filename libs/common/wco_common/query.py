"""Query parameters, read strictly: none unknown, none twice, and every fault said at once."""

import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request

from wco_common.problem import Invalid
from wco_events.fault import Fault, pointer

Reader = Callable[[str], Any]
"""Makes a parameter's value of its text. Raises ValueError saying what would be right."""

_POSITION = re.compile("[0-9]{1,16}")


def read_query(request: Request, readers: Mapping[str, Reader]) -> dict[str, Any]:
    """Return the request's parameters by name, those that were sent, read by the readers.

    Raises Invalid with a fault for each that is unknown, repeated or wrong.
    """
    parameters, faults = query_and_faults(request, readers)
    if faults:
        raise Invalid("; ".join(f"{fault.pointer[1:]} {fault.detail}" for fault in faults), faults)
    return parameters


def query_and_faults(request: Request, readers: Mapping[str, Reader]) -> tuple[dict[str, Any], list[Fault]]:
    """Return the parameters and what is wrong with them, for whoever has more faults to look for."""
    parameters: dict[str, Any] = {}
    faults: list[Fault] = []
    if request.scope["query_string"]:
        for name, text in parse_qsl(request.scope["query_string"].decode("latin-1"), keep_blank_values=True):
            if name not in readers:
                known = f"parameters here: {', '.join(readers)}" if readers else "there are none here"
                faults.append(Fault(pointer(name), f"is no parameter; {known}"))
            elif name in parameters:
                faults.append(Fault(pointer(name), "is sent more than once"))
            else:
                parameters[name] = None
                try:
                    parameters[name] = readers[name](text)
                except ValueError as error:
                    faults.append(Fault(pointer(name), str(error)))
    return parameters, faults


def invalid(name: str, detail: str) -> Invalid:
    """Return the refusal of a parameter."""
    return Invalid(f"{name} {detail}", [Fault(pointer(name), detail)])


def boolean(text: str) -> bool:
    """Read `true` or `false`."""
    if text not in {"true", "false"}:
        raise ValueError("must be true or false")
    return text == "true"


def position(text: str) -> int:
    """Read a position in a log, from 0: a sequence, with or without the zeros before it."""
    if not _POSITION.fullmatch(text):
        raise ValueError("must be a sequence of the log, a whole number from 0 of at most 16 digits")
    return int(text)


def page_limit(text: str) -> int:
    """Read how many rows a page may have."""
    if not re.fullmatch("[0-9]{1,4}", text) or not 1 <= int(text) <= 1_000:
        raise ValueError("must be a whole number from 1 to 1000")
    return int(text)


def one_of(*choices: str) -> Reader:
    """Return a reader of one of these."""

    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return text

    return read


def matching(pattern: re.Pattern[str], right: str) -> Reader:
    """Return a reader of text of a form; `right` says which: `must be …`."""

    def read(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(right)
        return text

    return read
