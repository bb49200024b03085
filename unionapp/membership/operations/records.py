"""A member's record: what the person changes, what an officer changes with a reason."""

import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.kernel import audit, clock
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.db import leave_no_remains
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post
from unionapp.kernel.unit_of_work import after_commit
from unionapp.membership import access, mail, queries
from unionapp.membership.models import (
    MEMBER_MOVES,
    Member,
    MemberStatus,
    Office,
    OfficeHolding,
    Particulars,
    StatusChange,
    mail_key,
)
from unionapp.membership.operations.deciding import AddressTakenError, ReasonMissingError
from unionapp.membership.operations.offices import LastOfficerError, end_all


class StatusUnreachableError(ConflictError):
    """There is no such move from the present status."""

    message = lazy("The member's status was changed in the meantime, or cannot change in this way.")


class NotLeftError(ConflictError):
    """A member's record is needed for as long as they belong."""

    message = lazy("Only the record of somebody who has left can be erased.")


class SameAddressError(InvalidInputError):
    """The new address is the old one."""

    message = lazy("This is the address we already have.")
    field = "email"


class StaleLinkError(ConflictError):
    """The link was for another state of the record."""

    message = lazy("This link is no longer valid: the mail address was changed after it was sent.")


class NoAddressError(ConflictError):
    """There is no address to write to."""

    message = lazy("The union knows no mail address of this member.")


def change_own(
    session: Session, member: Member, particulars: Particulars, *, actor: Actor, at: datetime
) -> list[str]:
    """Change one's own personal facts, but for the mail address; return the names of what changed.

    Raises ForbiddenError for anybody else.
    """
    require(access.may_change_own(actor, member))
    columns = particulars.columns()
    del columns["email"]
    changed = sorted(name for name, value in columns.items() if getattr(member, name) != value)
    if not changed:
        return []
    for name in changed:
        setattr(member, name, columns[name])
    member.refresh_keys()
    member.changed_at = at
    audit.record(session, Event.MEMBER_CHANGED, subject=member.id, actor=actor, at=at, fields=changed)
    return changed


def ask_mail_change(session: Session, member: Member, new_email: str, *, actor: Actor, at: datetime) -> None:
    """Send a link to the new address; nothing changes before it is followed.

    The answer is the same when the address is another member's: the letter differs.
    Raises ForbiddenError, SameAddressError.
    """
    require(access.may_change_own(actor, member))
    if mail_key(new_email) == member.email_key:
        raise SameAddressError
    taken = queries.member_by_email(session, new_email) is not None
    letter = mail.already_known(new_email, member.language) if taken else mail.mail_change(member, new_email)
    post(session, letter, at=at)
    audit.record(session, Event.MEMBER_MAIL_CHANGE_ASKED, subject=member.id, actor=actor, at=at)


def confirm_mail_change(
    session: Session, member_id: uuid.UUID, old_key: str, new_email: str, *, at: datetime
) -> Member:
    """Take the new address over, as the link in its letter asks; the old address is told.

    Raises StaleLinkError when the record changed or is no longer active, AddressTakenError.
    """
    member = session.get(Member, member_id, with_for_update=True)
    if member is None or member.status is not MemberStatus.ACTIVE or (member.email_key or "") != old_key:
        raise StaleLinkError
    if queries.member_by_email(session, new_email):
        raise AddressTakenError
    old_email, member.email = member.email, new_email
    member.refresh_keys()
    member.changed_at = at
    if old_email:
        post(session, mail.mail_changed(member, old_email), at=at)
    who = Actor(member_id=member.id, name=member.name)
    audit.record(session, Event.MEMBER_CHANGED, subject=member.id, actor=who, at=at, fields=["email"])
    return member


def leave(session: Session, member: Member, *, actor: Actor, at: datetime) -> None:
    """Leave the union, which everybody may at any time; all offices end.

    Raises StatusUnreachableError, ForbiddenError, LastOfficerError.
    """
    if member.status is MemberStatus.LEFT:
        raise StatusUnreachableError
    require(access.may_change_own(actor, member))
    _refuse_last_officer(session, member, at)
    _set_status(session, member, MemberStatus.LEFT, "", actor=actor, at=at)
    if member.email:
        post(session, mail.left(member), at=at)
    audit.record(session, Event.MEMBER_LEFT, subject=member.id, actor=actor, at=at)


def change_status(
    session: Session, member: Member, status: MemberStatus, reason: str, *, actor: Actor, at: datetime
) -> None:
    """Suspend, restore or strike off a member, who reads the reason in a letter.

    Raises StatusUnreachableError, ForbiddenError (also on oneself), ReasonMissingError.
    """
    if (member.status, status) not in MEMBER_MOVES:
        raise StatusUnreachableError
    require(access.may_move(actor, member, status))
    if not member.legal_name:  # erased: nobody is left to come back
        raise StatusUnreachableError
    if not reason.strip():
        raise ReasonMissingError
    before = member.status
    _set_status(session, member, status, reason.strip(), actor=actor, at=at)
    if member.email:
        post(session, mail.status_changed(member, reason.strip()), at=at)
    audit.record(
        session,
        Event.MEMBER_STATUS_CHANGED,
        subject=member.id,
        actor=actor,
        at=at,
        before=before.value,
        after=status.value,
    )


def invite(session: Session, member: Member, *, actor: Actor, at: datetime) -> None:
    """Send a member who came by another door the first way to sign in.

    Raises StatusUnreachableError unless active, ForbiddenError, NoAddressError.
    """
    if member.status is not MemberStatus.ACTIVE:
        raise StatusUnreachableError
    require(access.may_decide(actor))
    if not member.email:
        raise NoAddressError
    post(session, mail.invited(member), at=at)
    audit.record(session, Event.MEMBER_INVITED, subject=member.id, actor=actor, at=at)


def erase_member(session: Session, member: Member, *, actor: Actor, at: datetime) -> None:
    """Erase everything personal from the record of somebody who has left and asks for it.

    The row with its dates stays, for what refers to it. Raises NotLeftError (also when erased before),
    ForbiddenError.
    """
    if member.status is not MemberStatus.LEFT or not member.legal_name:
        raise NotLeftError
    require(access.may_decide(actor))
    for name, value in Particulars(legal_name="").columns().items():
        setattr(member, name, value)
    member.member_number, member.notes = None, ""
    member.refresh_keys()
    member.changed_at = at
    for change in session.scalars(select(StatusChange).where(StatusChange.member_id == member.id)):
        change.reason = ""
    after_commit(session, leave_no_remains)
    audit.record(session, Event.MEMBER_ERASED, subject=member.id, actor=actor, at=at)


def _set_status(
    session: Session, member: Member, status: MemberStatus, reason: str, *, actor: Actor, at: datetime
) -> None:
    before, member.status = member.status, status
    member.changed_at = at
    member.left_on = clock.today(at) if status is MemberStatus.LEFT else None
    if status is MemberStatus.LEFT:
        end_all(session, member, at=at)
    elif before is MemberStatus.LEFT:
        session.add(
            OfficeHolding(member_id=member.id, office=Office.MEMBER, since=at, granted_by=actor.member_id)
        )
    session.add(
        StatusChange(
            member_id=member.id,
            before=before,
            after=status,
            reason=reason,
            changed_by=actor.member_id,
            at=at,
        )
    )


def _refuse_last_officer(session: Session, member: Member, at: datetime) -> None:
    officers = [officer.id for officer in queries.holders(session, Office.MEMBERSHIP_OFFICER, at=at)]
    if officers == [member.id]:
        raise LastOfficerError
