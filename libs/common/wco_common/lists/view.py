"""Views over lists, for tools that read databases: what holds now, under names that stay, in types that they know.

Migrations make them, of the text that `View.create` gives; the tests hold the databases against what is declared.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wco_common.lists.form import INSTANT, WHOLE, Dialect
from wco_common.lists.table import HOLDS, Field, ListTable

NOW = f"until = {HOLDS}"
"""Says of a version that it holds."""


@dataclass(frozen=True)
class ViewColumn:
    """A column of a view: what is told of the field, and the stored expression that it shows."""

    field: Field
    stored: str


@dataclass(frozen=True)
class View:
    """A view: `source` is all of it from FROM on, by engine where they need to be told differently."""

    name: str
    meaning: str
    columns: Sequence[ViewColumn]
    source: str | Mapping[Dialect, str]

    def create(self, dialect: Dialect) -> str:
        """Return the statement that makes it."""
        shown = (
            f'{column.field.form.shown.sql(column.stored, dialect)} AS "{column.field.name}"' for column in self.columns
        )
        source = self.source if isinstance(self.source, str) else self.source[dialect]
        return f"CREATE VIEW {self.name} AS SELECT {', '.join(shown)} {source}"


def columns_of(table: ListTable, leave_out: Collection[str] = (), of: str = "t") -> Iterator[ViewColumn]:
    """Yield the columns that show a table's rows, but for some."""
    for field in (*table.key, *table.says):
        if field.name not in leave_out:
            yield ViewColumn(field, f'{of}."{field.name}"')


def changed_by(of: str = "t") -> Iterator[ViewColumn]:
    """Yield the columns that say which event changed a row last."""
    yield ViewColumn(Field("sequence", WHOLE, "The event that it was last changed by."), f"{of}.sequence")
    yield ViewColumn(Field("recordedtime", INSTANT, "When that was recorded."), f"{of}.recorded_at")


def view_of(name: str, meaning: str, table: ListTable) -> View:
    """Return the view of a table's rows as they are."""
    columns = [*columns_of(table), *changed_by()]
    return View(name, meaning, columns, f"FROM {table.name} t WHERE t.{NOW}")


AS_OF = View(
    "as_of",
    "One row: up to where the log is in the views beside it.",
    [
        ViewColumn(Field("sequence", WHOLE, "The last event that is in them."), "t.sequence"),
        ViewColumn(Field("recordedtime", INSTANT, "When that was recorded."), "t.recorded_at"),
    ],
    "FROM position t",
)
"""In the database of every service's lists."""
