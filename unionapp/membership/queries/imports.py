"""Imports, for those who bring in rolls."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, or_, select
from sqlalchemy.orm import Session

from unionapp.kernel.access import Actor
from unionapp.kernel.db import Model
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.i18n import lazy
from unionapp.membership import access
from unionapp.membership.models import ImportBatch, Member, MemberStatus, Office, OfficeHolding
from unionapp.roster.problems import Level, Problem, describe

_KNOWN = {
    "known_email": lazy("A member with this mail address is on the roll already."),
    "known_member_number": lazy("A member with this number is on the roll already."),
    "known_name": lazy("A member with this name and reading is on the roll already."),
}
_KNOWN_ADVICE = lazy(
    "Nothing needs to be done: the row is left out. If it is another person, add mail address and number."
)
SHOWN = 50


def imports_for(session: Session, actor: Actor) -> list[ImportBatch]:
    """Return the latest imports. Raises NotFoundError for strangers."""
    if not access.may_import(actor):
        raise NotFoundError
    return list(
        session.scalars(
            select(ImportBatch).order_by(ImportBatch.staged_at.desc(), ImportBatch.id).limit(SHOWN)
        )
    )


def import_for(session: Session, actor: Actor, import_id: uuid.UUID, *, locked: bool = False) -> ImportBatch:
    """Return one import. Raises NotFoundError for strangers."""
    batch = session.get(ImportBatch, import_id, with_for_update=locked or None)
    if not access.may_import(actor) or batch is None:
        raise NotFoundError
    return batch


@dataclass(frozen=True)
class ProblemLine:
    """One thing wrong with a roll, in the reader's language. ``row`` is None for the file as a whole."""

    row: int | None
    column: str
    what: str
    what_to_do: str
    severe: bool


def problem_lines(batch: ImportBatch, lang: str) -> list[ProblemLine]:
    """Return what is wrong with a staged roll, in the order of its rows."""
    lines = [_line(entry, lang) for entry in batch.problems]
    return sorted(lines, key=lambda line: line.row or 0)


def _line(entry: Mapping[str, Any], lang: str) -> ProblemLine:
    if entry["code"] in _KNOWN:
        what = _KNOWN[entry["code"]]
        return ProblemLine(entry["row"], "", str(what), str(_KNOWN_ADVICE), severe=False)
    problem = Problem(**{**entry, "level": Level(entry["level"])})
    what, advice = describe(problem, lang)
    return ProblemLine(problem.row, problem.column, what, advice, severe=problem.level is Level.ERROR)


def obstacles_to_undoing(session: Session, actor: Actor, batch: ImportBatch) -> list[Member]:
    """Return the people of an applied import whom undoing would harm, in the order of the roll.

    These have been changed, hold or held an office, or are referred to from elsewhere (an account, a ballot).
    Raises NotFoundError for strangers.
    """
    if not access.may_import(actor):
        raise NotFoundError
    ours = select(Member.id).where(Member.import_id == batch.id)
    reasons: list[ColumnElement[bool]] = [
        Member.changed_at.is_not(None),
        Member.status != MemberStatus.ACTIVE,
    ]
    reasons += [Member.id.in_(select(column).where(column.in_(ours))) for column in _references()]
    held = select(OfficeHolding.member_id).where(OfficeHolding.office != Office.MEMBER)
    reasons.append(Member.id.in_(held))
    return list(
        session.scalars(
            select(Member)
            .where(Member.import_id == batch.id, or_(*reasons))
            .order_by(Member.sort_key, Member.id)
        )
    )


def _references() -> Iterator[Column[Any]]:
    """Yield the columns of all tables that name a member, but for the offices an import itself grants."""
    own = {Member.__table__.c.id, OfficeHolding.__table__.c.member_id}
    for table in Model.metadata.tables.values():
        for column in table.columns:
            points = any(key.column is Member.__table__.c.id for key in column.foreign_keys)
            if (points or column.name == "member_id") and column not in own:
                yield column
