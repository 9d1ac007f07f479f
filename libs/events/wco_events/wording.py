"""What pydantic found wrong with data, in the words and pointers of the contract."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic_core import ErrorDetails

from wco_events.fault import Fault, pointer

_WORDS: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": "is not a field here",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "string_unicode": "has half of a surrogate pair, which is no character",
    "bool_type": "must be true or false",
    "literal_error": "must be {expected}",
    "too_short": "must have at least {min_length}",
    "union_tag_invalid": "must have as {discriminator} one of {expected_tags}",
    "union_tag_not_found": "must have {discriminator}",
}
"""By pydantic's type of error. A broken form (`wco_events.forms`) brings its own words."""


def faults_in(data: object, problems: Sequence[ErrorDetails]) -> Iterator[Fault]:
    """Yield a fault for each thing that pydantic found wrong with `data`, with the pointer of its own place."""
    found = [(_place(problem, data), problem) for problem in problems]
    deeper = {place[:depth] for place, _ in found for depth in range(len(place))}
    for place, problem in found:
        # Where a list or an object is right, pydantic tells what is wrong by either. What got further is meant.
        if problem["type"] not in {"model_type", "list_type"} or place not in deeper:
            words = _WORDS.get(problem["type"])
            detail = problem["msg"] if words is None else words.format_map(problem.get("ctx", {}))
            yield Fault(pointer("data", *place), detail)


def _place(problem: ErrorDetails, data: object) -> tuple[str | int, ...]:
    """Return a problem's location without what pydantic puts in: names of a union's branches, a mark for keys."""
    place: list[str | int] = []
    here: Any = data
    for token in problem["loc"]:
        if isinstance(here, list) if isinstance(token, int) else isinstance(here, dict) and token in here:
            here = here[token]
            place.append(token)
    return (*place, problem["loc"][-1]) if problem["type"] == "missing" else tuple(place)
