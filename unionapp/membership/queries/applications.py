"""Applications: for the officer who decides, and for the applicant who asks by a signed link."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from unionapp.kernel.access import Actor
from unionapp.kernel.errors import NotFoundError
from unionapp.membership import access
from unionapp.membership.models import Application, ApplicationState, Member, mail_key

OPEN = (ApplicationState.SUBMITTED, ApplicationState.CONFIRMED)


@dataclass(frozen=True)
class PossibleDuplicate:
    """A member who may be the applicant: ``same`` says by what, of "name", "mail", "phone"."""

    member: Member
    same: Sequence[str]


def waiting_for(session: Session, actor: Actor) -> list[Application]:
    """Return the confirmed applications, the longest waiting first. Raises NotFoundError for strangers."""
    if not access.may_decide(actor):
        raise NotFoundError
    return list(
        session.scalars(
            select(Application)
            .where(Application.state == ApplicationState.CONFIRMED)
            .order_by(Application.confirmed_at, Application.id)
        )
    )


def waiting_count(session: Session, actor: Actor) -> int:
    """Return how many applications wait. Raises NotFoundError for strangers."""
    if not access.may_decide(actor):
        raise NotFoundError
    return (
        session.scalar(
            select(func.count())
            .select_from(Application)
            .where(Application.state == ApplicationState.CONFIRMED)
        )
        or 0
    )


def application_for(
    session: Session, actor: Actor, application_id: uuid.UUID, *, locked: bool = False
) -> Application:
    """Return an application for the officer who decides. Raises NotFoundError for strangers.

    What was never confirmed by mail, or was withdrawn, is nobody's to read.
    """
    shown = (ApplicationState.CONFIRMED, ApplicationState.ADMITTED, ApplicationState.REFUSED)
    application = session.get(Application, application_id, with_for_update=locked or None)
    if not access.may_decide(actor) or application is None or application.state not in shown:
        raise NotFoundError
    return application


def application_of(
    session: Session, application_id: uuid.UUID | None, *, locked: bool = False
) -> Application:
    """Return the application that a signed link names. Raises NotFoundError when there is none."""
    application = (
        session.get(Application, application_id, with_for_update=locked or None) if application_id else None
    )
    if application is None:
        raise NotFoundError
    return application


def open_application_by_email(session: Session, email: str) -> Application | None:
    """Return the undecided application with this mail address, if there is one."""
    return session.scalar(
        select(Application)
        .where(Application.email_key == mail_key(email), Application.state.in_(OPEN))
        .order_by(Application.submitted_at.desc())
        .limit(1)
    )


def possible_duplicates(session: Session, actor: Actor, application: Application) -> list[PossibleDuplicate]:
    """Return the members who share the applicant's name, mail or telephone.

    Raises NotFoundError for strangers.
    """
    if not access.may_decide(actor):
        raise NotFoundError
    if application.erased_at is not None:
        return []
    same = [Member.name_key == application.name_key, Member.email_key == application.email_key]
    if application.phone:
        same.append(Member.phone == application.phone)
    members = session.scalars(
        select(Member)
        .where(or_(*same), Member.id.is_distinct_from(application.member_id))
        .order_by(Member.sort_key, Member.id)
        .limit(20)
    )
    return [PossibleDuplicate(member, _same(application, member)) for member in members]


def _same(application: Application, member: Member) -> list[str]:
    pairs = (
        ("name", application.name_key, member.name_key),
        ("mail", application.email_key, member.email_key),
        ("phone", application.phone, member.phone),
    )
    return [what for what, ours, theirs in pairs if ours and ours == theirs]
