"""The roll, for those who may see it, and one's own record."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import Session, defer

from unionapp.kernel.access import Actor
from unionapp.kernel.errors import NotFoundError
from unionapp.membership import access
from unionapp.membership.models import (
    Member,
    MemberStatus,
    Office,
    OfficeHolding,
    StatusChange,
    romaji_key,
)
from unionapp.membership.queries.everybody import valid_at
from unionapp.roster.lettering import comparison_key

PAGE = 50
MOST_STUDIOS = 300


@dataclass(frozen=True)
class MemberPage:
    """One page of the roll. ``total`` counts all that were found; ``after`` leads to the next page."""

    members: Sequence[Member]
    total: int
    after: uuid.UUID | None


def members_for(
    session: Session,
    actor: Actor,
    search: str = "",
    after: uuid.UUID | None = None,
    *,
    status: MemberStatus | None = None,
) -> MemberPage:
    """Return the next members after the one with id ``after``, in the order of the roll.

    ``search`` looks in names, readings (kana and Latin letters), mail and number. Raises NotFoundError for
    actors who may not see the roll.
    """
    if not access.may_list_members(actor):
        raise NotFoundError
    found = _matching(search, status)
    total = session.scalar(found.with_only_columns(func.count(), maintain_column_froms=True)) or 0
    rows = list(
        session.scalars(
            _after(session, found, after)
            .options(defer(Member.search_text), defer(Member.notes))
            .order_by(Member.sort_key, Member.id)
            .limit(PAGE + 1)
        )
    )
    return MemberPage(rows[:PAGE], total, rows[PAGE - 1].id if len(rows) > PAGE else None)


def _matching(search: str, status: MemberStatus | None) -> Select[Member]:
    found = select(Member)
    if status is not None:
        found = found.where(Member.status == status)
    words = [keys for word in search.split()[:5] if (keys := _keys(word))]
    if search.strip() and not words:  # marks alone, which no key holds: they find nobody, not everybody
        return found.where(false())
    for keys in words:
        found = found.where(or_(*(Member.search_text.contains(key, autoescape=True) for key in keys)))
    return found


def _keys(word: str) -> set[str]:
    romaji = romaji_key(word) if all(c.isalpha() or c in "'-" for c in word) else ""
    return {comparison_key(word), romaji} - {""}


def _after(session: Session, found: Select[Member], after: uuid.UUID | None) -> Select[Member]:
    key = session.scalar(select(Member.sort_key).where(Member.id == after)) if after else None
    if key is None:
        return found
    return found.where(or_(Member.sort_key > key, and_(Member.sort_key == key, Member.id > after)))


def member_for(session: Session, actor: Actor, member_id: uuid.UUID, *, locked: bool = False) -> Member:
    """Return a member's record; ``locked`` until the transaction ends, for a change.

    Raises NotFoundError when there is none, or none that the actor may see.
    """
    if not access.may_read(actor, member_id):
        raise NotFoundError
    member = session.get(Member, member_id, with_for_update=locked or None)
    if member is None:
        raise NotFoundError
    return member


def holdings_of(session: Session, actor: Actor, member: Member) -> list[OfficeHolding]:
    """Return all offices a member holds or has held, the latest first. Raises NotFoundError for strangers."""
    if not access.may_read(actor, member.id):
        raise NotFoundError
    return list(
        session.scalars(
            select(OfficeHolding)
            .where(OfficeHolding.member_id == member.id)
            .order_by(OfficeHolding.since.desc(), OfficeHolding.office)
        )
    )


def status_changes_of(session: Session, actor: Actor, member: Member) -> list[StatusChange]:
    """Return a member's changes of status, the latest first. Raises NotFoundError for strangers."""
    if not access.may_read(actor, member.id):
        raise NotFoundError
    return list(
        session.scalars(
            select(StatusChange)
            .where(StatusChange.member_id == member.id)
            .order_by(StatusChange.at.desc(), StatusChange.id)
        )
    )


def offices_by_member(
    session: Session, member_ids: Iterable[uuid.UUID], *, at: datetime
) -> Mapping[uuid.UUID, list[Office]]:
    """Return the offices each of these members holds, beyond being a member, in one query."""
    rows = session.execute(
        select(OfficeHolding.member_id, OfficeHolding.office)
        .where(
            OfficeHolding.member_id.in_(set(member_ids)),
            OfficeHolding.office != Office.MEMBER,
            valid_at(at),
        )
        .order_by(OfficeHolding.office)
    )
    found: dict[uuid.UUID, list[Office]] = defaultdict(list)
    for row in rows:
        found[row.member_id].append(row.office)
    return found


def studios(session: Session) -> list[str]:
    """Return the studios to choose from: those of three members or more, as fewer could point to a person."""
    return list(
        session.scalars(
            select(Member.studio)
            .where(Member.studio != "", Member.status != MemberStatus.LEFT)
            .group_by(Member.studio)
            .having(func.count() >= 3)  # noqa: PLR2004  # the docstring says why
            .order_by(Member.studio)
            .limit(MOST_STUDIOS)
        )
    )


def holding_for(session: Session, actor: Actor, holding_id: uuid.UUID) -> OfficeHolding:
    """Return one holding of an office, locked for a change. Raises NotFoundError for strangers."""
    holding = session.get(OfficeHolding, holding_id, with_for_update=True)
    if holding is None or not access.may_read(actor, holding.member_id):
        raise NotFoundError
    return holding
