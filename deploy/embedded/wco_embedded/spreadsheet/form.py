"""The `[row]` of a mapping held against the schemas of events: a form that is filled in from a row of cells."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from pydantic import TypeAdapter, ValidationError

from wco_embedded.spreadsheet import mapping
from wco_embedded.spreadsheet.mapping import SOURCES, FileForm, place
from wco_embedded.spreadsheet.node import Constant, Fields, Items, Leaf, Node
from wco_embedded.spreadsheet.units import UNITS
from wco_events.forms import DecimalText

Schema = Mapping[str, Any]

_DECIMAL = TypeAdapter(DecimalText).json_schema()["pattern"]


class Forms:
    """Makes forms of what a mapping says, and keeps every mistake in it, with its place."""

    def __init__(self, file: FileForm) -> None:
        self._file = file
        self.faults: list[tuple[str, str]] = []

    def of(self, told: Any, schema: Schema, defs: Schema, *where: str | int) -> Node:
        """Return the form of what a mapping says at a place, of which `schema` (with `defs` to refer to) says more."""
        schema = {**defs[schema["$ref"].rpartition("/")[2]], **schema} if "$ref" in schema else schema
        match schema.get("type"):
            case "object":
                return self._object(told, schema, defs, *where)
            case "array":
                items = schema["items"]
                if isinstance(told, list):
                    return Items([self.of(each, items, defs, *where, index) for index, each in enumerate(told)])
                return self._scalar(told, items, *where, array=True)
        return self._scalar(told, schema, *where)

    def _object(self, told: Any, schema: Schema, defs: Schema, *where: str | int) -> Node:
        if not isinstance(told, dict):
            self.faults.append((place(*where), "must be a table of fields"))
            return Constant(told)
        fields: Schema = schema.get("properties", {})
        free = next(iter(schema.get("patternProperties", {}).values()), None)
        parts = {}
        for name, each in told.items():
            if (field := fields.get(name, free)) is None:
                self.faults.append((place(*where, name), f"is no field; there are {', '.join(fields)}"))
            else:
                parts[name] = self.of(each, field, defs, *where, name)
        self.faults += [(place(*where, name), "is required") for name in schema.get("required", ()) if name not in told]
        self._unit(told, *where)
        return Fields(parts, frozenset(schema.get("required", ())))

    def _unit(self, told: Mapping[str, Any], *where: str | int) -> None:
        """Hold the unit that amounts are told in against the one beside them."""
        amount = told.get("amount")
        comes_in = amount.get("unit") if isinstance(amount, dict) else None
        unit = UNITS.get(comes_in) if isinstance(comes_in, str) else None
        if unit is not None and told.get("unit") != unit.unit:
            self.faults.append((place(*where, "unit"), f'must be "{unit.unit}", which {comes_in} is told in'))

    def _scalar(self, told: Any, schema: Schema, *where: str | int, array: bool = False) -> Node:
        if not isinstance(told, dict):
            return Constant(told.isoformat() if isinstance(told, date) else told)
        kind = next((SOURCES[word] for word in SOURCES if word in told), None)
        if kind is None:
            words = ", ".join(SOURCES)
            self.faults.append((place(*where), f"must say what it comes from by one of {words}, or be a plain value"))
            return Constant(None)
        try:
            source = kind.model_validate(told)
        except ValidationError as error:
            self.faults += mapping.faults_of(error, *where)
            return Constant(None)
        return Leaf(source, _form(schema), array, self._file)


def _form(schema: Schema) -> str:
    """Return which of the forms that are read in a way of their own a value has: integer, decimal, date; else text."""
    if schema.get("type") == "integer":
        return "integer"
    if schema.get("format") == "date":
        return "date"
    return "decimal" if schema.get("pattern") == _DECIMAL else "text"
