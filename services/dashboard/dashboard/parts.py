"""The fields that have parts: objects, arrays, and objects whose keys are the client's own."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dashboard.field import Field, Text, Values, text_of
from wco_events.fault import pointer

_ROW = re.compile("[0-9]{1,9}")


@dataclass(frozen=True, kw_only=True)
class Group(Field):
    """An object: the fields by their names in it."""

    kind = "group"

    fields: Mapping[str, Field]

    def fill(self, name: str, value: Any, values: Values) -> None:
        """Put in the parts that are there."""
        if not isinstance(value, Mapping):
            return
        self._give(name, values)
        for key, field in self.fields.items():
            if key in value:
                field.fill(name + pointer(key), value[key], values)

    def write(self, name: str, values: Values) -> str | None:
        """Return the object of those parts that say something."""
        if not self.required and name not in values:
            return None
        parts = ((key, field.write(name + pointer(key), values)) for key, field in self.fields.items())
        return "{" + ",".join(f"{json.dumps(key)}:{part}" for key, part in parts if part is not None) + "}"

    def begin(self, name: str, values: Values) -> None:
        """It is there, with those of its parts that must be."""
        self._give(name, values)
        for key, field in self.fields.items():
            if field.required:
                field.begin(name + pointer(key), values)

    def _give(self, name: str, values: Values) -> None:
        if not self.required:
            values[name] = [""]

    def place(self, name: str, tokens: Sequence[str], values: Values) -> str:
        """Return the place of the part."""
        field = self.fields.get(tokens[0]) if tokens and (self.required or name in values) else None
        return name if field is None else field.place(name + pointer(tokens[0]), tokens[1:], values)

    def inner(self, token: str) -> Field | None:
        """Return the field of a name in it."""
        return self.fields.get(token)

    def texts(self) -> Iterator[str]:
        """Yield what it and its parts say."""
        yield from super().texts()
        for field in self.fields.values():
            yield from field.texts()


@dataclass(frozen=True, kw_only=True)
class Rows(Field):
    """What repeats: rows of one field, each by its number."""

    item: Field
    least: int = 0

    def begin(self, name: str, values: Values) -> None:
        """It begins with the rows that there must be at least."""
        values[name] = [""]
        for _ in range(self.least):
            self.add(name, values)

    def add(self, name: str, values: Values) -> str:
        """Add a row at the end, and return its name."""
        return self._row(name, max((int(row) for row in rows_of(values, name)), default=-1) + 1, values)

    def _row(self, name: str, number: int, values: Values) -> str:
        values.setdefault(name, [""]).append(str(number))
        self.item.begin(f"{name}/{number}", values)
        return f"{name}/{number}"

    def inner(self, token: str) -> Field | None:
        """Return the field of any row."""
        return self.item

    def texts(self) -> Iterator[str]:
        """Yield what it and a row of it say."""
        yield from super().texts()
        yield from self.item.texts()

    def _written(self, name: str, values: Values) -> list[tuple[str, str]] | None:
        """Return each row's name and JSON; an empty one is an empty text, which the service refuses."""
        if not self.required and name not in values:
            return None
        names = [f"{name}/{row}" for row in rows_of(values, name)]
        return [(row, self.item.write(row, values) or '""') for row in names]


@dataclass(frozen=True, kw_only=True)
class List(Rows):
    """An array."""

    kind = "list"

    def fill(self, name: str, value: Any, values: Values) -> None:
        """Put in a row for each item."""
        if not isinstance(value, list):
            return
        values[name] = [""]
        for number, each in enumerate(value):
            self.item.fill(self._row(name, number, values), each, values)

    def write(self, name: str, values: Values) -> str | None:
        """Return the array of the rows."""
        written = self._written(name, values)
        return None if written is None else "[" + ",".join(part for _, part in written) + "]"

    def place(self, name: str, tokens: Sequence[str], values: Values) -> str:
        """Return the place in the row of an index."""
        rows = rows_of(values, name)
        if not tokens or not tokens[0].isdecimal() or int(tokens[0]) >= len(rows):
            return name
        return self.item.place(f"{name}/{rows[int(tokens[0])]}", tokens[1:], values)


@dataclass(frozen=True, kw_only=True)
class Mapped(Rows):
    """An object whose keys are the client's own: a row each, with the key beside the value."""

    kind = "mapped"

    key: Text

    def fill(self, name: str, value: Any, values: Values) -> None:
        """Put in a row for each key."""
        if not isinstance(value, Mapping):
            return
        values[name] = [""]
        for number, (key, each) in enumerate(value.items()):
            row = self._row(name, number, values)
            values[key_of(row)] = [key]
            self.item.fill(row, each, values)

    def write(self, name: str, values: Values) -> str | None:
        """Return the object of the rows: a key that stands twice is written twice, which the service refuses."""
        written = self._written(name, values)
        if written is None:
            return None
        return "{" + ",".join(f"{json.dumps(text_of(values, key_of(row)))}:{part}" for row, part in written) + "}"

    def place(self, name: str, tokens: Sequence[str], values: Values) -> str:
        """Return the place in the last row of a key."""
        rows = [f"{name}/{row}" for row in rows_of(values, name)]
        found = [row for row in rows if tokens and text_of(values, key_of(row)) == tokens[0]]
        return self.item.place(found[-1], tokens[1:], values) if found else name


def rows_of(values: Values, name: str) -> list[str]:
    """Return the numbers of the rows that there are."""
    return [row for row in values.get(name, []) if _ROW.fullmatch(row)]


def key_of(row: str) -> str:
    """Return the name of the control that has the key of a row."""
    return f"{row}:key"
