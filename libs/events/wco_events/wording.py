"""What pydantic found wrong with data, in the words and pointers of the contract."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from wco_events.fault import Fault, pointer

_WORDS: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": "is not a field here",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "bool_type": "must be true or false",
    "literal_error": "must be {expected}",
    "too_short": "must have at least {min_length}",
    "union_tag_invalid": "must have as {discriminator} one of {expected_tags}",
    "union_tag_not_found": "must have {discriminator}",
}
"""By pydantic's type of error. A broken form (`wco_events.forms`) brings its own words."""


def faults_in(error: ValidationError, data: object) -> Iterator[Fault]:
    """Yield a fault for each thing that is wrong with `data`, each with the pointer of its own place."""
    found = [
        (_place(problem["loc"], data, missing=problem["type"] == "missing"), problem)
        for problem in error.errors(include_url=False, include_input=False)
    ]
    deeper = {place[:depth] for place, _ in found for depth in range(len(place))}
    for place, problem in found:
        # Where a list or an object is right, pydantic tells what is wrong by either. What got further is meant.
        if problem["type"] not in {"model_type", "list_type"} or place not in deeper:
            words = _WORDS.get(problem["type"])
            detail = problem["msg"] if words is None else words.format_map(problem.get("ctx", {}))
            yield Fault(pointer("data", *place), detail)


def _place(location: Sequence[str | int], data: object, *, missing: bool) -> tuple[str | int, ...]:
    """Return a location without what pydantic puts in: names of a union's branches, a mark for keys."""
    place: list[str | int] = []
    here: Any = data
    for token in location:
        if isinstance(here, list) if isinstance(token, int) else isinstance(here, dict) and token in here:
            here = here[token]
            place.append(token)
    return (*place, location[-1]) if missing else tuple(place)
