"""Limits on attempts, counted in the database so that every process counts together.

Buckets are keyed by an HMAC of what is limited (an address, an account) and the day: a stolen table
names nobody.
"""

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Index, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from unionapp.kernel.db import Model
from unionapp.kernel.errors import TooManyError
from unionapp.kernel.unit_of_work import record_anyway


@dataclass(frozen=True)
class Limit:
    """At most ``times`` attempts within ``within``."""

    name: str
    times: int
    within: timedelta


class Attempt(Model):
    """One counted attempt."""

    __tablename__ = "attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    bucket: Mapped[str]
    at: Mapped[datetime]

    __table_args__ = (Index("ix_attempt_bucket_at", "bucket", "at"),)


def count(session: Session, limit: Limit, key: str, *, at: datetime) -> None:
    """Count one attempt, kept even when the request is refused.

    Raises TooManyError when the limit is already used up.
    """
    bucket = _bucket(limit, key, at)
    since = at - limit.within
    buckets = {bucket, _bucket(limit, key, since)}  # no fresh start at midnight
    used = session.scalar(
        select(func.count()).select_from(Attempt).where(Attempt.bucket.in_(buckets), Attempt.at > since)
    )
    if (used or 0) >= limit.times:
        raise TooManyError(int(limit.within.total_seconds()))

    def keep(own: Session) -> None:
        own.execute(delete(Attempt).where(Attempt.at < at - timedelta(days=1)))
        own.add(Attempt(bucket=bucket, at=at))

    record_anyway(keep)


def network_of(address: str | None) -> str:
    """Return what a limit by network counts: the address, or the /64 around an IPv6 address.

    One customer's line has a whole /64 (RFC 6177), from which it could ask each time as somebody else.
    """
    try:
        found = ipaddress.ip_address(address or "")
    except ValueError:  # a Unix socket has no address
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), 64), strict=False))


def _bucket(limit: Limit, key: str, at: datetime) -> str:
    secret = str(current_app.secret_key).encode()
    return hmac.new(secret, f"{limit.name}|{at.date()}|{key}".encode(), hashlib.sha256).hexdigest()
