"""A mapping is taken, or every mistake in it is told with its place and what would be right."""

from pathlib import Path

import pytest

from wco_common.spreadsheet.kind import KINDS
from wco_embedded.spreadsheet.mapping import WrongMapping, read_mapping
from wco_embedded.spreadsheet.row import RowForm

SEIZURES = """
source = "urn:example:statistics"
[row]
operation = "op"
report = { column = "Ref" }
member = "FRA"
seized_on = { column = "Day", format = "%d/%m/%Y" }
category = { column = "Goods", slug = true }
seizures = { column = "Count" }
"""


def form(tmp_path: Path, text: str, kind: str = "seizures") -> RowForm:
    path = tmp_path / "mapping.toml"
    path.write_text(text)
    return RowForm(KINDS[kind], read_mapping(path), path)


def mistakes(tmp_path: Path, text: str, kind: str = "seizures") -> list[str]:
    with pytest.raises(WrongMapping) as wrong:
        form(tmp_path, text, kind)
    return [line.strip() for line in str(wrong.value).splitlines()[1:]]


def test_a_mapping_names_the_columns_that_it_looks_at(tmp_path: Path) -> None:
    assert list(form(tmp_path, SEIZURES).columns()) == ["Ref", "Day", "Goods", "Count"]


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('source = "urn:example:statistics"', "", "source: is required"),
        ('"urn:example:statistics"', '"statistics"', "source: must have the form"),
        ("[row]", "[file]\nheadr = 2\n[row]", "file.headr: is not known here"),
        ("[row]", "[file]\nheader = 0\n[row]", "file.header: should be greater than or equal to 1, not 0"),
        ("[row]", "[file]\ndecimal = ','\n[row]", "file: decimal and thousands must be two marks"),
        ("[row]", "[file]\nheader = 2\nfirst = 2\n[row]", "file: first must be a line below the header"),
        ("[row]", "[file]\nencoding = 'ebcdic-9'\n[row]", "file: encoding must be one that there is"),
        ('member = "FRA"', 'member = "France"', "row.member: must be an ISO 3166-1 alpha-3 code"),
        ('member = "FRA"', "", "row.member: is required"),
        ('member = "FRA"', 'membre = "FRA"', "row.membre: is no field; there are operation, report, member"),
        ("seizures = {", "seizures = { scale = 2,", "row.seizures.scale: is not known here"),
        ('seizures = { column = "Count" }', "seizures = {}", "row.seizures: must say what it comes from"),
        ('seizures = { column = "Count" }', "seizures = -1", "row.seizures: must be a whole number, 0 or more"),
        ("seizures = {", "seizures = { times = 'two',", "row.seizures: times must be a decimal in quotes"),
        ('"%d/%m/%Y"', '"%Q"', "row.seized_on: format must be one that strptime reads"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place(tmp_path: Path, before: str, after: str, told: str) -> None:
    assert before in SEIZURES
    found = mistakes(tmp_path, SEIZURES.replace(before, after))
    assert any(line.startswith(told) for line in found), found


def test_a_unit_has_to_be_told_in_the_one_that_stands_beside_it(tmp_path: Path) -> None:
    told = mistakes(
        tmp_path, f'{SEIZURES}quantities = [{{ amount = {{ column = "lbs", unit = "lb" }}, unit = "pieces" }}]'
    )
    assert told == ['row.quantities[0].unit: must be "kg", which lb is told in']
    told = mistakes(
        tmp_path, f'{SEIZURES}quantities = [{{ amount = {{ column = "q", unit = "stone" }}, unit = "kg" }}]'
    )
    assert told[0].startswith("row.quantities[0].amount: unit must be one of mg, g, t, lb")


def test_what_comes_before_is_held_against_its_own_event(tmp_path: Path) -> None:
    told = mistakes(tmp_path, SEIZURES.replace("[row]", '[before]\ntitel = "T"\n[row]'))
    assert "before.titel: is no field; there are title, theme, starts_on, ends_on, participants" in told
    assert "before.title: is required" in told


def test_an_event_that_a_mapping_begins_to_tell_it_tells_whole_and_one_at_least(tmp_path: Path) -> None:
    actions = 'source = "urn:x"\n[row]\naction = { column = "No" }\n'
    assert mistakes(tmp_path, actions, "actions")[0].startswith("row: tells nothing; there are ")
    assert mistakes(tmp_path, f'{actions}evidence = {{ column = "Seen" }}', "actions") == [
        "row.completed_on: is required"
    ]
    form(tmp_path, f'{actions}completed_on = {{ column = "Done" }}', "actions")


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    assert len(mistakes(tmp_path, 'source = "urn:x"\n[row]\nmember = "France"\noperation = "op"')) == 5


def test_what_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    assert "line 2" in mistakes(tmp_path, "source = 'x'\nrow = ?\n")[0]


def test_the_mapping_that_is_shipped_is_sound() -> None:
    path = Path(__file__).parents[3] / "data" / "imports" / "cbp-drug-seizures.toml"
    RowForm(KINDS["seizures"], read_mapping(path), path)
