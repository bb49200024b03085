"""Tables of cases and of the public keys they are sealed to.

Row ids are random, and SQLite keeps no hidden row number either: a table copied by a thief does not tell
in what order reports came.
"""

import hashlib
import uuid
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from sqlalchemy import Enum, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from unionapp.kernel.access import Permission
from unionapp.kernel.db import Model, new_id

UNORDERED = {"sqlite_with_rowid": False}


class Category(StrEnum):
    """What a report is about. The word is sealed inside the label; no table holds it."""

    FEE = "fee"
    TERMS = "terms"
    RETAKE = "retake"
    PRICE_CUT = "price_cut"
    CANCELLED = "cancelled"
    OVERTIME = "overtime"
    WAGES = "wages"
    HARASSMENT = "harassment"
    SAFETY = "safety"
    AI_USE = "ai_use"
    CREDIT = "credit"
    COPYRIGHT = "copyright"
    DISMISSAL = "dismissal"
    DISCRIMINATION = "discrimination"
    UNION_BUSTING = "union_busting"
    RETALIATION = "retaliation"
    BREACH = "breach"
    WHISTLEBLOWING = "whistleblowing"
    OTHER = "other"


class CaseState(StrEnum):
    """Where the work on a case stands."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_WORK = "in_work"
    CLOSED = "closed"


CASE_MOVES: Mapping[tuple[CaseState, CaseState], Permission] = {
    (CaseState.NEW, CaseState.ACKNOWLEDGED): Permission.CASE_WORK,
    (CaseState.NEW, CaseState.IN_WORK): Permission.CASE_WORK,
    (CaseState.ACKNOWLEDGED, CaseState.IN_WORK): Permission.CASE_WORK,
    (CaseState.ACKNOWLEDGED, CaseState.CLOSED): Permission.CASE_WORK,
    (CaseState.IN_WORK, CaseState.CLOSED): Permission.CASE_WORK,
    (CaseState.CLOSED, CaseState.IN_WORK): Permission.CASE_WORK,
}


class SealedBy(StrEnum):
    """Who sealed a case: the reporter's own browser, or this server, which then saw the text for a moment."""

    BROWSER = "browser"
    SERVER = "server"


def words_of(states: type[StrEnum]) -> Enum:
    """Return the column type that keeps a StrEnum as its word."""
    return Enum(
        states, native_enum=False, length=40, values_callable=lambda each: [one.value for one in each]
    )


class HandlerKey(Model):
    """A case worker's keys as the server knows them: public halves, and the private ones locked (``bundle``).

    ``handler`` names the key inside sealed formats; ``public_name`` is what reporters see. A revoked key has
    no bundle and no wraps left.
    """

    __tablename__ = "handler_key"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    handler: Mapped[str] = mapped_column(unique=True)
    public_name: Mapped[str]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    verify_key: Mapped[bytes] = mapped_column(LargeBinary)
    bundle: Mapped[str]
    published_on: Mapped[date]
    revoked_on: Mapped[date | None]

    @property
    def fingerprint(self) -> str:
        """Sixteen groups to compare by eye: the SHA-256 of both public keys."""
        digest = hashlib.sha256(self.public_key + self.verify_key).hexdigest()
        return " ".join(digest[at : at + 4] for at in range(0, len(digest), 4))

    __table_args__ = (
        Index(
            "uq_handler_key_member_id_active",
            "member_id",
            unique=True,
            sqlite_where=text("revoked_on IS NULL"),
            postgresql_where=text("revoked_on IS NULL"),
        ),
    )


class Case(Model):
    """One report and all that follows. ``lookup`` is a hash of what the words derive."""

    __tablename__ = "grievance_case"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    lookup: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    reporter_key: Mapped[bytes] = mapped_column(LargeBinary)
    key_version: Mapped[int] = mapped_column(default=1)
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_by: Mapped[SealedBy] = mapped_column(words_of(SealedBy))
    state: Mapped[CaseState] = mapped_column(words_of(CaseState), default=CaseState.NEW)
    received_on: Mapped[date]

    messages: Mapped[list["SealedMessage"]] = relationship(
        order_by="SealedMessage.seq", cascade="all, delete-orphan", passive_deletes=True
    )
    wraps: Mapped[list["CaseWrap"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    attachments: Mapped[list["CaseAttachment"]] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )

    __table_args__ = (UNORDERED,)

    @property
    def sealed_id(self) -> str:
        """The case's id as sealed formats write it."""
        return self.id.hex


class SealedMessage(Model):
    """One message: ciphertext at its place. ``role`` is "reporter" or a handler; only handlers sign."""

    __tablename__ = "case_message"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("grievance_case.id", ondelete="CASCADE"))
    seq: Mapped[int]
    role: Mapped[str]
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    signature: Mapped[bytes | None] = mapped_column(LargeBinary)
    written_on: Mapped[date]

    __table_args__ = (UniqueConstraint("case_id", "seq"), UNORDERED)


class CaseWrap(Model):
    """The case's key sealed to one reader: "reporter" or a handler.

    ``seen`` counts the messages this reader has fetched, ``told`` those a digest has announced.
    """

    __tablename__ = "case_wrap"

    case_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("grievance_case.id", ondelete="CASCADE"), primary_key=True
    )
    recipient: Mapped[str] = mapped_column(primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    seen: Mapped[int] = mapped_column(default=0)
    told: Mapped[int] = mapped_column(default=0)

    __table_args__ = (Index("ix_case_wrap_recipient", "recipient"), UNORDERED)


class CaseAttachment(Model):
    """A sealed file of a case; it lies in the attachments folder under this id. Its name is in a message."""

    __tablename__ = "case_attachment"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("grievance_case.id", ondelete="CASCADE"), index=True
    )

    __table_args__ = (UNORDERED,)
