"""What an applicant does: apply, confirm, withdraw, be forgotten."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from unionapp.kernel import audit, jobs
from unionapp.kernel.access import ANONYMOUS, SYSTEM
from unionapp.kernel.audit import Event
from unionapp.kernel.db import leave_no_remains, new_id
from unionapp.kernel.errors import ConflictError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post
from unionapp.kernel.unit_of_work import after_commit
from unionapp.membership import mail, queries
from unionapp.membership.models import (
    APPLICATION_MOVES,
    Application,
    ApplicationState,
    Particulars,
    mail_key,
)
from unionapp.roster.lettering import comparison_key


class ApplicationDecidedError(ConflictError):
    """The application is in a state from which it cannot be moved so."""

    message = lazy("This application is no longer open.")


def submit(session: Session, particulars: Particulars, *, consent_version: str, at: datetime) -> None:
    """Take an application and ask its mail address for confirmation.

    Whoever applies learns nothing about the address: where it is known already, the letter says so instead.
    """
    email = particulars.email or ""
    if queries.member_by_email(session, email):
        post(session, mail.already_known(email, particulars.language), at=at)
        return
    if known := queries.open_application_by_email(session, email):
        letter = mail.confirm if known.state is ApplicationState.SUBMITTED else mail.already_applied
        post(session, letter(known), at=at)
        return
    application = Application(
        id=new_id(),
        state=ApplicationState.SUBMITTED,
        submitted_at=at,
        consent_version=consent_version,
        consent_at=at,
        name_key=comparison_key(particulars.legal_name),
        email_key=mail_key(email),
        **particulars.columns(),
    )
    session.add(application)
    post(session, mail.confirm(application), at=at)
    jobs.enqueue(
        session,
        "membership.forget_unconfirmed",
        {"application_id": str(application.id)},
        at=at,
        not_before=at + timedelta(days=mail.CONFIRM_DAYS),
    )
    audit.record(session, Event.APPLICATION_SUBMITTED, subject=application.id, actor=ANONYMOUS, at=at)


def confirm(session: Session, application: Application, *, at: datetime) -> None:
    """Take note that the address is the applicant's: the application now waits for an officer.

    Raises ApplicationDecidedError unless it was just submitted.
    """
    _move(application, ApplicationState.CONFIRMED)
    application.confirmed_at = at
    post(session, mail.received(application), at=at)
    audit.record(session, Event.APPLICATION_CONFIRMED, subject=application.id, actor=ANONYMOUS, at=at)


def withdraw(session: Session, application: Application, *, at: datetime) -> None:
    """Take an undecided application back and erase what it said.

    Raises ApplicationDecidedError when it was decided or withdrawn before.
    """
    _move(application, ApplicationState.WITHDRAWN)
    empty(session, application, at)
    audit.record(session, Event.APPLICATION_WITHDRAWN, subject=application.id, actor=ANONYMOUS, at=at)


def erase(session: Session, application: Application, *, at: datetime) -> None:
    """Erase what a refused application said, as its applicant asks; that it was refused stays known.

    Raises ApplicationDecidedError unless it was refused and holds anything.
    """
    if application.state is not ApplicationState.REFUSED or application.erased_at is not None:
        raise ApplicationDecidedError
    empty(session, application, at)
    audit.record(session, Event.APPLICATION_ERASED, subject=application.id, actor=ANONYMOUS, at=at)


def forget_unconfirmed(session: Session, application: Application, *, at: datetime) -> None:
    """Erase an application whose address nobody confirmed in time; others stay as they are."""
    if application.state is not ApplicationState.SUBMITTED:
        return
    application.state = ApplicationState.WITHDRAWN
    empty(session, application, at)
    audit.record(session, Event.APPLICATION_WITHDRAWN, subject=application.id, actor=SYSTEM, at=at)


def empty(session: Session, application: Application, at: datetime) -> None:
    """Erase the personal facts and the reason from an application."""
    for name, value in Particulars(legal_name="").columns().items():
        setattr(application, name, value)
    application.name_key = ""
    application.email_key = None
    application.reason = ""
    application.erased_at = at
    after_commit(session, leave_no_remains)


def _move(application: Application, state: ApplicationState) -> None:
    if (application.state, state) not in APPLICATION_MOVES:
        raise ApplicationDecidedError
    application.state = state
