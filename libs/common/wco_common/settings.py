"""What an operator can set, by environment variables that begin with WCO_KPI_."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from wco_common.database_url import DatabaseUrl
from wco_common.structured_log import LogLevel

PREFIX = "WCO_KPI_"
"""What every variable begins with."""

_KINDS = {"integer": "a whole number", "number": "a number", "boolean": "true or false"}
_BOUNDS = {
    "minimum": "of at least",
    "exclusiveMinimum": "above",
    "maximum": "of at most",
    "exclusiveMaximum": "below",
}


class WrongSettings(ValueError):
    """Variables that cannot be taken: of each its name, what it is, and what it must be."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(self.faults))


class Settings(BaseSettings):
    """Settings of one part of the system, each a variable of the environment. Raises WrongSettings.

    An empty variable counts as not set, which is how files of variables leave one out.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid", allow_inf_nan=False
    )

    def __init__(self, **given: Any) -> None:
        try:
            super().__init__(**given)
        except ValidationError as error:
            schema = self.model_json_schema()["properties"]
            raise WrongSettings(
                _fault(self._variable(str(fault["loc"][0])), schema.get(fault["loc"][0], {}), fault)
                if fault["loc"]
                else fault["msg"].removeprefix("Value error, ")
                for fault in error.errors()
            ) from None

    @classmethod
    def variables(cls) -> dict[str, FieldInfo]:
        """Return what can be set, by the variable that sets it."""
        return {cls._variable(name): field for name, field in cls.model_fields.items()}

    @classmethod
    def _variable(cls, field: str) -> str:
        return f"{cls.model_config.get('env_prefix', '')}{field}".upper()


def unknown_variables(environment: Iterable[str], known: Collection[str]) -> Iterator[str]:
    """Yield a sentence on each variable of ours that is none of the known ones: one that is mistyped, perhaps."""
    for variable in environment:
        name = variable.upper()
        if name.startswith(PREFIX) and name not in known:
            near = get_close_matches(name, known, n=1, cutoff=0.8)
            yield f"{variable} sets nothing here" + (f"; is {near[0]} meant?" if near else ".")


def _fault(variable: str, schema: Mapping[str, Any], fault: ErrorDetails) -> str:
    """Say what is wrong with a variable, and what would be right by its JSON Schema."""
    match fault["type"]:
        case "missing":
            return f"{variable} must be set"
        case "value_error":
            return f"{variable} {fault['ctx']['error']}"
    return f"{variable} is {fault['input']!r}, but must be {_right(schema) or 'another: ' + fault['msg']}"


def _right(schema: Mapping[str, Any]) -> str:
    """Say which values a JSON Schema allows; nothing where there are no words for it."""
    if "enum" in schema:
        return f"one of {', '.join(map(str, schema['enum']))}"
    kind = _KINDS.get(schema.get("type", ""), "")
    bounds = " and ".join(f"{words} {schema[bound]:g}" for bound, words in _BOUNDS.items() if bound in schema)
    return f"{kind} {bounds}".strip() if kind else ""


class ServiceSettings(Settings):
    """Settings of every service. Times in seconds."""

    log_level: LogLevel = Field("info", description="From which level on log lines are written.")
    log_format: Literal["json", "console"] = Field("json", description="For machines or for eyes.")
    readiness_timeout: float = Field(2, gt=0, description="How long a check of /readyz may take.")
    spans_timeout: float = Field(3, gt=0, description="At the end, for the last spans to be sent.")


class LogSettings(ServiceSettings):
    """Settings of a log service; those of its database and of appending have classes of their own."""

    database_url: DatabaseUrl = Field(description="Of the log's database: sqlite:///… or postgresql://…")
    max_body: int = Field(16 * 1024 * 1024, ge=1, description="Bytes of a request, at most.")
    clock_leap: float = Field(
        5, gt=0, description="Seconds by which the clock may leap ahead before nothing is recorded."
    )
