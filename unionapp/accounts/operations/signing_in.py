"""Signing in and out; every answer is the same for known and unknown addresses."""

import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from unionapp.accounts import mail, queries
from unionapp.accounts.models import TOUCH, Account, UserSession
from unionapp.accounts.operations.passwords import Hasher, require_good
from unionapp.kernel import audit, jobs, tokens
from unionapp.kernel.access import Actor
from unionapp.kernel.audit import Event
from unionapp.kernel.db import new_id
from unionapp.kernel.errors import InvalidInputError, NotFoundError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post
from unionapp.kernel.throttle import Limit, count
from unionapp.membership import queries as members

SIGN_IN_BY_ADDRESS = Limit("sign-in by mail", 10, timedelta(minutes=15))
SIGN_IN_BY_NETWORK = Limit("sign-in by network", 100, timedelta(minutes=15))
RESET_BY_ADDRESS = Limit("reset by mail", 3, timedelta(hours=1))
RESET_BY_NETWORK = Limit("reset by network", 30, timedelta(hours=1))

RESET_AGE = 60 * 60
FIRST_AGE = 14 * tokens.DAY


@dataclass(frozen=True)
class Credentials:
    """What somebody who signs in sends, and from where: a network address and a coarse browser name."""

    email: str
    password: str
    network: str
    device: str


class LinkUsedUpError(InvalidInputError):
    """The link is forged, too old or was used before."""

    message = lazy("This link was used before or is too old. Please ask for a new one.")


def sign_in(
    session: Session, hasher: Hasher, given: Credentials, *, at: datetime
) -> tuple[UserSession, str] | None:
    """Return a new session and its secret, or None: wrong password, unknown address, no longer a member.

    Raises TooManyError after too many attempts for this address or from this network.
    """
    count(session, SIGN_IN_BY_NETWORK, given.network, at=at)
    count(session, SIGN_IN_BY_ADDRESS, given.email.casefold(), at=at)
    member = members.member_by_email(session, given.email)
    account = queries.account_of(session, member.id) if member else None
    right = hasher.matches(account.password_hash if account else None, given.password)
    actor = members.actor_for(session, member.id) if member and right else None
    if account is None or actor is None:
        return None
    if hasher.outdated(account.password_hash):
        account.password_hash = hasher.hash(given.password)
    secret = secrets.token_urlsafe(32)
    row = UserSession(
        id=new_id(),
        member_id=account.member_id,
        secret_hash=queries.secret_hash(secret),
        device=given.device[:100],
        created_at=at,
        last_seen_at=at,
    )
    session.add(row)
    audit.record(session, Event.ACCOUNT_SIGNED_IN, subject=account.member_id, actor=actor, at=at)
    return row, secret


def touch(session: Session, row_id: uuid.UUID, *, at: datetime) -> None:
    """Remember that a session is in use, at most once a minute."""
    session.execute(
        update(UserSession)
        .where(UserSession.id == row_id, UserSession.last_seen_at < at - TOUCH)
        .values(last_seen_at=at)
    )


def sign_out(session: Session, *, actor: Actor, at: datetime) -> None:
    """End the actor's present session."""
    if actor.session_id is not None:
        _end(session, UserSession.id == actor.session_id, at)
    audit.record(session, Event.ACCOUNT_SIGNED_OUT, subject=actor.member_id, actor=actor, at=at)


def revoke(session: Session, session_id: uuid.UUID, *, actor: Actor, at: datetime) -> None:
    """End one of the actor's own sessions. Raises NotFoundError for anybody else's."""
    row = session.get(UserSession, session_id)
    if row is None or row.member_id != actor.member_id:
        raise NotFoundError
    _end(session, UserSession.id == session_id, at)
    audit.record(session, Event.SESSION_REVOKED, subject=session_id, actor=actor, at=at)


def revoke_others(session: Session, *, actor: Actor, at: datetime) -> None:
    """End all of the actor's sessions but the present one."""
    _end(session, (UserSession.member_id == actor.member_id) & (UserSession.id != actor.session_id), at)
    audit.record(session, Event.SESSION_REVOKED, subject="others", actor=actor, at=at)


