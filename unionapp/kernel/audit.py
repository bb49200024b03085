"""The audit log: rows are only ever added, and each carries the hash of the one before."""

import uuid
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import DDL, BigInteger, Integer, LargeBinary, Text, event, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from unionapp.crypto import hashchain
from unionapp.kernel.access import Actor
from unionapp.kernel.db import Model

_CHAIN_LOCK = 7_317_001  # PostgreSQL advisory lock: one writer extends the chain at a time


class Event(StrEnum):
    """Everything that is recorded, as <noun>.<past verb>. Keep the list alphabetical."""

    ACCOUNT_ACTIVATED = "account.activated"
    ACCOUNT_SIGNED_IN = "account.signed_in"
    ACCOUNT_SIGNED_OUT = "account.signed_out"
    AGREEMENT_CREATED = "agreement.created"
    AGREEMENT_SEALED = "agreement.sealed"
    APPLICATION_ADMITTED = "application.admitted"
    APPLICATION_CONFIRMED = "application.confirmed"
    APPLICATION_ERASED = "application.erased"
    APPLICATION_REFUSED = "application.refused"
    APPLICATION_SUBMITTED = "application.submitted"
    APPLICATION_WITHDRAWN = "application.withdrawn"
    BALLOT_CANCELLED = "ballot.cancelled"
    BALLOT_CHANGED = "ballot.changed"
    BALLOT_CLOSED = "ballot.closed"
    BALLOT_DECRYPTED = "ballot.decrypted"
    BALLOT_DRAFTED = "ballot.drafted"
    BALLOT_KEYS_ASKED = "ballot.keys_asked"
    BALLOT_OPENED = "ballot.opened"
    BALLOT_OPENING_ORDERED = "ballot.opening_ordered"
    BALLOT_TALLIED = "ballot.tallied"
    CASE_ANSWERED = "case.answered"
    CASE_CLOSED = "case.closed"
    CASE_FILE_TAKEN = "case.file_taken"
    CASE_MOVED = "case.moved"
    CASE_OPENED = "case.opened"
    CASE_SHARED = "case.shared"
    HANDLER_KEY_PUBLISHED = "handler_key.published"
    HANDLER_KEY_REVOKED = "handler_key.revoked"
    MEMBER_CHANGED = "member.changed"
    MEMBER_ENROLLED = "member.enrolled"
    MEMBER_ERASED = "member.erased"
    MEMBER_INVITED = "member.invited"
    MEMBER_LEFT = "member.left"
    MEMBER_MAIL_CHANGE_ASKED = "member.mail_change_asked"
    MEMBER_STATUS_CHANGED = "member.status_changed"
    MEMBERS_IMPORT_INVITED = "members.import_invited"
    MEMBERS_IMPORTED = "members.imported"
    MEMBERS_IMPORT_DISCARDED = "members.import_discarded"
    MEMBERS_IMPORT_STAGED = "members.import_staged"
    MEMBERS_IMPORT_UNDONE = "members.import_undone"
    OFFICE_GRANTED = "office.granted"
    OFFICE_WITHDRAWN = "office.withdrawn"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105  # the name of an event
    PASSWORD_RESET_ASKED = "password.reset_asked"  # noqa: S105  # the name of an event
    SESSION_REVOKED = "session.revoked"
    TRANSLATION_CHECKED = "translation.checked"
    TRUSTEE_DECRYPTED = "trustee.decrypted"
    TRUSTEE_KEY_GIVEN = "trustee.key_given"
    UNIT_ADDED = "unit.added"
    UNIT_ASSESSED = "unit.assessed"
    UNIT_CHANGED = "unit.changed"
    UNIT_MOVED = "unit.moved"
    UNIT_REMOVED = "unit.removed"


class AuditEvent(Model):
    """One thing that happened. The database refuses to change or delete it."""

    __tablename__ = "audit_event"

    seq: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    at: Mapped[datetime]
    event: Mapped[str]
    actor_id: Mapped[uuid.UUID | None]
    subject: Mapped[str]
    facts: Mapped[str] = mapped_column(Text)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


INSERT_ONLY = {
    "sqlite": [
        """CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'audit_event is insert-only'); END""",
        """CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event
        BEGIN SELECT RAISE(ABORT, 'audit_event is insert-only'); END""",
    ],
    "postgresql": [
        """CREATE OR REPLACE FUNCTION audit_event_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'audit_event is insert-only'; END $$""",
        """CREATE TRIGGER audit_event_insert_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse()""",
    ],
}
for _dialect, _statements in INSERT_ONLY.items():
    for _statement in _statements:
        event.listen(AuditEvent.__table__, "after_create", DDL(_statement).execute_if(dialect=_dialect))  # type: ignore[no-untyped-call]


@dataclass(frozen=True)
class Head:
    """The end of the chain: its length and last hash, to print and to compare."""

    length: int
    hash: bytes


def record(
    session: Session, what: Event, *, subject: object, actor: Actor, at: datetime, **facts: Any
) -> AuditEvent:
    """Add an event to the chain, in the caller's transaction.

    ``facts`` must be JSON values and must not hold contents of reports, votes, passwords or codes.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _CHAIN_LOCK})
    previous = _last_hash(session)
    row = AuditEvent(
        at=at,
        event=what.value,
        actor_id=actor.member_id,
        subject=str(subject),
        facts=hashchain.canonical(facts).decode(),
        previous=previous,
        hash=b"",
    )
    row.hash = hashchain.link(previous, _chained(row))
    session.add(row)
    session.flush()  # the next event of this transaction needs this one's place in the chain
    return row


def head(session: Session) -> Head:
    """Return the chain's length and last hash."""
    # Counted: PostgreSQL's sequence leaves out a number for each transaction that was rolled back.
    length = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    return Head(length, _last_hash(session))


def verify(session: Session) -> Head:
    """Walk the whole chain.

    Raises crypto.hashchain.ChainBrokenError naming the first row that was changed, removed or moved.
    """
    with closing(_links(session)) as links:
        hashchain.verify_chain(links)
    return head(session)


def _last_hash(session: Session) -> bytes:
    last = session.scalar(select(AuditEvent.hash).order_by(AuditEvent.seq.desc()).limit(1))
    return hashchain.GENESIS if last is None else last


def _links(session: Session) -> Generator[tuple[dict[str, Any], bytes], None, None]:
    rows = session.scalars(select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=1000))
    with closing(rows):
        for row in rows:
            yield _chained(row), row.hash


def _chained(row: AuditEvent) -> dict[str, Any]:
    return {
        "at": row.at.isoformat(timespec="microseconds"),
        "event": row.event,
        "actor": None if row.actor_id is None else str(row.actor_id),
        "subject": row.subject,
        "facts": row.facts,
    }
