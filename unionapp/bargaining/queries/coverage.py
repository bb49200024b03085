"""The protections: what a draft's articles are judged to give, beside what was read of other agreements."""

from dataclasses import dataclass

from unionapp.bargaining.library import Code, CoverageCell, ModelAgreement, library
from unionapp.bargaining.models import Document, Part

NEGATIVE = -1


@dataclass(frozen=True)
class Row:
    """One code: the draft's level (None: no article is rated for it), who gives it, and the models' cells."""

    code: Code
    level: int | None
    givers: list[Part]
    cells: list[tuple[ModelAgreement, CoverageCell | None]]

    @property
    def open(self) -> bool:
        """Nothing protects: absent, 0, or the opposite right is the employer's."""
        return self.level is None or self.level <= 0


@dataclass(frozen=True)
class Fall:
    """A code whose level is lower in the new version."""

    code: Code
    old: int | None
    new: int | None


def columns() -> list[ModelAgreement]:
    """Return the agreements that have a column in the table."""
    return [agreement for agreement in library().agreements if agreement.matrix]


def rows(document: Document) -> list[Row]:
    """Return the table of the 24 codes for a version."""
    levels = document.levels()
    cells = {(cell.agreement, cell.code): cell for cell in library().coverage}
    return [
        Row(
            code,
            levels.get(code.code),
            [part for part in document.parts if code.code in part.ratings],
            [(model, cells.get((model.id, code.code))) for model in columns()],
        )
        for code in library().codes
    ]


def falls(old: Document, new: Document) -> list[Fall]:
    """Return the codes whose level fell from one version to the other: what was taken out."""
    before, after = old.levels(), new.levels()
    return [
        Fall(code, before.get(code.code), after.get(code.code))
        for code in library().codes
        if _weight(after.get(code.code)) < _weight(before.get(code.code))
    ]


def _weight(level: int | None) -> int:
    """Order levels: no claim protects as little as 0, and N less than either."""
    return 0 if level is None else level
