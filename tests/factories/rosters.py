"""A messy roll of fictional people, as rolls are, with exactly known counts; as CP932 CSV and as XLSX."""

import csv
import io
from collections import Counter
from dataclasses import dataclass
from datetime import date

import jaconv
import openpyxl

from unionapp.roster import fictional
from unionapp.roster.codes import EMPLOYMENT_FORMS, JOB_CATEGORIES

TODAY = date(2026, 11, 23)
HEADINGS = (
    "組合員番号",
    "氏　名",
    "ﾌﾘｶﾞﾅ",
    "ペンネーム",
    "メール\nアドレス",
    "携帯電話",
    "勤務先",
    "職種",
    "雇用形態",
    "加入日",
    "言語",
    "血液型",
)
FIRST_ROW = 4  # title, blank line and headings stand above


@dataclass(frozen=True)
class MessyRoll:
    """Rows of cells under their headings, and what reading them must count."""

    rows: list[list[str | date]]
    rows_expected: int
    valid: int
    invalid: int
    duplicates: int
    codes: Counter[str]

    def csv(self, encoding: str = "cp932") -> bytes:
        """The roll as Excel on Japanese Windows saves it."""
        stream = io.StringIO(newline="")
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerows([["架空組合 名簿"], [], HEADINGS])
        writer.writerows(
            [[cell if isinstance(cell, str) else f"{cell:%Y/%m/%d}" for cell in row] for row in self.rows]
        )
        return (stream.getvalue() + "\r\n\r\n").encode(encoding)

    def xlsx(self) -> bytes:
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet("名簿")
        for row in (["架空組合 名簿"], [], list(HEADINGS), *self.rows):
            sheet.append(row)
        stream = io.BytesIO()
        book.save(stream)
        return stream.getvalue()


def messy_roll(people: int, seed: int = 1, today: date = TODAY) -> MessyRoll:
    """Make a roll: each fault falls on every so-manieth person, so that the counts are known beforehand."""
    rows: list[list[str | date]] = []
    codes: Counter[str] = Counter()
    invalid = duplicates = 0
    for index, person in enumerate(fictional.people(people, seed, today)):
        row, fault, sound = _faulty(_row(person, index), index)
        rows.append(row)
        codes.update(fault)
        invalid += not sound
        if sound and index % 50 == 25:
            rows.append(_again(person))
            codes["duplicate_email"] += 1
            duplicates += 1
    return MessyRoll(rows, len(rows), people - invalid, invalid, duplicates, codes)


def _row(person: fictional.FictionalPerson, index: int) -> list[str | date]:
    name = person.register_name if index % 2 else person.name
    jobs = "・／、"[index % 3].join(JOB_CATEGORIES[code][index % 2] for code in person.job_categories)
    day = person.joined_on
    dates = (day, f"{day:%Y-%m-%d}", f"{day.year}年{day.month}月{day.day}日", _era(day))
    phone = "0" + person.phone.removeprefix("+81")
    return [
        jaconv.h2z(f"{person.number:05}", digit=True) if index % 3 else f"{person.number:05}",
        name.replace(" ", "\u3000") if index % 4 else name,
        jaconv.z2h(person.reading, kana=True) if index % 2 else jaconv.kata2hira(person.reading),
        person.pen_name,
        jaconv.h2z(person.email, ascii=True, digit=True) if index % 5 == 0 else person.email,
        jaconv.h2z(phone, digit=True) if index % 3 == 0 else f"{phone[:3]}-{phone[3:7]}-{phone[7:]}",
        person.studio if index % 9 else "",
        jobs,
        EMPLOYMENT_FORMS[person.employment_form][0],
        dates[index % 4],
        ("日本語", "ja")[index % 2] if person.language == "ja" else "English",
        "A",
    ]


def _era(day: date) -> str:
    return (
        f"R{day.year - 2018}.{day.month}.{day.day}"
        if day >= date(2019, 5, 1)
        else f"H{day.year - 1988}.{day.month}.{day.day}"
    )


def _faulty(row: list[str | date], index: int) -> tuple[list[str | date], list[str], bool]:
    """Return the row with the fault that is its turn, the codes it must give, and whether it stays sound."""
    faults: dict[int, tuple[int, str, str, bool]] = {
        3: (1, "", "name_missing", False),
        13: (9, "2026-02-30", "date_invalid", False),
        23: (9, "26/4/1", "date_two_digit_year", False),
        33: (4, "架空＠", "email_invalid", False),
        43: (4, "", "email_missing", True),
        53: (5, "12-34", "phone_invalid", True),
        63: (7, "架空の役", "unknown_job", True),
        73: (5, "9012345678", "phone_zero_restored", True),
    }
    if fault := faults.get(index % 80):
        column, value, code, sound = fault
        row[column] = value
        return row, [code], sound
    return row, [], True


def _again(person: fictional.FictionalPerson) -> list[str | date]:
    """The same person a second time, as another list would have them: everyday kanji, no number."""
    return ["", person.name, person.reading, "", person.email.upper(), "", "", "", "", "", "", ""]
