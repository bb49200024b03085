"""Excel workbooks (.xlsx, .xlsm): ECMA-376 in a ZIP, read by calamine after we have made sure it is harmless.

The archive's parts are unpacked here, under a bound, and packed anew without compression: what calamine then
reads is exactly what was examined, whatever the original's headers claim about sizes.
"""

import datetime as dt
import io
import lzma
import posixpath
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from unionapp.roster.limits import Limits
from unionapp.roster.problems import UnreadableFileError
from unionapp.roster.worksheet import Span, examine

_CHUNK = 1 << 20
_ENCRYPTED = 0x1
_RELATIONS = "xl/_rels/workbook.xml.rels"
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
)

Value = str | float | bool | dt.date | dt.time | dt.timedelta


@dataclass(frozen=True)
class Sheet:
    """The first visible sheet with values: its rows, the others' names, and the cells without a value."""

    name: str
    rows: list[list[str | dt.date]]
    others: tuple[str, ...]
    faults: Mapping[tuple[int, int], tuple[str, str]]


def read(data: bytes, limits: Limits) -> Sheet:
    """Return the first visible sheet that holds something.

    Raises UnreadableFileError for other archives, damage, passwords and workbooks beyond the limits.
    """
    parts = _unpack(data, limits)
    if "xl/workbook.xml" not in parts:
        raise UnreadableFileError("other_archive")
    spans = {name: span for name, part in parts.items() if (span := examine(part, limits))}
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(_packed(parts))) as book:
            return _first_sheet(book, parts, spans)
    except CalamineError as error:
        raise UnreadableFileError("broken_workbook") from error


def _unpack(data: bytes, limits: Limits) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            if (
                len(entries) > limits.parts
                or sum(entry.file_size for entry in entries) > limits.unpacked_bytes
            ):
                raise UnreadableFileError("unpacks_too_large", limit=f"{limits.unpacked_bytes:,}")
            if any(entry.flag_bits & _ENCRYPTED for entry in entries):
                raise UnreadableFileError("encrypted")
            return _bounded_parts(archive, limits)
    except _DAMAGE as error:
        raise UnreadableFileError("broken_workbook") from error


def _bounded_parts(archive: zipfile.ZipFile, limits: Limits) -> dict[str, bytes]:
    """Read the XML parts, never more than the limit in all: the sizes an archive declares may be lies."""
    parts: dict[str, bytes] = {}
    left = limits.unpacked_bytes
    for entry in archive.infolist():
        if not entry.filename.endswith((".xml", ".rels")):
            continue
        with archive.open(entry) as stream:
            pieces = []
            while piece := stream.read(_CHUNK):
                left -= len(piece)
                if left < 0:
                    raise UnreadableFileError("unpacks_too_large", limit=f"{limits.unpacked_bytes:,}")
                pieces.append(piece)
        parts[entry.filename] = b"".join(pieces)
    return parts


def _packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return stream.getvalue()


def _first_sheet(book: CalamineWorkbook, parts: Mapping[str, bytes], spans: Mapping[str, Span]) -> Sheet:
    paths = _paths_of_sheets(parts)
    filled = [
        sheet.name
        for sheet in book.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
        and sheet.visible == SheetVisibleEnum.Visible
        and (span := spans.get(paths.get(sheet.name, "")))
        and span.filled
    ]
    if not filled:
        raise UnreadableFileError("no_cells")
    name = filled[0]
    return Sheet(name, _rows(book.get_sheet_by_name(name)), tuple(filled[1:]), spans[paths[name]].faults)


def _paths_of_sheets(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the path of each sheet's part by the sheet's name."""
    try:
        relations = ET.fromstring(parts[_RELATIONS])  # noqa: S314 - no document type, size bounded
        workbook = ET.fromstring(parts["xl/workbook.xml"])  # noqa: S314 - as above
    except (ET.ParseError, KeyError) as error:
        raise UnreadableFileError("broken_workbook") from error
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    return {
        sheet.get("name", ""): posixpath.normpath(
            posixpath.join("xl", targets.get(sheet.get(_RELATION_ID), "")),
        ).lstrip("/")
        for sheet in workbook.iter()
        if sheet.tag.endswith("}sheet")
    }


def _rows(sheet: CalamineSheet) -> list[list[str | dt.date]]:
    return [[_cell(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


def _cell(value: Value) -> str | dt.date:
    if isinstance(value, str):
        return value
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
