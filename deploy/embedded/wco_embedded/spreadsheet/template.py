"""`wco-kpi import-template`: a spreadsheet to fill in, as CSV and as XLSX, and the mapping that takes it."""

from pathlib import Path

from wco_common.spreadsheet.template import template_of
from wco_embedded.refusal import Refusal
from wco_embedded.spreadsheet.importing import kind_of


def run(name: str, folder: Path) -> None:
    """Write the template of a kind into a folder."""
    files = {folder / file: content for file, content in template_of(kind_of(name)).items()}
    if there := [file for file in files if file.exists()]:
        raise Refusal(f"{', '.join(map(str, there))}: there already, and not written over.")
    folder.mkdir(parents=True, exist_ok=True)
    for file, content in files.items():
        with file.open("xb") as opened:
            opened.write(content)
    table, workbook, mapping = files
    print(f"Fill in {table} or {workbook} from line 3 on, over the example; {mapping} is the mapping of both.")
