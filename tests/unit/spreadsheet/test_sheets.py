"""Sheets as people make them are taken for what they say, or refused with a sentence that tells what to do."""

import gzip
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from unit.spreadsheet.files import csv, read, xlsx
from wco_embedded.refusal import Refusal
from wco_embedded.spreadsheet.mapping import read_mapping
from wco_embedded.spreadsheet.row import RowFault
from wco_embedded.spreadsheet.sheet import rows

FILE = "[file]"
REPORTS = """
source = "urn:example:reports"
[file]
[row]
operation = "op"
report = { column = "Ref" }
member = { column = "Member" }
seized_on = { column = "Day" }
category = { column = "Goods" }
seizures = { column = "Count" }
quantities = [{ amount = { column = "Weight" }, unit = "kg" }]
"""
NAMES = ["Ref", "Member", "Day", "Goods", "Count", "Weight"]
ROW = ["a", "FRA", "2024-09-02", "tobacco", 3, 12.5]
OTHER = ["b", "BEL", "2024-09-03", "tobacco", 4, None]


def mapping(*lines: str, **changed: str) -> str:
    text = REPORTS.replace(FILE, "\n".join((FILE, *lines)))
    for name, told in changed.items():
        text = re.sub(f"^{name} = .*$", f"{name} = {told}", text, flags=re.MULTILINE)
    return text


def taken(tmp_path: Path, file: Path, how: str = REPORTS) -> list[dict[str, Any]]:
    """The data of all rows, none of which is wrong."""
    drafts, faults = read(tmp_path, "seizures", how, file)
    assert faults == []
    return [dict(draft.data) for draft in drafts]


def wrong(tmp_path: Path, file: Path, how: str = REPORTS) -> list[RowFault]:
    """What is wrong with rows."""
    return read(tmp_path, "seizures", how, file)[1]


def refused(tmp_path: Path, file: Path, how: str = REPORTS) -> str:
    """Why the file is not read at all."""
    with pytest.raises(Refusal) as refusal:
        read(tmp_path, "seizures", how, file)
    return str(refusal.value)


def rewritten(file: Path, *changes: tuple[str, str]) -> Path:
    """Change what an XLSX file says of its first sheet, to what other programs write."""
    with ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    for before, after in changes:
        assert before in sheet, sheet
        sheet = sheet.replace(before, after)
    parts["xl/worksheets/sheet1.xml"] = sheet.encode()
    with ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


def book(tmp_path: Path, **sheets: list[list[Any]]) -> Path:
    made = Workbook()
    made.remove(made.active)
    for name, lines in sheets.items():
        sheet = made.create_sheet(name)
        for line in lines:
            sheet.append(line)
    made.save(tmp_path / "book.xlsx")
    return tmp_path / "book.xlsx"


def test_formulas_that_nobody_has_calculated_are_told_with_their_lines_like_any_other_fault(tmp_path: Path) -> None:
    uncalculated = [*ROW[:4], "=1+2", ""]
    file = xlsx(tmp_path, NAMES, ROW, uncalculated, ["c", *uncalculated[1:]], [*OTHER[:4], "x", None])
    faults = wrong(tmp_path, file)
    assert [(fault.line, fault.columns) for fault in faults] == [(3, ("Count",)), (4, ("Count",)), (5, ("Count",))]
    assert len({fault.detail for fault in faults[:2]}) == 1  # so that they are told once, with both lines
    assert "never calculated: open the file in a spreadsheet program" in faults[0].detail


def test_a_formula_is_what_it_came_to_and_an_empty_text_is_blank(tmp_path: Path) -> None:
    file = xlsx(tmp_path, NAMES, [*ROW[:4], "=1+2", '=IF(E2=3,"","x")'])
    rewritten(
        file,
        ("<f>1+2</f><v />", "<f>1+2</f><v>3</v>"),
        ('<c r="F2"><f>IF(E2=3,"","x")</f><v /></c>', '<c r="F2" t="str"><f>IF(E2=3,"","x")</f><v></v></c>'),
    )
    (report,) = taken(tmp_path, file)
    assert report["seizures"] == 3
    assert "quantities" not in report


