"""A row as the drafts of the events that it tells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from wco_common.spreadsheet.kind import Kind, Step
from wco_embedded.spreadsheet.cell import Cells
from wco_embedded.spreadsheet.form import Forms
from wco_embedded.spreadsheet.mapping import Mapping as MappingFile
from wco_embedded.spreadsheet.mapping import WrongMapping, place
from wco_embedded.spreadsheet.node import ABSENT, Constant, Node
from wco_events.forms import Id
from wco_events.registry import faults_of

_ID = TypeAdapter(Id).json_schema()


@dataclass(frozen=True)
class Row:
    """A line of a spreadsheet that says something: its number, and its cells by column.

    `wrong` is what is wrong with the line as a whole. `hidden`: whoever opens the file does not see it.
    """

    line: int
    cells: Cells
    wrong: str = ""
    hidden: bool = False


@dataclass(frozen=True, order=True)
class RowFault:
    """What is wrong with a row, in which columns (none: in what the mapping always says), and what would be right."""

    line: int
    columns: tuple[str, ...]
    detail: str


@dataclass(frozen=True)
class Draft:
    """An event that a row tells, before it is held against what is recorded. `subject` and data are sound."""

    step: Step
    subject: str
    data: Mapping[str, Any]

    @property
    def key(self) -> tuple[str, ...]:
        """What it speaks of."""
        return self.step.key(self.subject, self.data)


class RowForm:
    """Reads rows of a kind as a mapping says. Raises WrongMapping."""

    def __init__(self, kind: Kind, mapping: MappingFile, path: Path) -> None:
        forms = Forms(mapping.file)
        self.kind = kind
        self._fields = _fields(kind, mapping.row, forms)
        self._before: Node | None = None
        if mapping.before is not None:
            schema = kind.before.type.data.model_json_schema()
            self._before = forms.of(mapping.before, schema, schema.get("$defs", {}), "before")
        constant = {name: node.value for name, node in self._fields.items() if isinstance(node, Constant)}
        for step in kind.steps:
            forms.faults += _wrong_constants(step, {name: constant[name] for name in step.fields & constant.keys()})
        if forms.faults:
            raise WrongMapping(path, forms.faults)

    def columns(self) -> Iterator[str]:
        """Yield the columns that it looks at."""
        for node in (*self._fields.values(), *([self._before] if self._before else [])):
            yield from node.columns()

    def before(self, row: Row, drafts: Sequence[Draft]) -> tuple[Draft | None, list[RowFault]]:
        """Return what has to be there before a row that is sound, None where that is left to the log."""
        if self._before is None or drafts[0].step is not self.kind.steps[0]:
            return None, []
        faults: list[RowFault] = []
        data = self._before.read(row.cells, lambda columns, detail: faults.append(_fault(row, columns, detail)))
        found = {} if data is ABSENT else data
        step = self.kind.before
        subject = self._fields[str(step.subject)].read(row.cells, lambda columns, detail: None)
        if not faults:
            faults = [
                RowFault(row.line, _columns(self._before, each.pointer), f"before.{_name(each.pointer)} {each.detail}")
                for each in faults_of(step.type, subject, found)
            ]
        return Draft(step, subject, found), faults

    def read(self, row: Row) -> tuple[list[Draft], list[RowFault]]:
        """Return the events that a row tells; where there are faults, they are all that counts."""
        if row.wrong:
            return [], [RowFault(row.line, (), row.wrong)]
        faults: list[RowFault] = []
        found: dict[str, Any] = {}
        unread: set[str] = set()
        for name, node in self._fields.items():
            wrong: list[RowFault] = []
            value = node.read(row.cells, lambda columns, detail, to=wrong: to.append(_fault(row, columns, detail)))
            if wrong:
                unread.add(name)
                faults += wrong
            elif value is not ABSENT:
                found[name] = value
        drafts = [self._draft(step, found) for step in self.kind.steps if self._tells(step, found)]
        for draft in drafts:
            faults += self._wrong(row, draft, drafts[0], unread)
        if not drafts and not faults:
            names = ", ".join(name for name in self._fields if name != self.kind.subject)
            faults.append(RowFault(row.line, (), f"tells nothing: {names} are blank"))
        if not faults and _is_example(drafts):
            faults.append(RowFault(row.line, (), "is the template's example: write over it, or delete the line"))
        return drafts, faults

    def columns_of(self, pointer: str) -> tuple[str, ...]:
        """Return the columns that a part of an event, named by a JSON pointer, is made of."""
        _, first, *rest = f"{pointer}/".split("/")
        name = str(self.kind.subject) if first == "subject" else rest[0]
        node = self._fields.get(name)
        return () if node is None else _columns(node, "/".join(("", "", *rest[1:])))

    def _tells(self, step: Step, found: Mapping[str, Any]) -> bool:
        """Whether a row tells a step: all that it must have, or anything of it by a column."""
        own = [name for name in found if self.kind.fields.get(name) is step]
        filled = any(any(self._fields[name].columns()) for name in own)
        return not step.optional or filled or found.keys() >= set(step.required)

    def _draft(self, step: Step, found: Mapping[str, Any]) -> Draft:
        data = {name: value for name, value in found.items() if name in step.fields}
        subject = found.get(step.subject) if step.subject else step.type.subject_of(data)
        return Draft(step, subject or "", data)

    def _wrong(self, row: Row, draft: Draft, first: Draft, unread: set[str]) -> Iterator[RowFault]:
        """Yield what the event alone shows to be wrong, save where a cell could not be read.

        What is wrong with the subject, which all events of a row share, is told once.
        """
        for fault in faults_of(draft.step.type, draft.subject, draft.data):
            name = fault.pointer.split("/")[2] if fault.pointer.startswith("/data/") else self.kind.subject
            if name is None or name in unread or (name == self.kind.subject and draft is not first):
                continue
            detail = "is required" if name == self.kind.subject and not draft.subject else fault.detail
            told = name if name == self.kind.subject else _name(fault.pointer)
            yield RowFault(row.line, self.columns_of(fault.pointer), f"{told} {detail}")


def _fields(kind: Kind, told: Mapping[str, Any], forms: Forms) -> Mapping[str, Node]:
    nodes: dict[str, Node] = {}
    schemas = {step: step.type.data.model_json_schema() for step in kind.steps}
    known = [*([kind.subject] if kind.subject else []), *kind.fields]
    for name, value in told.items():
        if name == kind.subject:
            nodes[name] = forms.of(value, _ID, {}, "row", name)
        elif (step := kind.fields.get(name)) is not None:
            schema = schemas[step]
            nodes[name] = forms.of(value, schema["properties"][name], schema.get("$defs", {}), "row", name)
        else:
            forms.faults.append((place("row", name), f"is no field; there are {', '.join(known)}"))
    steps = [step for step in kind.steps if not step.optional or any(kind.fields.get(name) is step for name in told)]
    if not steps:
        forms.faults.append(("row", f"tells nothing; there are {', '.join(kind.fields)}"))
    required = [*([kind.subject] if kind.subject else []), *(name for step in steps for name in step.required)]
    forms.faults += [(place("row", name), "is required") for name in required if name not in told]
    return nodes


def _wrong_constants(step: Step, data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with what the mapping says of every row alike."""
    for fault in faults_of(step.type, "", data):
        tokens = fault.pointer.split("/")[2:]
        if tokens and tokens[0] in data:
            yield place("row", *(int(token) if token.isdigit() else token for token in tokens)), fault.detail


def _is_example(drafts: Sequence[Draft]) -> bool:
    """Whether a row tells what the template has it tell, and nothing else."""
    subject = drafts[0].step.type.example["subject"]
    return drafts[0].subject == subject and all(draft.data == draft.step.type.example["data"] for draft in drafts)


def _columns(node: Node, pointer: str) -> tuple[str, ...]:
    for token in pointer.split("/")[2:]:
        node = node.at(token)
    return tuple(dict.fromkeys(node.columns()))


def _name(pointer: str) -> str:
    """Return a pointer into an event as a person reads it."""
    return pointer.removeprefix("/data").removeprefix("/").replace("/", ".")


def _fault(row: Row, columns: Sequence[str], detail: str) -> RowFault:
    return RowFault(row.line, tuple(dict.fromkeys(columns)), detail)
