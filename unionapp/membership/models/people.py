"""Members, and the personal facts that applicants and members share."""

import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Enum, ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from unionapp.kernel.access import Permission
from unionapp.kernel.db import Model, new_id
from unionapp.membership.models.naming import mail_key, search_text, sort_key
from unionapp.roster.lettering import comparison_key

# Pages of a list go on after a key; both engines must order it by code points.
BY_CODE_POINT = Text().with_variant(Text(collation="C"), "postgresql")


def words_of(states: type[StrEnum]) -> Enum:
    """Return the column type that keeps a StrEnum as its word."""
    return Enum(
        states, native_enum=False, length=40, values_callable=lambda each: [one.value for one in each]
    )


class PersonalFacts:
    """What a person tells the union about themselves. An empty text means: not told.

    ``job_categories`` and ``employment_form`` are codes of roster.codes; ``language`` is "ja" or "en".
    """

    legal_name: Mapped[str]
    reading: Mapped[str] = mapped_column(default="")
    pen_name: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None]
    phone: Mapped[str] = mapped_column(default="")
    studio: Mapped[str] = mapped_column(default="")
    job_categories: Mapped[list[str]] = mapped_column(JSON, default=list)
    employment_form: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="ja")

    @property
    def name(self) -> str:
        """The name the person goes by: the pen name, else the legal name."""
        return self.pen_name or self.legal_name


@dataclass(frozen=True)
class Particulars:
    """Personal facts as a form or a command hands them over, cleaned and checked; see PersonalFacts."""

    legal_name: str
    reading: str = ""
    pen_name: str = ""
    email: str | None = None
    phone: str = ""
    studio: str = ""
    job_categories: tuple[str, ...] = ()
    employment_form: str = ""
    language: str = "ja"

    def columns(self) -> dict[str, Any]:
        """Return the values by column, as the tables keep them."""
        return asdict(self) | {"job_categories": list(self.job_categories), "email": self.email or None}


class MemberStatus(StrEnum):
    """Where a member stands."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"


MEMBER_MOVES: Mapping[tuple[MemberStatus, MemberStatus], Permission] = {
    (MemberStatus.ACTIVE, MemberStatus.SUSPENDED): Permission.MEMBER_APPROVE,
    (MemberStatus.ACTIVE, MemberStatus.LEFT): Permission.MEMBER_APPROVE,
    (MemberStatus.SUSPENDED, MemberStatus.ACTIVE): Permission.MEMBER_APPROVE,
    (MemberStatus.SUSPENDED, MemberStatus.LEFT): Permission.MEMBER_APPROVE,
    (MemberStatus.LEFT, MemberStatus.ACTIVE): Permission.MEMBER_APPROVE,
}


class Member(PersonalFacts, Model):
    """One person in the union. ``changed_at`` is empty until somebody changes the record.

    The four keys follow from the personal facts: call ``refresh_keys`` after setting any of them.
    """

    __tablename__ = "member"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    status: Mapped[MemberStatus] = mapped_column(words_of(MemberStatus), default=MemberStatus.ACTIVE)
    joined_on: Mapped[date | None]
    left_on: Mapped[date | None]
    member_number: Mapped[str | None] = mapped_column(unique=True)
    notes: Mapped[str] = mapped_column(default="")
    import_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("import_batch.id"), index=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    sort_key: Mapped[str] = mapped_column(BY_CODE_POINT)
    name_key: Mapped[str] = mapped_column(index=True)
    email_key: Mapped[str | None] = mapped_column(unique=True)
    search_text: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_member_sort_key_id", "sort_key", "id"),)

    def refresh_keys(self) -> None:
        """Recompute what is found and sorted by."""
        for name, value in keys_of(
            self.legal_name, self.reading, self.pen_name, self.email, self.member_number
        ).items():
            setattr(self, name, value)


def keys_of(
    legal_name: str, reading: str, pen_name: str, email: str | None, member_number: str | None
) -> dict[str, Any]:
    """Return the values of a member's key columns, for single rows and for thousands at once."""
    return {
        "sort_key": sort_key(legal_name, reading),
        "name_key": comparison_key(legal_name),
        "email_key": mail_key(email),
        "search_text": search_text(legal_name, reading, pen_name, email, member_number),
    }


class StatusChange(Model):
    """That a member's status changed, why, and who decided."""

    __tablename__ = "member_status_change"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), index=True)
    before: Mapped[MemberStatus] = mapped_column(words_of(MemberStatus))
    after: Mapped[MemberStatus] = mapped_column(words_of(MemberStatus))
    reason: Mapped[str]
    changed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
