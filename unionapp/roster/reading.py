"""From bytes to rows of cells, whatever program saved them: text with separators, or an Excel workbook."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from unionapp.roster import delimited, workbook
from unionapp.roster.limits import LIMITS, Limits
from unionapp.roster.problems import UnreadableFileError

Cell = str | date

_OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "GZIP"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
    (b"Rar!", "RAR"),
    (b"SQLite format 3", "SQLite"),
    (b"\x7fELF", "ELF"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True)
class Table:
    """Rows of cells as the file holds them; the first is row 1.

    `faults` names cells (row counted from 1, column from 0) whose value the file does not hold, with the code
    and the value shown instead. `form` is "csv" or "xlsx"; `sheet` and `other_sheets` are empty for text.
    """

    rows: list[list[Cell]]
    form: str
    encoding: str = ""
    sheet: str = ""
    other_sheets: tuple[str, ...] = ()
    faults: Mapping[tuple[int, int], tuple[str, str]] = field(default_factory=dict)


def read_table(data: bytes, limits: Limits = LIMITS) -> Table:
    """Return the rows of a list; the content decides the format, never the file's name.

    Raises UnreadableFileError for a file that is no list or exceeds the limits.
    """
    if not data.strip():
        raise UnreadableFileError("file_empty")
    if len(data) > limits.file_bytes:
        raise UnreadableFileError("file_too_large", size=f"{len(data):,}", limit=f"{limits.file_bytes:,}")
    _refuse_other_kinds(data)
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        sheet = workbook.read(data, limits)
        return Table(_without_trailing_blanks(sheet.rows), "xlsx", "", sheet.name, sheet.others, sheet.faults)
    rows, encoding = delimited.read(data, limits)
    return Table(_without_trailing_blanks(rows), "csv", encoding)


def _refuse_other_kinds(data: bytes) -> None:
    if data.startswith(_OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        raise UnreadableFileError("encrypted" if locked else "old_excel")
    for start, kind in _OTHER_KINDS:
        if data.startswith(start):
            raise UnreadableFileError("file_not_a_list", kind=kind)


def _without_trailing_blanks(rows: list[list[Cell]]) -> list[list[Cell]]:
    while rows and not any(isinstance(cell, date) or cell.strip() for cell in rows[-1]):
        rows.pop()
    if not rows:
        raise UnreadableFileError("file_empty")
    return rows
