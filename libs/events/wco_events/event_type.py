"""What an event type is: the definition that the door, OpenAPI, `/types` and the deciders share."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from pydantic import BaseModel

LogName = Literal["plan-registry", "survey-intake", "operations-feed"]
"""A log's name. The order of `LOG_NAMES` is the order of the logs wherever one is needed."""

LOG_NAMES: tuple[LogName, ...] = get_args(LogName)

PREFIX = "org.wcoomd."
SUFFIX = ".v1"


def type_of(name: str) -> str:
    """Return the CloudEvents `type` of a name (`survey.opened`)."""
    return f"{PREFIX}{name}{SUFFIX}"


def name_of(event_type: str) -> str:
    """Return a type without prefix and suffix."""
    return event_type.removeprefix(PREFIX).removesuffix(SUFFIX)


@dataclass(frozen=True, slots=True)
class EventType:
    """One event type of one log.

    `name` is the type without prefix and suffix (`survey.opened`); `data` the model of its data; `subject_of`
    says which subject the data demand (None: any id is right); `happened` names the top-level fields of data
    that tell when a thing happened, and so cannot be dated later than the UTC day after the recording;
    `example` is a whole valid event without the three log attributes.
    """

    log: LogName
    name: str
    summary: str
    data: type[BaseModel]
    example: Mapping[str, Any]
    happened: tuple[str, ...] = ()
    subject_of: Callable[[Mapping[str, Any]], str | None] = lambda data: None
    subject_form: Literal["id", "pair", "members"] = "id"

    type: str = field(init=False)
    """The CloudEvents `type`."""
    kind: str = field(init=False)
    """The kind of its subject: the first word of the type after the prefix."""

    def __post_init__(self) -> None:
        """Put the type and the kind together once: they are asked for with every event."""
        object.__setattr__(self, "type", type_of(self.name))
        object.__setattr__(self, "kind", self.name.partition(".")[0])
