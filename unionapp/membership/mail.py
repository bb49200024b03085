"""Letters of membership, each in its reader's language, and the signed links they carry."""

import uuid
from typing import Any

from unionapp.kernel.mail import Letter
from unionapp.kernel.tokens import DAY, sign
from unionapp.membership.models import Application, Member, MemberStatus

CONFIRM = "application-confirm"
CONFIRM_DAYS = 7
FOLLOW = "application-follow"
FOLLOW_DAYS = 365
MAIL_CHANGE = "member-mail-change"
MAIL_CHANGE_DAYS = 2
FIRST_PASSWORD = "first-password"  # noqa: S105  # the name of a purpose; accounts reads it

CONFIRM_AGE = CONFIRM_DAYS * DAY
FOLLOW_AGE = FOLLOW_DAYS * DAY
MAIL_CHANGE_AGE = MAIL_CHANGE_DAYS * DAY


def follow_token(application_id: uuid.UUID) -> str:
    """Return the token by which an applicant follows the application."""
    return sign(FOLLOW, str(application_id))


def confirm(application: Application) -> Letter:
    """Ask the applicant to confirm that the address is theirs."""
    return _to_applicant("confirm", application, token=sign(CONFIRM, str(application.id)), days=CONFIRM_DAYS)


def already_applied(application: Application) -> Letter:
    """Tell an applicant that an application under this address is under way."""
    return _to_applicant("already_applied", application, token=follow_token(application.id))


def already_known(to: str, language: str) -> Letter:
    """Tell the owner of an address that the union has a record under it."""
    return Letter("membership/mail/already_known", to, language)


def received(application: Application) -> Letter:
    """Tell the applicant what happens next."""
    return _to_applicant("received", application, token=follow_token(application.id))


def admitted(member: Member) -> Letter:
    """Welcome a new member with the first way to sign in."""
    return _to_member("admitted", member, token=sign(FIRST_PASSWORD, str(member.id)))


def refused(application: Application) -> Letter:
    """Tell the applicant that and why the union refused."""
    return _to_applicant(
        "refused", application, reason=application.reason, token=follow_token(application.id)
    )


def invited(member: Member) -> Letter:
    """Give a member who came by another door the first way to sign in."""
    return _to_member("invited", member, token=sign(FIRST_PASSWORD, str(member.id)))


def status_changed(member: Member, reason: str) -> Letter:
    """Tell a member that and why their status changed."""
    name = {
        MemberStatus.ACTIVE: "restored",
        MemberStatus.SUSPENDED: "suspended",
        MemberStatus.LEFT: "ended",
    }[member.status]
    return _to_member(name, member, reason=reason)


def left(member: Member) -> Letter:
    """Confirm to a member that they have left."""
    return _to_member("left", member)


def mail_change(member: Member, new_email: str) -> Letter:
    """Ask at the new address whether it is the member's."""
    token = sign(MAIL_CHANGE, "\n".join((str(member.id), member.email_key or "", new_email)))
    facts = {"name": member.name, "token": token, "days": MAIL_CHANGE_DAYS}
    return Letter("membership/mail/mail_change", new_email, member.language, facts)


def mail_changed(member: Member, old_email: str) -> Letter:
    """Tell the old address that it is no longer used."""
    return Letter("membership/mail/mail_changed", old_email, member.language, {"name": member.name})


def _to_applicant(name: str, application: Application, **facts: Any) -> Letter:
    return Letter(
        f"membership/mail/{name}",
        application.email or "",
        application.language,
        {"name": application.name, **facts},
    )


def _to_member(name: str, member: Member, **facts: Any) -> Letter:
    return Letter(
        f"membership/mail/{name}", member.email or "", member.language, {"name": member.name, **facts}
    )
