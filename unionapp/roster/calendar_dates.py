"""Dates as people write them on rolls: ISO, slashes, Japanese, eras, Excel's day numbers, English months.

Eras and their first days: the Era Name Act and its orders; Meiji from the introduction of the solar calendar
(1873-01-01) on. Excel's day numbers: ECMA-376 Part 1, 18.17.4.1 (1900 date system).
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

from unionapp.roster import lettering


class UnreadableDateError(ValueError):
    """A text is no full date; `code` says why (a code of problems)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


_ERAS = {
    "M": (date(1873, 1, 1), date(1912, 7, 29)),
    "T": (date(1912, 7, 30), date(1926, 12, 24)),
    "S": (date(1926, 12, 25), date(1989, 1, 7)),
    "H": (date(1989, 1, 8), date(2019, 4, 30)),
    "R": (date(2019, 5, 1), date.max),
}
_FIRST_YEAR = {"M": 1868, "T": 1912, "S": 1926, "H": 1989, "R": 2019}
_ERA_NAMES = {
    "明治": "M",
    "明": "M",
    "大正": "T",
    "大": "T",
    "昭和": "S",
    "昭": "S",
    "平成": "H",
    "平": "H",
    "令和": "R",
    "令": "R",
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep sept september",
            "oct october",
            "nov november",
            "dec december",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAY_OR_TIME = re.compile(
    r"\s*\((?:[月火水木金土日]|mon|tue|wed|thu|fri|sat|sun)[^)]*\)"
    r"|[ T]\s*\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$",
    re.IGNORECASE,
)
_ERA = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令MTSHR])\s*\.?(元|\d{1,2})(?:年|[./-])(.*)", re.IGNORECASE
)
_YEAR_FIRST = re.compile(r"(\d{4})(?:年|[./-])\s*(\d{1,2})(?:月|[./-])\s*(\d{1,2})日?")
_MONTH_DAY = re.compile(r"(\d{1,2})(?:月|[./-])\s*(\d{1,2})日?")
_EIGHT = re.compile(r"((?:19|20)\d{2})(\d{2})(\d{2})")
_DAY_NUMBER = re.compile(r"[1-9]\d{4}")
_NO_DAY = re.compile(r"\d{4}(?:(?:年|[./-])(?:\s*\d{1,2}月?)?)?|\d{4}年度")
_TWO_DIGITS = re.compile(r"'?\d{1,2}(?:年|[./-])\s*\d{1,2}(?:月|[./-])\s*\d{1,2}日?")
_YEAR_LAST = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d{4}")
_DAY_MONTH_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ .-]+([A-Za-z]{3,9})\.?,?[ -]+(\d{4})")
_MONTH_NAME_DAY = re.compile(r"([A-Za-z]{3,9})\.? +(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4})")
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)


def read(value: str | date) -> date:
    """Return the date that a cell holds; raises UnreadableDateError saying why it holds none.

    A year of two digits and an order of day and month that is open are not guessed.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    return _read_text(value)


@lru_cache(maxsize=8192)
def _read_text(text: str) -> date:
    plain = _WEEKDAY_OR_TIME.sub("", lettering.plain(text)).strip()
    for pattern in (_YEAR_FIRST, _EIGHT):
        if found := pattern.fullmatch(plain):
            return _day(int(found[1]), int(found[2]), int(found[3]))
    if found := _ERA.fullmatch(plain):
        return _era_day(found[1], found[2], found[3])
    if _DAY_NUMBER.fullmatch(plain) and int(plain) in _EXCEL_DAYS:
        return _EXCEL_EPOCH + timedelta(days=int(plain))
    return _with_month_name(plain)


def _with_month_name(plain: str) -> date:
    if (found := _DAY_MONTH_NAME.fullmatch(plain)) and (month := _MONTHS.get(found[2].lower())):
        return _day(int(found[3]), month, int(found[1]))
    if (found := _MONTH_NAME_DAY.fullmatch(plain)) and (month := _MONTHS.get(found[1].lower())):
        return _day(int(found[3]), month, int(found[2]))
    raise UnreadableDateError(_why_not(plain))


def _why_not(plain: str) -> str:
    if _NO_DAY.fullmatch(plain):
        return "date_incomplete"
    if _TWO_DIGITS.fullmatch(plain):
        return "date_two_digit_year"
    return "date_order" if _YEAR_LAST.fullmatch(plain) else "date_invalid"


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        raise UnreadableDateError("date_invalid") from error


def _era_day(name: str, year: str, rest: str) -> date:
    era = _ERA_NAMES.get(name, name.upper())
    number = 1 if year == "元" else int(year)
    found = _MONTH_DAY.fullmatch(rest.strip())
    if found is None:
        bare = re.fullmatch(r"(\d{1,2}月?)?", rest.strip())
        raise UnreadableDateError("date_incomplete" if bare else "date_invalid")
    day = _day(_FIRST_YEAR[era] + number - 1, int(found[1]), int(found[2]))
    first, last = _ERAS[era]
    if number < 1 or not first <= day <= last:
        raise UnreadableDateError("date_invalid")
    return day