def ask_reset(session: Session, *, email: str, network: str, at: datetime) -> None:
    """Have a link for a new password sent to the address, if it is a member's.

    Whether it is one is looked up later, by a job: the answer is the same for everybody, and takes as long.

    Raises TooManyError after too many requests for this address or from this network.
    """
    count(session, RESET_BY_NETWORK, network, at=at)
    count(session, RESET_BY_ADDRESS, email.casefold(), at=at)
    jobs.enqueue(session, "accounts.send_reset_link", {"email": email}, at=at)


def send_reset_link(session: Session, *, email: str, at: datetime) -> None:
    """Send a link for a new password to the address, if it is a member's."""
    member = members.member_by_email(session, email)
    actor = members.actor_for(session, member.id) if member else None
    if member is None or actor is None or member.email is None:
        return
    mark = queries.fingerprint(queries.account_of(session, member.id))
    token = tokens.sign("reset-password", f"{member.id}:{mark}")
    post(session, mail.reset(member.email, member.language, token), at=at)
    audit.record(session, Event.PASSWORD_RESET_ASKED, subject=member.id, actor=actor, at=at)


def member_of_link(session: Session, purpose: str, token: str) -> uuid.UUID:
    """Return whom a link is for. Raises LinkUsedUpError when it no longer counts."""
    age = FIRST_AGE if purpose == "first-password" else RESET_AGE
    subject = tokens.read(purpose, token, max_age=age)
    if subject is None:
        raise LinkUsedUpError
    raw_id, _, mark = subject.partition(":")
    member_id = uuid.UUID(raw_id)
    if queries.fingerprint(queries.account_of(session, member_id)) != (mark or "none"):
        raise LinkUsedUpError
    if members.actor_for(session, member_id) is None:
        raise LinkUsedUpError
    return member_id


def set_password_by_link(
    session: Session, hasher: Hasher, *, purpose: str, token: str, password: str, at: datetime
) -> uuid.UUID:
    """Set the password of the member a link is for, end all sessions, and return the member's id.

    Raises LinkUsedUpError, or WeakPasswordError.
    """
    member_id = member_of_link(session, purpose, token)
    set_password(session, hasher, member_id, password, actor=Actor(member_id=member_id), at=at)
    return member_id


def change_password(
    session: Session, hasher: Hasher, *, old: str, password: str, actor: Actor, at: datetime
) -> None:
    """Change the actor's own password. Raises InvalidInputError for a wrong ``old``, or WeakPasswordError."""
    if actor.member_id is None:
        raise NotFoundError
    count(session, SIGN_IN_BY_ADDRESS, str(actor.member_id), at=at)
    account = queries.account_of(session, actor.member_id)
    if not hasher.matches(account.password_hash if account else None, old):
        raise InvalidInputError(lazy("The present password is not right."), field="old")
    set_password(session, hasher, actor.member_id, password, actor=actor, at=at)


def set_password(
    session: Session, hasher: Hasher, member_id: uuid.UUID, password: str, *, actor: Actor, at: datetime
) -> None:
    """Store a new password; all other sessions end and the member is told by mail."""
    member = members.member_for(session, actor, member_id)
    require_good(password, about=(member.legal_name, member.pen_name, member.email or ""))
    account = queries.account_of(session, member_id)
    first = account is None
    if account is None:
        account = Account(member_id=member_id, password_hash="", password_changed_at=at)
        session.add(account)
    account.password_hash = hasher.hash(password)
    account.password_changed_at = at
    _end(session, (UserSession.member_id == member_id) & (UserSession.id != actor.session_id), at)
    if member.email and not first:
        post(session, mail.changed(member.email, member.language), at=at)
    event = Event.ACCOUNT_ACTIVATED if first else Event.PASSWORD_CHANGED
    audit.record(session, event, subject=member_id, actor=actor, at=at)


def _end(session: Session, which: object, at: datetime) -> None:
    session.execute(
        update(UserSession).where(which, UserSession.revoked_at.is_(None)).values(revoked_at=at)  # type: ignore[arg-type]
    )
