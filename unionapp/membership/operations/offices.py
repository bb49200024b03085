"""Offices are granted and withdrawn."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.kernel import audit
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.errors import ConflictError
from unionapp.kernel.i18n import lazy
from unionapp.membership import access, queries
from unionapp.membership.models import Member, MemberStatus, Office, OfficeHolding


class OfficeHeldError(ConflictError):
    """The member holds this office already."""

    message = lazy("This member holds that office already.")


class NotActiveError(ConflictError):
    """Only active members hold offices."""

    message = lazy("Only an active member can hold an office.")


class OfficeEndedError(ConflictError):
    """The office ended before."""

    message = lazy("This office has ended already.")


class MembershipIsNoOfficeError(ConflictError):
    """Being a member ends by leaving, not by losing an office."""

    message = lazy("Membership itself ends only when the member leaves.")


class LastOfficerError(ConflictError):
    """Without a membership officer nobody could grant an office any more."""

    message = lazy("This is the last membership officer. Grant the office to somebody else first.")


def grant_office(session: Session, member: Member, office: Office, *, actor: Actor, at: datetime) -> None:
    """Give a member an office from now on.

    Raises NotActiveError, OfficeHeldError, ForbiddenError (nobody grants to themselves).
    """
    if member.status is not MemberStatus.ACTIVE:
        raise NotActiveError
    if _holds(session, member, office):
        raise OfficeHeldError
    require(access.may_grant(actor, member.id))
    session.add(OfficeHolding(member_id=member.id, office=office, since=at, granted_by=actor.member_id))
    audit.record(session, Event.OFFICE_GRANTED, subject=member.id, actor=actor, at=at, office=office.value)


def withdraw_office(session: Session, holding: OfficeHolding, *, actor: Actor, at: datetime) -> None:
    """End an office now; its holder may lay it down as well.

    Raises OfficeEndedError, MembershipIsNoOfficeError, ForbiddenError, LastOfficerError.
    """
    if holding.until is not None:
        raise OfficeEndedError
    if holding.office is Office.MEMBER:
        raise MembershipIsNoOfficeError
    require(access.may_withdraw_office(actor, holding.member_id))
    if holding.office is Office.MEMBERSHIP_OFFICER:
        others = {officer.id for officer in queries.holders(session, holding.office, at=at)}
        if not others - {holding.member_id}:
            raise LastOfficerError
    holding.until = at
    audit.record(
        session,
        Event.OFFICE_WITHDRAWN,
        subject=holding.member_id,
        actor=actor,
        at=at,
        office=holding.office.value,
    )


def end_all(session: Session, member: Member, *, at: datetime) -> None:
    """End every office of a member who leaves."""
    for holding in session.scalars(
        select(OfficeHolding).where(OfficeHolding.member_id == member.id, OfficeHolding.until.is_(None))
    ):
        holding.until = at


def _holds(session: Session, member: Member, office: Office) -> bool:
    found = session.scalar(
        select(OfficeHolding.id).where(
            OfficeHolding.member_id == member.id,
            OfficeHolding.office == office,
            OfficeHolding.until.is_(None),
        )
    )
    return found is not None
