"""The lines of a CSV file, compressed or not."""

import codecs
import csv
import gzip
import zlib
from collections.abc import Generator
from io import BytesIO, TextIOWrapper
from pathlib import Path

from wco_embedded.refusal import Refusal
from wco_embedded.spreadsheet.line import Line
from wco_embedded.spreadsheet.mapping import FileForm

csv.field_size_limit(1_000_000)

_SIGNATURES = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
"""What a file begins with that says itself how its characters are written, as spreadsheet programs do."""
_BOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What files of spreadsheet programs begin with: XLSX and ODS, XLS."""


def csv_lines(path: Path, form: FileForm) -> Generator[Line, None, None]:
    """Yield the lines of a file. Raises Refusal."""
    content = _content(path)
    encoding = _encoding(path, form, content)
    with TextIOWrapper(BytesIO(content), encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=form.delimiter, strict=True)
        number = 1
        try:
            for values in reader:
                yield Line(number, values)
                number = reader.line_num + 1
        except csv.Error as error:
            raise Refusal(f"{path}, line {reader.line_num}: it is no CSV: {error}.") from None
        except UnicodeDecodeError:
            raise Refusal(
                f"{path}, after line {reader.line_num}: it is not {encoding}; file.encoding in the mapping says what "
                "it is, as cp1252 where Excel has written it."
            ) from None


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if path.suffix.casefold() != ".gz":
        return content
    try:
        return gzip.decompress(content)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise Refusal(f"{path} is no whole file of gzip: {error}.") from None


def _encoding(path: Path, form: FileForm, content: bytes) -> str:
    """Return how the characters of a file are written: as its first bytes say, else as the mapping does."""
    if content.startswith(_BOOKS):
        raise Refusal(
            f"{path} is no CSV, but a file of a spreadsheet program; open it there and save it as CSV or XLSX, under "
            "a name that ends so."
        )
    for signature, encoding in _SIGNATURES.items():
        if content.startswith(signature):
            return encoding
    if not codecs.lookup(form.encoding).name.startswith("utf") and not content.isascii() and _is_utf_8(content):
        # Nearly every encoding can read UTF-8, and makes nonsense of it that would be recorded for good.
        raise Refusal(f"{path} is UTF-8 and not {form.encoding}; leave file.encoding out of the mapping.")
    return form.encoding


def _is_utf_8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True
