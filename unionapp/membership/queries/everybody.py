"""What the other features may ask: who acts, who is called what, who may vote."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from unionapp.kernel import clock
from unionapp.kernel.access import Actor
from unionapp.membership import access
from unionapp.membership.models import Member, MemberStatus, Office, OfficeHolding, mail_key


@dataclass(frozen=True)
class Voter:
    """A member who may vote. Where the union knows no mail address ``email`` is None: no code by mail."""

    member_id: uuid.UUID
    email: str | None
    name: str
    language: str


def valid_at(moment: datetime) -> ColumnElement[bool]:
    """Return the condition that an office is held at ``moment``."""
    return and_(
        OfficeHolding.since <= moment, or_(OfficeHolding.until.is_(None), OfficeHolding.until > moment)
    )


def actor_for(session: Session, member_id: uuid.UUID, *, at: datetime | None = None) -> Actor | None:
    """Return what this member may do ``at`` that moment (now); None unless an active member."""
    member = session.get(Member, member_id)
    if member is None or member.status is not MemberStatus.ACTIVE:
        return None
    offices = session.scalars(
        select(OfficeHolding.office).where(OfficeHolding.member_id == member_id, valid_at(at or clock.now()))
    )
    return Actor(member.id, access.permissions_of(offices), member.name, member.language)


def member_by_email(session: Session, email: str) -> Member | None:
    """Return the member with this mail address, whatever its case; None for nobody."""
    key = mail_key(email)
    return None if key is None else session.scalar(select(Member).where(Member.email_key == key))


def member_name(session: Session, member_id: uuid.UUID) -> str | None:
    """Return the name a member goes by; None when there is no such member."""
    return members_named(session, [member_id]).get(member_id)


def members_named(session: Session, member_ids: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Return the names of several members in one query."""
    rows = session.execute(
        select(Member.id, Member.pen_name, Member.legal_name).where(Member.id.in_(set(member_ids)))
    )
    return {row.id: row.pen_name or row.legal_name for row in rows}


def eligible_voters(session: Session, on: date) -> list[Voter]:
    """Return the active members who had joined by ``on``, in the order of the roll."""
    rows = session.execute(
        select(Member.id, Member.email, Member.pen_name, Member.legal_name, Member.language)
        .where(Member.status == MemberStatus.ACTIVE, or_(Member.joined_on.is_(None), Member.joined_on <= on))
        .order_by(Member.sort_key, Member.id)
    )
    return [Voter(row.id, row.email, row.pen_name or row.legal_name, row.language) for row in rows]


def holders(session: Session, office: Office, *, at: datetime | None = None) -> list[Member]:
    """Return the active members who hold an office ``at`` that moment (now), in the order of the roll."""
    return list(
        session.scalars(
            select(Member)
            .where(
                Member.status == MemberStatus.ACTIVE,
                Member.id.in_(
                    select(OfficeHolding.member_id).where(
                        OfficeHolding.office == office, valid_at(at or clock.now())
                    )
                ),
            )
            .order_by(Member.sort_key, Member.id)
        )
    )
