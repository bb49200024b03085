"""Accounts and their sessions."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from unionapp.kernel.db import Model, new_id

# OWASP ASVS 5.0.0, 7.3: idle and absolute limits.
IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
TOUCH = timedelta(minutes=1)


class Account(Model):
    """A member's way to sign in. ``password_hash`` is an Argon2id string with its parameters."""

    __tablename__ = "account"

    member_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("member.id", ondelete="CASCADE"), primary_key=True
    )
    password_hash: Mapped[str]
    password_changed_at: Mapped[datetime]


class UserSession(Model):
    """One signed-in browser. Only a hash of its secret is kept."""

    __tablename__ = "user_session"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary)
    device: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    def alive(self, at: datetime) -> bool:
        """Tell whether the session still counts: not ended, not idle for IDLE, not older than ABSOLUTE."""
        return self.revoked_at is None and at - self.last_seen_at < IDLE and at - self.created_at < ABSOLUTE
