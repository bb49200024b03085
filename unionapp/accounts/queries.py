"""Reads of accounts and sessions."""

import hashlib
import hmac
import uuid
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.accounts.models import ABSOLUTE, IDLE, Account, UserSession


def account_of(session: Session, member_id: uuid.UUID) -> Account | None:
    """Return the member's account, if a password was ever set."""
    return session.get(Account, member_id)


def live_session(session: Session, session_id: uuid.UUID, secret: str, *, at: datetime) -> UserSession | None:
    """Return the session a cookie names, if the secret is right and the session still counts."""
    row = session.get(UserSession, session_id)
    if row is None or not hmac.compare_digest(row.secret_hash, secret_hash(secret)) or not row.alive(at):
        return None
    return row


def sessions_of(session: Session, member_id: uuid.UUID, *, at: datetime) -> list[UserSession]:
    """Return the member's living sessions, the last used first."""
    rows = session.scalars(
        select(UserSession)
        .where(
            UserSession.member_id == member_id,
            UserSession.revoked_at.is_(None),
            UserSession.last_seen_at > at - IDLE,
            UserSession.created_at > at - ABSOLUTE,
        )
        .order_by(UserSession.last_seen_at.desc())
    )
    return list(rows)


def secret_hash(secret: str) -> bytes:
    """Return what is kept of a session's secret (256 random bits need no slow hash)."""
    return hashlib.sha256(secret.encode()).digest()


def fingerprint(account: Account | None) -> str:
    """Return a value that changes with the password: a reset link works once."""
    return "none" if account is None else hashlib.sha256(account.password_hash.encode()).hexdigest()[:16]