@pytest.mark.parametrize("error", ["#N/A", "#DIV/0!", "#REF!"])
def test_an_error_of_a_formula_is_told_and_never_taken_for_a_text(tmp_path: Path, error: str) -> None:
    row = [*ROW[:3], error, *ROW[4:]]
    told = RowFault(2, ("Goods",), f"is the error {error}: mend its formula, or leave it blank")
    assert wrong(tmp_path, xlsx(tmp_path, NAMES, row)) == [told]
    assert wrong(tmp_path, csv(tmp_path, ",".join(NAMES), ",".join(map(str, row)))) == [told]


def test_cells_merged_over_several_lines_are_told_for_nobody_knows_whose_they_are(tmp_path: Path) -> None:
    made = Workbook()
    for line in ([None, None, "Seizures of 2024"], NAMES, [*ROW, "Checked"], OTHER, ["c", *OTHER[1:]]):
        made.active.append(line)
    made.active.merge_cells("C1:E1")  # a title
    made.active.merge_cells("F3:F4")  # a weight of two reports
    made.active.merge_cells("G3:H3")  # a note beside the table
    made.save(tmp_path / "merged.xlsx")
    faults = wrong(tmp_path, tmp_path / "merged.xlsx", mapping("header = 2"))
    detail = "is merged with others (F3:F4): part them, and fill in what is each line's own"
    assert faults == [RowFault(3, ("Weight",), detail), RowFault(4, ("Weight",), detail)]


def test_merged_cells_with_nothing_in_them_say_nothing_and_those_of_one_line_what_the_first_says(
    tmp_path: Path,
) -> None:
    made = Workbook()
    for line in ([*NAMES, ""], ROW, [], OTHER):
        made.active.append(line)
    made.active.merge_cells("A3:XFD3")
    made.active.merge_cells("F2:G2")
    made.active.merge_cells("F4:F5")
    made.save(tmp_path / "merged.xlsx")
    assert [report["report"] for report in taken(tmp_path, tmp_path / "merged.xlsx")] == ["a", "b"]


def test_the_names_of_columns_may_be_merged_over_two_lines(tmp_path: Path) -> None:
    made = Workbook()
    for line in ([*NAMES[:4], "Seizures", None], [None, None, None, None, "Count", "Weight"], ROW):
        made.active.append(line)
    for cells in ("A1:A2", "B1:B2", "C1:C2", "D1:D2", "E1:F1"):
        made.active.merge_cells(cells)
    made.save(tmp_path / "merged.xlsx")
    assert len(taken(tmp_path, tmp_path / "merged.xlsx", mapping("header = 2"))) == 1


def test_hidden_rows_are_taken_and_known_to_be_hidden(tmp_path: Path) -> None:
    made = Workbook()
    for line in (NAMES, ROW, OTHER):
        made.active.append(line)
    made.active.row_dimensions[3].hidden = True
    made.save(tmp_path / "hidden.xlsx")
    assert len(taken(tmp_path, tmp_path / "hidden.xlsx")) == 2
    form = read_mapping(tmp_path / "mapping.toml").file
    assert [row.hidden for row in rows(tmp_path / "hidden.xlsx", form, NAMES)] == [False, True]


def test_blank_lines_are_passed_over_and_lines_keep_their_numbers(tmp_path: Path) -> None:
    bad = ["c", "France", *ROW[2:]]
    lines: list[list[Any]] = [NAMES, ROW, [], [" ", None, ""], OTHER, [], bad]
    (fault,) = wrong(tmp_path, xlsx(tmp_path, *lines))
    assert (fault.line, fault.columns) == (7, ("Member",))
    texts = [",".join("" if cell is None else str(cell) for cell in line) for line in lines]
    (fault,) = wrong(tmp_path, csv(tmp_path, *texts))
    assert (fault.line, fault.columns) == (7, ("Member",))


def test_what_a_file_says_of_its_own_size_is_not_believed(tmp_path: Path) -> None:
    file = rewritten(xlsx(tmp_path, NAMES, ROW), ('<dimension ref="A1:F2" />', '<dimension ref="A1" />'))
    assert len(taken(tmp_path, file)) == 1


