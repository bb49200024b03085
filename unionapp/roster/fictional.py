"""People who do not exist, for the demo and the tests: every name and studio says 架空 (fictional).

Mail addresses are of example.jp and example.com only, which are reserved for examples; telephone numbers
count up from 090-0000-0001. The same seed gives the same people on every machine.
"""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from unionapp.roster import lettering
from unionapp.roster.codes import JOB_CATEGORIES

_TABLE = lettering.data_table("fictional.toml")


def _list(name: str) -> list[Any]:
    entries = _TABLE[name]
    if not isinstance(entries, list):
        raise TypeError(f"fictional.toml: {name} is no list")
    return entries


_FAMILIES: list[tuple[str, str, str]] = _list("families")
_FIRST_PARTS: list[tuple[str, str]] = _list("first_parts")
_LAST_PARTS: list[tuple[str, str]] = _list("last_parts")
_STUDIOS: list[str] = _list("studios")
_MOST = len(_FAMILIES) * len(_FIRST_PARTS) * len(_LAST_PARTS)
_JOBS = tuple(code for code in JOB_CATEGORIES if code != "other")
_FORMS: Any = _TABLE["employment_forms"]


@dataclass(frozen=True)
class FictionalPerson:
    """Someone who does not exist. `register_name` is the legal name with its old kanji, where it has any."""

    number: int
    name: str
    register_name: str
    reading: str
    pen_name: str
    email: str
    phone: str
    studio: str
    job_categories: tuple[str, ...]
    employment_form: str
    joined_on: date
    language: str


def people(count: int, seed: int, today: date) -> tuple[FictionalPerson, ...]:
    """Return so many fictional people, no two alike, who joined in the ten years to today.

    Raises ValueError for more people than there are names (24,000).
    """
    if count > _MOST:
        raise ValueError(f"there are names for {_MOST} fictional people only")
    chance = random.Random(seed)  # noqa: S311 - repeatable on purpose, nothing secret
    places = chance.sample(range(_MOST), count)
    return tuple(_person(number, place, chance, today) for number, place in enumerate(places, start=1))


def _person(number: int, place: int, chance: random.Random, today: date) -> FictionalPerson:
    rest, family = divmod(place, len(_FAMILIES))
    first, last = divmod(rest, len(_LAST_PARTS))
    everyday, register, family_reading = _FAMILIES[family]
    given = _FIRST_PARTS[first][0] + _LAST_PARTS[last][0]
    given_reading = _FIRST_PARTS[first][1] + _LAST_PARTS[last][1]
    return FictionalPerson(
        number=number,
        name=f"{everyday} {given}",
        register_name=f"{register} {given}",
        reading=f"{family_reading} {given_reading}",
        pen_name=f"かくう亭{given}" if chance.random() < 0.4 else "",  # noqa: PLR2004 - two in five have one
        email=f"kakuu{number:05}@{chance.choice(('example.jp', 'example.com'))}",
        phone=f"+8190{number:08}",
        studio=chance.choice(_STUDIOS),
        job_categories=tuple(chance.sample(_JOBS, chance.choice((1, 1, 1, 2, 3)))),
        employment_form=chance.choices(tuple(_FORMS), tuple(_FORMS.values()))[0],
        joined_on=today - timedelta(days=chance.randrange(3650)),
        language="en" if chance.random() < 0.05 else "ja",  # noqa: PLR2004 - one in twenty reads English
    )
