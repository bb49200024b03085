"""What a membership officer decides on an application."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from unionapp.kernel import audit, clock
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.db import new_id
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post
from unionapp.membership import access, mail, queries
from unionapp.membership.models import (
    Application,
    ApplicationState,
    Member,
    MemberStatus,
    Office,
    OfficeHolding,
    Particulars,
)
from unionapp.membership.operations.applying import ApplicationDecidedError, empty


class AddressTakenError(ConflictError):
    """Another member has this mail address."""

    message = lazy("A member with this mail address is on the roll already.")
    field = "email"


class ReasonMissingError(InvalidInputError):
    """A decision that falls on somebody needs its reason."""

    message = lazy("Please write the reason: the person concerned will read it.")
    field = "reason"


def admit(session: Session, application: Application, *, actor: Actor, at: datetime) -> Member:
    """Make the applicant a member, with a letter that holds the first way to sign in.

    The application keeps its decision and the consent; its copy of the personal facts is erased.
    Raises ApplicationDecidedError unless it waits, ForbiddenError, AddressTakenError.
    """
    if application.state is not ApplicationState.CONFIRMED:
        raise ApplicationDecidedError
    require(access.may_decide(actor))
    member = _add(session, _particulars_of(application), (), actor=actor, at=at)
    application.state = ApplicationState.ADMITTED
    application.decided_at, application.decided_by = at, actor.member_id
    application.member_id = member.id
    empty(session, application, at)
    post(session, mail.admitted(member), at=at)
    audit.record(
        session,
        Event.APPLICATION_ADMITTED,
        subject=application.id,
        actor=actor,
        at=at,
        member=str(member.id),
    )
    return member


def refuse(session: Session, application: Application, reason: str, *, actor: Actor, at: datetime) -> None:
    """Refuse an application; the applicant reads the reason in a letter.

    Raises ApplicationDecidedError unless it waits, ForbiddenError, ReasonMissingError.
    """
    if application.state is not ApplicationState.CONFIRMED:
        raise ApplicationDecidedError
    require(access.may_decide(actor))
    if not reason.strip():
        raise ReasonMissingError
    application.state = ApplicationState.REFUSED
    application.decided_at, application.decided_by = at, actor.member_id
    application.reason = reason.strip()
    post(session, mail.refused(application), at=at)
    audit.record(session, Event.APPLICATION_REFUSED, subject=application.id, actor=actor, at=at)


def enrol(
    session: Session,
    particulars: Particulars,
    *,
    actor: Actor,
    at: datetime,
    offices: Sequence[Office] = (),
) -> Member:
    """Put a person on the roll without an application, as the command line and the first officers need it.

    Sends no letter: ``invite`` does. Raises ForbiddenError, AddressTakenError.
    """
    require(access.may_decide(actor))
    member = _add(session, particulars, offices, actor=actor, at=at)
    audit.record(
        session,
        Event.MEMBER_ENROLLED,
        subject=member.id,
        actor=actor,
        at=at,
        offices=[office.value for office in offices],
    )
    return member


def _particulars_of(application: Application) -> Particulars:
    return Particulars(
        legal_name=application.legal_name,
        reading=application.reading,
        pen_name=application.pen_name,
        email=application.email,
        phone=application.phone,
        studio=application.studio,
        job_categories=tuple(application.job_categories),
        employment_form=application.employment_form,
        language=application.language,
    )


def _add(
    session: Session, particulars: Particulars, offices: Sequence[Office], *, actor: Actor, at: datetime
) -> Member:
    if particulars.email and queries.member_by_email(session, particulars.email):
        raise AddressTakenError
    member = Member(
        id=new_id(),
        status=MemberStatus.ACTIVE,
        joined_on=clock.today(at),
        created_at=at,
        **particulars.columns(),
    )
    member.refresh_keys()
    session.add(member)
    session.flush()  # the offices point to the member, and a doubled address must show here
    for office in dict.fromkeys((Office.MEMBER, *offices)):
        session.add(OfficeHolding(member_id=member.id, office=office, since=at, granted_by=actor.member_id))
    return member
