"""The fields of a form: each stands for a place in an event, is filled from what stands there, and writes it as JSON.

A form has controls, and each control a name: the way to its field, with rows by numbers that stay theirs while others
come and go. A field refuses nothing. What is no number is written as the text that it is, so that the service says what
is wrong with it, in its own words and once.
"""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

Values = dict[str, list[str]]
"""What stands in a form, by the names of its controls. A list's own name has the numbers of its rows; what may be left
out and has parts is there when its own name is."""

NOWHERE = ""
"""The name of what has no place of its own on a page."""

_LOOKED_THROUGH = 30
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,30})?")


@dataclass(frozen=True, kw_only=True)
class Field(ABC):
    """A place in an event: what it is called, what is said of it, and whether it must be there."""

    kind: ClassVar[str]

    label: str
    help: str = ""
    required: bool = True

    @abstractmethod
    def fill(self, name: str, value: Any, values: Values) -> None:
        """Put what stands in an event into the form, as far as it fits."""

    @abstractmethod
    def write(self, name: str, values: Values) -> str | None:
        """Return what stands in the form as JSON; None where it says nothing."""

    @abstractmethod
    def begin(self, name: str, values: Values) -> None:
        """Put in what the form begins with."""

    def place(self, name: str, tokens: Sequence[str], values: Values) -> str:
        """Return the name of the control that a pointer means, or of the nearest around it."""
        return name

    def inner(self, token: str) -> "Field | None":
        """Return the field below this one by a token of its name."""
        return None

    def texts(self) -> Iterator[str]:
        """Yield what it says to a person, in English: what it is called, and what is said of it."""
        yield from filter(None, (self.label, self.help))


@dataclass(frozen=True, kw_only=True)
class Entry(Field):
    """What is typed or chosen. Nothing typed is nothing said."""

    example: str = ""

    def fill(self, name: str, value: Any, values: Values) -> None:
        """Put in the text of a value."""
        if not isinstance(value, dict | list):
            values[name] = [value if isinstance(value, str) else json.dumps(value)]

    def write(self, name: str, values: Values) -> str | None:
        """Return the value of the text."""
        text = text_of(values, name)
        return self.value(text) if text else None

    def begin(self, name: str, values: Values) -> None:
        """It begins empty."""

    def value(self, text: str) -> str:
        """Return the JSON of a text."""
        return json.dumps(text)


@dataclass(frozen=True, kw_only=True)
class Text(Entry):
    """A text, of a form that has a name (`date`, `uri` …), of several lines, or of at most so many characters."""

    kind = "text"

    form: str = ""
    lines: bool = False
    decimal: bool = False
    most: int | None = None


@dataclass(frozen=True, kw_only=True)
class Number(Entry):
    """A number, between bounds where they say anything."""

    kind = "number"

    least: int | None = None
    most: int | None = None

    def value(self, text: str) -> str:
        """Return the number, or the text that is none."""
        return text.strip() if _NUMBER.fullmatch(text.strip()) else json.dumps(text)


@dataclass(frozen=True, kw_only=True)
class Choice(Entry):
    """One of several values, by their texts. `source` names choices that several fields have.

    `codes` says whose words the texts have, as the name of the place.
    """

    kind = "choice"

    options: Mapping[str, str]
    source: str
    codes: str = ""

    @property
    def long(self) -> bool:
        """Whether there are too many to look through: they are typed, and proposed."""
        return len(self.options) > _LOOKED_THROUGH

    def value(self, text: str) -> str:
        """Return the value that was chosen, or the text that is none."""
        return self.options.get(text, json.dumps(text))


@dataclass(frozen=True, kw_only=True)
class Written(Entry):
    """A part of the event that is written as JSON, since its schema has no fields to show."""

    kind = "json"

    def fill(self, name: str, value: Any, values: Values) -> None:
        """Put in a value as JSON for a person."""
        values[name] = [json.dumps(value, indent=1, ensure_ascii=False)]

    def value(self, text: str) -> str:
        """Return what is written, or the text that is no JSON."""
        try:
            json.loads(text, parse_constant=_refuse)
        except (ValueError, RecursionError):
            return json.dumps(text)
        return text


@dataclass(frozen=True, kw_only=True)
class Fixed(Field):
    """What can be nothing else."""

    kind = "fixed"

    constant: Any

    def fill(self, name: str, value: Any, values: Values) -> None:
        """There is nothing to fill."""

    def write(self, name: str, values: Values) -> str:
        """Return it."""
        return json.dumps(self.constant)

    def begin(self, name: str, values: Values) -> None:
        """There is nothing to begin with."""

    def place(self, name: str, tokens: Sequence[str], values: Values) -> str:
        """Nobody can mend it, so it has no place."""
        return NOWHERE


def text_of(values: Values, name: str) -> str:
    """Return what stands in a control."""
    return (values.get(name) or [""])[0]


def is_day(text: str) -> bool:
    """Say whether a text is a calendar date, which is all that a field for dates can hold."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _refuse(constant: str) -> Any:
    raise ValueError(constant)