def test_a_title_above_the_names_is_told_with_the_line_that_has_them(tmp_path: Path) -> None:
    lines = [["Seizures of 2024"], [], NAMES, ROW]
    told = refused(tmp_path, xlsx(tmp_path, *lines))
    assert "has no column 'Ref', 'Member'" in told
    assert told.endswith(
        "line 1 has 'Seizures of 2024'. Line 3 has all of them: header = 3 under [file] in the mapping says so."
    )
    assert len(taken(tmp_path, xlsx(tmp_path, *lines), mapping("header = 3"))) == 1


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_another_delimiter_is_told_and_taken_once_the_mapping_says_so(tmp_path: Path, delimiter: str) -> None:
    file = csv(tmp_path, "Seizures", delimiter.join(NAMES), delimiter.join(map(str, ROW)))
    toml = {"\t": '"\\t"'}.get(delimiter, f'"{delimiter}"')
    told = refused(tmp_path, file)
    assert f"Line 2 has all of them, parted otherwise: delimiter = {toml} and header = 2 under [file]" in told
    assert len(taken(tmp_path, file, mapping(f"delimiter = {toml}", "header = 2"))) == 1


FRENCH = 'Ref;Member;Day;Goods;Count;Weight\na;FRA;2024-09-02;"caf\N{LATIN SMALL LETTER E WITH ACUTE}";"1 234";12,5\n'
OF_FRANCE = ('delimiter = ";"', 'decimal = ","', 'thousands = " "', 'encoding = "cp1252"')


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig", "utf-16"])
def test_a_csv_of_excel_is_read_as_its_first_bytes_say_else_as_the_mapping_does(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "french.csv"
    file.write_bytes(FRENCH.encode(encoding))
    (report,) = taken(tmp_path, file, mapping(*OF_FRANCE, category='{ column = "Goods", slug = true }'))
    assert (report["category"], report["seizures"]) == ("cafe", 1234)
    assert report["quantities"] == [{"amount": "12.5", "unit": "kg"}]


def test_an_encoding_that_makes_nonsense_of_a_file_is_told(tmp_path: Path) -> None:
    file = tmp_path / "french.csv"
    file.write_bytes(FRENCH.encode())
    assert refused(tmp_path, file, mapping(*OF_FRANCE)).endswith(
        "is UTF-8 and not cp1252; leave file.encoding out of the mapping."
    )
    file.write_bytes(FRENCH.encode("cp1252"))
    assert "file.encoding in the mapping says what it is, as cp1252" in refused(
        tmp_path, file, mapping(*OF_FRANCE[:-1])
    )


@pytest.mark.parametrize(
    "text", ["1 234,5", "1\N{NO-BREAK SPACE}234,5", "1\N{NARROW NO-BREAK SPACE}234,5", "1\N{THIN SPACE}234,5"]
)
def test_thousands_are_parted_by_whatever_space_there_is(tmp_path: Path, text: str) -> None:
    file = xlsx(tmp_path, NAMES, [*ROW[:5], text])
    (report,) = taken(tmp_path, file, mapping(*OF_FRANCE))
    assert report["quantities"] == [{"amount": "1234.5", "unit": "kg"}]
    (fault,) = wrong(tmp_path, file)
    assert fault.detail.endswith("; file.decimal and file.thousands in the mapping say otherwise")


def test_an_apostrophe_of_typographers_parts_thousands_too(tmp_path: Path) -> None:
    file = xlsx(tmp_path, NAMES, [*ROW[:5], "1\N{RIGHT SINGLE QUOTATION MARK}234.5"])
    (report,) = taken(tmp_path, file, mapping('thousands = "\'"'))
    assert report["quantities"] == [{"amount": "1234.5", "unit": "kg"}]


@pytest.mark.parametrize(
    ("day", "form"),
    [
        (datetime(2024, 9, 2), None),  # noqa: DTZ001 -- as a date cell has it
        (datetime(2024, 9, 2, 14, 30), None),  # noqa: DTZ001 -- one that also has a time, shown or not
        ("2024-09-02 00:00:00", None),
        ("02/09/2024", "%d/%m/%Y"),
        ("2.9.24", "%d.%m.%y"),
        ("2 Sep 2024", "%d %b %Y"),
        (datetime(2024, 9, 2), "%d/%m/%Y"),  # noqa: DTZ001
    ],
)
def test_a_date_is_taken_in_the_form_that_the_mapping_says(tmp_path: Path, day: Any, form: str | None) -> None:
    how = mapping(seized_on=f'{{ column = "Day", format = "{form}" }}') if form else REPORTS
    (report,) = taken(tmp_path, xlsx(tmp_path, NAMES, [*ROW[:2], day, *ROW[3:]]), how)
    assert report["seized_on"] == "2024-09-02"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("02/09/2024", "; format in the mapping says how dates are written"),
        ("2024-09-31", "not '2024-09-31'"),
        (45537, ", which may be 2024-09-02 as spreadsheet programs count days: have the cells shown as dates there"),
    ],
)
def test_what_is_no_date_as_it_should_be_is_told_with_what_to_do(tmp_path: Path, day: Any, told: str) -> None:
    (fault,) = wrong(tmp_path, xlsx(tmp_path, NAMES, [*ROW[:2], day, *ROW[3:]]))
    assert fault.detail.startswith("must be a date written YYYY-MM-DD")
    assert told in fault.detail


