"""Who of an uploaded roll is a member already."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.membership.models import Member, mail_key
from unionapp.roster.lettering import comparison_key


@dataclass(frozen=True)
class KnownPeople:
    """The marks by which members are recognised. ``by_name`` keeps mail and number of all of one name."""

    emails: frozenset[str]
    numbers: frozenset[str]
    by_name: Mapping[tuple[str, str], list[tuple[str | None, str | None]]]

    def recognise(self, person: Mapping[str, Any]) -> str | None:
        """Return by what a person is known: "email", "member_number" or "name"; None for somebody new.

        One name and reading is one person, unless mail address and number both tell them apart.
        """
        email, number = mail_key(person["email"]), _number_key(person["member_number"])
        if email in self.emails:
            return "email"
        if number in self.numbers:
            return "member_number"
        name = (comparison_key(person["legal_name"]), comparison_key(person["reading"]))
        told_apart = all(all((email, number, *others)) for others in self.by_name.get(name, []))
        return None if told_apart else "name"


def known_people(session: Session) -> KnownPeople:
    """Read the marks of the whole roll in one query."""
    emails: set[str] = set()
    numbers: set[str] = set()
    by_name: dict[tuple[str, str], list[tuple[str | None, str | None]]] = {}
    for row in session.execute(
        select(Member.email_key, Member.member_number, Member.name_key, Member.reading)
    ):
        number = _number_key(row.member_number)
        emails.update(filter(None, [row.email_key]))
        numbers.update(filter(None, [number]))
        by_name.setdefault((row.name_key, comparison_key(row.reading)), []).append((row.email_key, number))
    return KnownPeople(frozenset(emails), frozenset(numbers), by_name)


def _number_key(number: str | None) -> str | None:
    return number.casefold() if number else None
