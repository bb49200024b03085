"""A list of people as it came: who can be imported, what is wrong, who stands in it twice."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from unionapp.roster import headings
from unionapp.roster.headings import Field, Heading, Headings
from unionapp.roster.lettering import comparison_key
from unionapp.roster.limits import LIMITS, Limits
from unionapp.roster.problems import Level, Problem, UnreadableFileError, letter
from unionapp.roster.reading import Table, read_table
from unionapp.roster.rows import Person, Row

__all__ = ["Duplicate", "Person", "Roster", "comparison_key", "read_people"]


@dataclass(frozen=True)
class Duplicate:
    """A row that repeats an earlier one by mail address ("email"), "member_number" or "name" with reading."""

    row: int
    first_row: int
    by: str


@dataclass(frozen=True)
class Roster:
    """What a list holds. Every row is in exactly one count: rows = valid + invalid + duplicates.

    `people` are the valid rows; a duplicate is a sound row that repeats an earlier one and is not in it.
    `problems` stand in the order of the rows, those of the whole file first.
    """

    filename: str
    rows: int
    people: tuple[Person, ...]
    problems: tuple[Problem, ...]
    duplicates: tuple[Duplicate, ...]
    heading_row: int = 0
    headings: tuple[Heading, ...] = ()
    form: str = ""
    encoding: str = ""
    sheet: str = ""

    @property
    def valid(self) -> int:
        return len(self.people)

    @property
    def invalid(self) -> int:
        return self.rows - len(self.people) - len(self.duplicates)

    @property
    def refused(self) -> bool:
        """Whether the file as a whole cannot be imported (damaged, no column of names)."""
        return any(problem.level is Level.ERROR for problem in self.problems if self._concerns_file(problem))

    @property
    def unknown_headings(self) -> tuple[Heading, ...]:
        """The headings with text that name no field."""
        return tuple(heading for heading in self.headings if heading.field is None and heading.text)

    def counts(self) -> dict[str, int]:
        """Return rows, valid, invalid and duplicates by these names."""
        return {
            "rows": self.rows,
            "valid": self.valid,
            "invalid": self.invalid,
            "duplicates": len(self.duplicates),
        }

    def _concerns_file(self, problem: Problem) -> bool:
        return problem.row is None or problem.row <= self.heading_row or not self.headings


def read_people(
    data: bytes,
    filename: str,
    *,
    today: date,
    mapping: Mapping[str, str] | None = None,
    limits: Limits = LIMITS,
) -> Roster:
    """Read a list of people from a CSV or XLSX file; the content decides which it is.

    `mapping` takes letters of columns ("C") to values of `headings.Field`, or "" to leave a column out; a
    name that is no field raises ValueError. `today` bounds dates of joining. Nothing in the data raises:
    whatever is wrong stands in `problems`; a file that cannot be read at all gives a `refused` roster.
    """
    try:
        table = read_table(data, limits)
    except UnreadableFileError as error:
        return Roster(filename, 0, (), (error.problem,), ())
    found = headings.find(table.rows, mapping)
    problems = [*_of_sheets(table), *found.problems, *_not_imported(found)]
    numbers = [number for number in range(found.row + 1, len(table.rows) + 1) if _filled(table, number)]
    people: list[Person] = []
    duplicates: list[Duplicate] = []
    if not any(problem.level is Level.ERROR for problem in problems):
        sound, complaints = _sound_people(table, found, numbers, today)
        people, duplicates, doubts = _told_apart(sound, found)
        problems += sorted([*complaints, *doubts], key=lambda problem: problem.row or 0)
    return Roster(
        filename,
        len(numbers),
        tuple(people),
        tuple(problems),
        tuple(duplicates),
        found.row,
        found.columns,
        table.form,
        table.encoding,
        table.sheet,
    )


def _filled(table: Table, number: int) -> bool:
    return any(isinstance(cell, date) or cell.strip() for cell in table.rows[number - 1])


def _of_sheets(table: Table) -> Iterator[Problem]:
    if table.other_sheets:
        facts = {"sheet": table.sheet, "others": ", ".join(table.other_sheets)}
        yield Problem("other_sheets", Level.WARNING, facts=facts)


def _not_imported(found: Headings) -> Iterator[Problem]:
    if heading := found.by_field.get(Field.BORN_ON):
        yield Problem("not_imported", Level.WARNING, None, heading.letter, heading.text)


def _sound_people(
    table: Table,
    found: Headings,
    numbers: list[int],
    today: date,
) -> tuple[list[Person], list[Problem]]:
    """Return the people of the rows without an error, and what is wrong with all rows."""
    people: list[Person] = []
    problems: list[Problem] = []
    faults = _faults_by_row(table, found)
    for number in numbers:
        row = Row(number, table.rows[number - 1], found, today)
        row.problems += faults.get(number, [])
        row.problems += _surplus(table, found, number)
        if person := row.person():
            people.append(person)
        problems += row.problems
    return people, problems


def _faults_by_row(table: Table, found: Headings) -> dict[int, list[Problem]]:
    faults: dict[int, list[Problem]] = {}
    known = {heading.index: heading for heading in found.by_field.values()}
    for (number, index), (code, value) in sorted(table.faults.items()):
        if heading := known.get(index):
            problem = Problem(code, Level.ERROR, number, heading.letter, heading.text, {"value": value})
            faults.setdefault(number, []).append(problem)
    return faults


def _surplus(table: Table, found: Headings, number: int) -> Iterator[Problem]:
    """Tell of values beyond the last heading; in text they mean that a comma has shifted the row."""
    last = max((heading.index for heading in found.columns if heading.text), default=-1)
    for index, cell in enumerate(table.rows[number - 1][last + 1 :], start=last + 1):
        if isinstance(cell, date) or cell.strip():
            level = Level.ERROR if table.form == "csv" else Level.WARNING
            yield Problem("cells_without_heading", level, number, letter(index))
            return


def _told_apart(people: list[Person], found: Headings) -> tuple[list[Person], list[Duplicate], list[Problem]]:
    """Part the people from those who repeat an earlier row."""
    seen: dict[tuple[str, ...], Person] = {}
    kept: list[Person] = []
    duplicates: list[Duplicate] = []
    problems: list[Problem] = []
    for person in people:
        by, first = _repeated(person, seen)
        if first is None:
            kept.append(person)
        else:
            problems.append(_doubt(by, person, first, found))
            if by == "same_name":
                kept.append(person)
            else:
                duplicates.append(Duplicate(person.row, first.row, by))
        for _, mark in _marks(person):
            seen.setdefault(mark, person)
    return kept, duplicates, problems


def _marks(person: Person) -> Iterator[tuple[str, tuple[str, ...]]]:
    if person.email:
        yield "email", ("email", person.email.casefold())
    if person.member_number:
        yield "member_number", ("member_number", person.member_number.casefold())
    yield "name", ("name", comparison_key(person.legal_name), comparison_key(person.reading))


def _repeated(person: Person, seen: Mapping[tuple[str, ...], Person]) -> tuple[str, Person | None]:
    for by, mark in _marks(person):
        if first := seen.get(mark):
            return ("same_name" if by == "name" and _are_two(person, first) else by), first
    return "", None


def _are_two(one: Person, other: Person) -> bool:
    """Say whether number and address both tell two people of one name apart."""
    return all((one.email, other.email, one.member_number, other.member_number))


def _doubt(by: str, person: Person, first: Person, found: Headings) -> Problem:
    code, field = {
        "email": ("duplicate_email", Field.EMAIL),
        "member_number": ("duplicate_number", Field.MEMBER_NUMBER),
        "name": ("duplicate_name", Field.LEGAL_NAME),
        "same_name": ("same_name", Field.LEGAL_NAME),
    }[by]
    heading = found.by_field.get(field) or found.by_field.get(Field.FAMILY_NAME)
    place, text = (heading.letter, heading.text) if heading else ("", "")
    return Problem(code, Level.WARNING, person.row, place, text, {"other": str(first.row)})