def test_names_of_columns_are_the_same_with_blanks_around_and_broken_lines(tmp_path: Path) -> None:
    names = ["Ref ", " Member", "Day\n", "Goods*", "Count", "Weight\nin kg"]
    how = mapping(
        quantities='[{ amount = { column = "Weight  in kg " }, unit = "kg" }]', category='{ column = "Goods*" }'
    )
    assert len(taken(tmp_path, xlsx(tmp_path, names, ROW), how)) == 1


def test_a_column_that_is_there_twice_is_told_with_what_to_do(tmp_path: Path) -> None:
    assert refused(tmp_path, xlsx(tmp_path, [*NAMES, "Count "], [*ROW, 5])).endswith(
        "has more than one column 'Count'; give each a name of its own in line 1."
    )


def test_of_several_sheets_that_say_something_the_mapping_has_to_say_which(tmp_path: Path) -> None:
    file = book(tmp_path, North=[NAMES, ROW], South=[NAMES, OTHER], Empty=[[]])
    assert refused(tmp_path, file).endswith(
        "has several sheets, 'North', 'South'; file.sheet in the mapping says which one."
    )
    assert [each["report"] for each in taken(tmp_path, file, mapping('sheet = "South"'))] == ["b"]
    assert "has no sheet 'West'; it has 'North', 'South', 'Empty'" in refused(tmp_path, file, mapping('sheet = "West"'))
    assert len(taken(tmp_path, book(tmp_path, Empty=[[]], North=[NAMES, ROW]))) == 1
    assert "has nothing on its sheets" in refused(tmp_path, book(tmp_path, Empty=[[]]))


def test_a_cell_too_many_in_a_line_of_csv_is_told_for_it_may_have_moved_the_others(tmp_path: Path) -> None:
    file = csv(tmp_path, ",".join(NAMES), "a,FRA,2024-09-02,tobacco,1,234,5", "b,FRA,2024-09-02,tobacco,1,5,,,")
    (fault,) = wrong(tmp_path, file)
    assert (fault.line, fault.columns) == (2, ())
    assert fault.detail.startswith("has 7 cells, and line 1 names 6 columns")


@pytest.mark.parametrize("part", ["</sheetData>", "</row>"])
def test_a_file_that_is_broken_inside_is_told(tmp_path: Path, part: str) -> None:
    file = rewritten(xlsx(tmp_path, NAMES, ROW), (part, ""))
    assert "is no XLSX file: " in refused(tmp_path, file)


def test_a_file_of_a_spreadsheet_program_under_another_name_is_told(tmp_path: Path) -> None:
    file = xlsx(tmp_path, NAMES, ROW).rename(tmp_path / "rows.ods")
    assert "save it as CSV or XLSX" in refused(tmp_path, file)
    broken = tmp_path / "rows.csv.gz"
    broken.write_bytes(gzip.compress(b"Ref,Member\n")[:-4])
    assert "is no whole file of gzip" in refused(tmp_path, broken)
