"""Which column means what: by its heading in Japanese or English, or by the importing person's choice."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from unionapp.roster import lettering
from unionapp.roster.problems import Level, Problem, letter

SEARCHED_ROWS = 20
IGNORED = ""
_REMARKS = re.compile(
    r"[(（\[［【〔<＜][^)）\]］】〕>＞]*[)）\]］】〕>＞]|[※＊*:：]|必須|任意|required|optional", re.IGNORECASE
)


class Field(StrEnum):
    """What a column can mean; `born_on` is recognised so that it can be left unread on purpose."""

    LEGAL_NAME = "legal_name"
    FAMILY_NAME = "family_name"
    GIVEN_NAME = "given_name"
    READING = "reading"
    FAMILY_READING = "family_reading"
    GIVEN_READING = "given_reading"
    PEN_NAME = "pen_name"
    EMAIL = "email"
    PHONE = "phone"
    STUDIO = "studio"
    JOB_CATEGORIES = "job_categories"
    EMPLOYMENT_FORM = "employment_form"
    JOINED_ON = "joined_on"
    BORN_ON = "born_on"
    MEMBER_NUMBER = "member_number"
    LANGUAGE = "language"
    NOTES = "notes"


NAMES = frozenset({Field.LEGAL_NAME, Field.FAMILY_NAME, Field.GIVEN_NAME})


@dataclass(frozen=True)
class Heading:
    """A column's heading; `field` is None for one that is not known or was chosen to be left out."""

    index: int
    text: str
    field: Field | None

    @property
    def letter(self) -> str:
        return letter(self.index)


@dataclass(frozen=True)
class Headings:
    """The row of headings (from 1; 0 when there is none), its columns, and what is wrong with them."""

    row: int
    columns: tuple[Heading, ...]
    problems: tuple[Problem, ...]

    @property
    def by_field(self) -> dict[Field, Heading]:
        return {heading.field: heading for heading in self.columns if heading.field}


def _known() -> dict[str, Field]:
    table = lettering.data_table("headings.toml")["fields"]
    if not isinstance(table, dict):
        raise TypeError("headings.toml: fields is no table")
    words: dict[str, Field] = {}
    for name, synonyms in table.items():
        for word in (name, *synonyms):
            if words.setdefault(lettering.key(word), Field(name)) is not Field(name):
                raise ValueError(f"headings.toml: {word} means two fields")
    return words


_KNOWN = _known()


def field_of(heading: str) -> Field | None:
    """Return what a heading means, or None for one we do not know."""
    return _KNOWN.get(lettering.key(heading)) or _KNOWN.get(lettering.key(_REMARKS.sub("", heading)))


def find(rows: Sequence[Sequence[str | date]], mapping: Mapping[str, str] | None = None) -> Headings:
    """Return the headings of a table.

    Their row is the one among the first that names most fields (title rows may stand above). `mapping` takes
    letters of columns to names of fields, or to "" for columns to leave out, and goes before the words; a
    name that is no Field raises ValueError.
    """
    row = _row_of_headings(rows)
    if row is None and not mapping:
        return Headings(0, (), (Problem("no_heading", facts={"rows": str(SEARCHED_ROWS)}),))
    index = _first_filled(rows) if row is None else row
    columns = [
        Heading(place, lettering.one_space(str(cell)), field_of(str(cell)))
        for place, cell in enumerate(rows[index])
    ]
    columns, problems = _overridden(columns, mapping or {})
    columns, doubled = _without_doubles(columns, mapping or {})
    problems += doubled
    if not NAMES & {heading.field for heading in columns}:
        problems.append(Problem("no_name_column", row=index + 1))
    return Headings(index + 1, tuple(columns), tuple(problems))


def _row_of_headings(rows: Sequence[Sequence[str | date]]) -> int | None:
    """Return the index of the row that names most fields; one lone field is enough only if it is a name."""
    best: tuple[int, int] | None = None
    for index, row in enumerate(rows[:SEARCHED_ROWS]):
        fields = {field for cell in row if isinstance(cell, str) and (field := field_of(cell))}
        if (len(fields) > 1 or fields & NAMES) and (best is None or len(fields) > best[0]):
            best = (len(fields), index)
    return best[1] if best else None


def _first_filled(rows: Sequence[Sequence[str | date]]) -> int:
    return next(index for index, row in enumerate(rows) if any(str(cell).strip() for cell in row))


def _overridden(columns: list[Heading], mapping: Mapping[str, str]) -> tuple[list[Heading], list[Problem]]:
    letters = {heading.letter for heading in columns}
    chosen = {column: Field(name) if name else None for column, name in mapping.items()}
    problems = [
        Problem("unknown_column", letter=column, facts={"column": column})
        for column in chosen
        if column not in letters
    ]
    taken = set(chosen.values()) - {None}
    overridden = []
    for heading in columns:
        field = None if heading.field in taken else heading.field
        overridden.append(Heading(heading.index, heading.text, chosen.get(heading.letter, field)))
    return overridden, problems


def _without_doubles(
    columns: list[Heading], mapping: Mapping[str, str]
) -> tuple[list[Heading], list[Problem]]:
    """Keep the first of two columns that mean the same, and say so."""
    first: dict[Field, Heading] = {}
    kept: list[Heading] = []
    problems: list[Problem] = []
    for heading in columns:
        known = first.setdefault(heading.field, heading) if heading.field else heading
        if known is heading:
            kept.append(heading)
            continue
        kept.append(Heading(heading.index, heading.text, None))
        level = Level.ERROR if heading.letter in mapping else Level.WARNING
        facts = {"other": known.letter}
        problems.append(Problem("heading_twice", level, None, heading.letter, heading.text, facts))
    return kept, problems
