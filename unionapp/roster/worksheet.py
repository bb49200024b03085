"""One part of a workbook, looked through before a table is built of it: how far it spans, what it lacks."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.parsers import expat

from unionapp.roster.limits import Limits
from unionapp.roster.problems import UnreadableFileError

_REFERENCE = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")


@dataclass(frozen=True)
class Span:
    """Whether a sheet holds a value, and the cells (row from 1, column from 0) that have none to show."""

    filled: bool
    faults: Mapping[tuple[int, int], tuple[str, str]]


def examine(part: bytes, limits: Limits) -> Span | None:
    """Return what a worksheet spans, or None for a part that is no worksheet.

    Raises UnreadableFileError when the XML is damaged or declares a document type (entities can blow it up),
    and when a value stands outside the limits: readers build a full rectangle up to the farthest cell.
    """
    walk = _Walk(limits)
    try:
        walk.parser.Parse(part, True)  # noqa: FBT003 - expat takes it by place only
    except _NoWorksheetError:
        return None
    except expat.ExpatError as error:
        raise UnreadableFileError("broken_workbook") from error
    return Span(walk.far_row > 0, walk.faults)


class _NoWorksheetError(Exception):
    pass


class _Walk:
    """Walks one worksheet's elements with expat; a cell counts only when it has a value or a formula."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.faults: dict[tuple[int, int], tuple[str, str]] = {}
        self.far_row = self.far_column = self.row = self.column = 0
        self.kind = ""
        self.formula = False
        self.in_value = False
        self.value = ""
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self._refuse_document_type
        self.parser.StartElementHandler = self._root

    def _refuse_document_type(self, *_declaration: object) -> None:
        raise UnreadableFileError("broken_workbook")

    def _root(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag.rpartition(":")[2] != "worksheet":
            raise _NoWorksheetError
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.buffer_text = True

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        tag = tag.rpartition(":")[2] if ":" in tag else tag
        if tag == "c":
            self._start_cell(attributes)
        elif tag in {"v", "is"}:
            self.in_value = True
            self._reach()
            if self.formula or self.kind == "e":
                self.parser.CharacterDataHandler = self._text
        elif tag == "f":
            self.formula = True
            self._reach()
        elif tag == "row":
            self.row = self._number(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = -1

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self.kind = attributes.get("t", "")
        self.formula = False
        self.value = ""
        if reference := attributes.get("r"):
            found = _REFERENCE.fullmatch(reference)
            if found is None:
                raise UnreadableFileError("broken_workbook")
            self.column = _column_number(found[1])
            self.row = int(found[2])
        else:
            self.column += 1

    @staticmethod
    def _number(text: str) -> int:
        if not text.isascii() or not text.isdigit():
            raise UnreadableFileError("broken_workbook")
        return int(text)

    def _reach(self) -> None:
        self.far_row = max(self.far_row, self.row)
        self.far_column = max(self.far_column, self.column + 1)
        limits = self.limits
        if self.far_row > limits.rows:
            raise UnreadableFileError("too_many_rows", row=self.row, limit=f"{limits.rows:,}")
        if self.far_column > limits.columns:
            raise UnreadableFileError("too_many_columns", row=self.row, limit=f"{limits.columns:,}")
        if self.far_row * self.far_column > limits.cells:
            raise UnreadableFileError("too_many_cells", limit=f"{limits.cells:,}")

    def _text(self, text: str) -> None:
        self.value += text

    def _end(self, tag: str) -> None:
        if tag.endswith("v") and self.in_value:
            self.in_value = False
            self.parser.CharacterDataHandler = None
        elif tag == "c" or tag.endswith(":c"):
            self._end_cell()

    def _end_cell(self) -> None:
        if self.kind == "e":
            self.faults[self.row, self.column] = ("cell_error", self.value)
        elif self.formula and not self.value and self.kind != "str":
            self.faults[self.row, self.column] = ("formula_without_value", "")


def _column_number(letters: str) -> int:
    number = 0
    for character in letters:
        number = number * 26 + ord(character) - ord("A") + 1
    return number - 1
