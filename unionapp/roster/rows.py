"""One row of a list becomes one person, or says why not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from unionapp.roster import calendar_dates, characters, codes, contacts, lettering
from unionapp.roster.headings import Field, Headings
from unionapp.roster.problems import Level, Problem

_LONGEST = {
    Field.EMAIL: 254,
    Field.PHONE: 60,
    Field.JOB_CATEGORIES: 400,
    Field.JOINED_ON: 60,
    Field.MEMBER_NUMBER: 40,
    Field.LANGUAGE: 40,
    Field.NOTES: 4_000,
}
_LONGEST_OTHER = 200
_SHOWN = 60
_EARLIEST = date(1900, 1, 1)
_BLANK = frozenset({"-", "--", "なし", "無し", "無", "特になし", "n/a", "none", "未記入", "空欄"})
_LONGEST_BLANK = max(len(word) for word in _BLANK)
_FORMULA_SIGNS = "=+-@\t\r"
_LANGUAGES = {
    **dict.fromkeys(("ja", "jp", "jpn", "jajp", "japanese", "日本語", "にほんご", "日", "和"), "ja"),
    **dict.fromkeys(("en", "eng", "enus", "engb", "english", "英語", "えいご", "英"), "en"),
}
_REFUSED_CHARACTERS = frozenset({"direction_mark", "control_character"})


@dataclass(frozen=True)
class Person:
    """A row that can be imported. Missing facts are empty; `joined_on` is None when not known.

    `phone` is E.164, `job_categories` and `employment_form` hold codes of `codes`, `language` is "ja", "en"
    or "". `notes` keeps what could not be read as its column meant, after that column's heading.
    """

    row: int
    legal_name: str
    reading: str = ""
    pen_name: str = ""
    email: str = ""
    phone: str = ""
    studio: str = ""
    job_categories: tuple[str, ...] = ()
    employment_form: str = ""
    joined_on: date | None = None
    member_number: str = ""
    language: str = ""
    notes: str = ""


class Row:
    """Reads one row's cells by their headings and gathers what is wrong with them."""

    def __init__(self, number: int, cells: Sequence[str | date], headings: Headings, today: date) -> None:
        self.number = number
        self.problems: list[Problem] = []
        self._cells = cells
        self._headings = headings.by_field
        self._today = today
        self._kept: list[str] = []
        self._suspect = characters.suspect("".join([cell for cell in cells if isinstance(cell, str)]))

    @property
    def refused(self) -> bool:
        return any(problem.level is Level.ERROR for problem in self.problems)

    def person(self) -> Person | None:
        """Return the person of this row, or None when a problem is an error."""
        person = Person(
            row=self.number,
            legal_name=self._legal_name(),
            reading=self._reading(),
            pen_name=self._name(Field.PEN_NAME),
            email=self._email(),
            phone=self._phone(),
            studio=self._name(Field.STUDIO),
            job_categories=self._job_categories(),
            employment_form=self._employment_form(),
            joined_on=self._joined_on(),
            member_number=self._member_number(),
            language=self._language(),
            notes=self._notes(),
        )
        return None if self.refused else person

    def complain(self, code: str, field: Field, level: Level = Level.ERROR, **facts: str) -> None:
        """Note a problem at this row's cell of a field."""
        heading = self._headings.get(field)
        letter, text = (heading.letter, heading.text) if heading else ("", "")
        self.problems.append(Problem(code, level, self.number, letter, text, facts))

    def _warn(self, code: str, field: Field, **facts: str) -> None:
        self.complain(code, field, Level.WARNING, **facts)

    def _cell(self, field: Field) -> str | date:
        heading = self._headings.get(field)
        if heading is None or heading.index >= len(self._cells):
            return ""
        cell = self._cells[heading.index]
        if isinstance(cell, date):
            return cell
        return self._checked(field, cell) if cell else ""

    def _checked(self, field: Field, text: str) -> str:
        """Return the text if it may be read: not too long, with nothing that hides or turns it."""
        limit = _LONGEST.get(field, _LONGEST_OTHER)
        if len(text) > limit:
            self.complain("cell_too_long", field, length=f"{len(text):,}", limit=f"{limit:,}")
            return ""
        if self._suspect:
            text, finding = characters.inspect(text)
            if finding:
                refused = finding.code in _REFUSED_CHARACTERS
                level = Level.ERROR if refused else Level.WARNING
                self.complain(finding.code, field, level, character=finding.character)
                text = "" if refused else text
        if len(text) <= _LONGEST_BLANK and lettering.plain(text).lower() in _BLANK:
            return ""
        return text

    def _text(self, field: Field) -> str:
        cell = self._cell(field)
        return cell if isinstance(cell, str) else cell.isoformat()

    def _name(self, field: Field, form: Callable[[str], str] = lettering.name) -> str:
        return self._unlike_formula(field, form(self._text(field)))

    def _unlike_formula(self, field: Field, text: str) -> str:
        """Drop the signs at the start by which a spreadsheet would take the text for a formula."""
        if not text or text[0] not in _FORMULA_SIGNS:
            return text
        self._warn("looks_like_formula", field)
        return text.lstrip(_FORMULA_SIGNS + " ")

    def _legal_name(self) -> str:
        field, name = Field.LEGAL_NAME, lettering.name(self._text(Field.LEGAL_NAME))
        if not name:
            field, name = self._name_in_parts()
        if not name:
            if not self.refused:
                self.complain("name_missing", field)
        elif name[0] in _FORMULA_SIGNS:
            self.complain("name_looks_like_formula", field, value=name[:_SHOWN])
        elif not any(character.isalpha() for character in name):
            self.complain("name_without_letters", field, value=name[:_SHOWN])
        return name

    def _name_in_parts(self) -> tuple[Field, str]:
        family, given = (lettering.name(self._text(part)) for part in (Field.FAMILY_NAME, Field.GIVEN_NAME))
        both = Field.FAMILY_NAME in self._headings and Field.GIVEN_NAME in self._headings
        if both and bool(family) != bool(given):
            self._warn("name_half", Field.GIVEN_NAME if family else Field.FAMILY_NAME)
        parts = (Field.FAMILY_NAME, Field.GIVEN_NAME)
        field = next((part for part in parts if part in self._headings), Field.LEGAL_NAME)
        if Field.LEGAL_NAME in self._headings:
            field = Field.LEGAL_NAME
        return field, f"{family} {given}".strip()

    def _reading(self) -> str:
        field, reading = Field.READING, self._name(Field.READING, lettering.reading)
        if not reading:
            parts = (Field.FAMILY_READING, Field.GIVEN_READING)
            field = next((part for part in parts if part in self._headings), field)
            reading = " ".join(filter(None, (self._name(part, lettering.reading) for part in parts)))
        if reading and not lettering.is_reading(reading):
            self._warn("reading_not_kana", field, value=reading[:_SHOWN])
        return reading

    def _email(self) -> str:
        text = self._text(Field.EMAIL).strip()
        if not text:
            if Field.EMAIL in self._headings and not self.refused:
                self._warn("email_missing", Field.EMAIL)
            return ""
        try:
            address = contacts.email(text)
        except contacts.UnreadableContactError:
            address = ""
        if not address or address[0] in _FORMULA_SIGNS:
            self.complain("email_invalid", Field.EMAIL, value=text[:_SHOWN])
        return address

    def _phone(self) -> str:
        text = self._text(Field.PHONE).strip()
        if not text:
            return ""
        try:
            number, restored = contacts.phone(text)
        except contacts.UnreadableContactError:
            self._keep("phone_invalid", Field.PHONE, text)
            return ""
        if restored:
            self._warn("phone_zero_restored", Field.PHONE, value=text)
        return number

    def _job_categories(self) -> tuple[str, ...]:
        text = self._text(Field.JOB_CATEGORIES)
        known, unknown = codes.job_categories(text) if text else ((), ())
        for word in unknown:
            self._keep("unknown_job", Field.JOB_CATEGORIES, word)
        return known

    def _employment_form(self) -> str:
        text = self._text(Field.EMPLOYMENT_FORM).strip()
        form = codes.employment_form(text) if text else ""
        if form is None:
            self._keep("unknown_employment", Field.EMPLOYMENT_FORM, text)
        return form or ""

    def _joined_on(self) -> date | None:
        cell = self._cell(Field.JOINED_ON)
        if isinstance(cell, str) and not cell.strip():
            return None
        try:
            day = calendar_dates.read(cell)
        except calendar_dates.UnreadableDateError as error:
            if error.code == "date_incomplete":
                self._keep(error.code, Field.JOINED_ON, str(cell))
            else:
                self.complain(error.code, Field.JOINED_ON, value=lettering.one_space(str(cell))[:_SHOWN])
            return None
        if not _EARLIEST <= day <= self._today:
            code = "date_in_future" if day > self._today else "date_too_early"
            self.complain(code, Field.JOINED_ON, value=day.isoformat())
        return day

    def _member_number(self) -> str:
        return self._name(Field.MEMBER_NUMBER, lettering.plain)

    def _language(self) -> str:
        text = self._text(Field.LANGUAGE).strip()
        if not text:
            return ""
        language = _LANGUAGES.get(lettering.key(text), "")
        if not language:
            self._warn("unknown_language", Field.LANGUAGE, value=text)
        return language

    def _keep(self, code: str, field: Field, text: str) -> None:
        """Warn of a value that its column cannot take, and keep it for the notes."""
        value = lettering.name(text)
        self._warn(code, field, value=value[:_SHOWN])
        self._kept.append(f"{self._headings[field].text}: {value}")

    def _notes(self) -> str:
        lines = lettering.full_kana(self._text(Field.NOTES)).replace("\r\n", "\n").replace("\r", "\n").strip()
        notes = self._unlike_formula(Field.NOTES, lines)
        return "\n".join(filter(None, (notes, *self._kept))).lstrip(_FORMULA_SIGNS)
