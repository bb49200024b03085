"""Agreements, the lines they are drafted on, and the texts sealed from them."""

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from unionapp.bargaining.models.numbers import Numbering
from unionapp.bargaining.models.words import words_of
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.db import Model, new_id

__all__ = ["Agreement", "AgreementKind", "AgreementLine", "LineKind", "Numbering", "Party", "SealedText"]


class AgreementKind(StrEnum):
    """What the paper is: 労働協約, a rider to one, or the statement of terms of the Freelance Act, Art. 3."""

    COLLECTIVE = "collective"
    RIDER = "rider"
    STATEMENT = "statement"


class LineKind(StrEnum):
    """Where a text stands in the bargaining."""

    UNION_WORKING = "union_working"
    UNION_TABLED = "union_tabled"
    EMPLOYER_TABLED = "employer_tabled"
    TENTATIVE = "tentative"
    EXECUTED = "executed"
    MEMBER_AMENDMENT = "member_amendment"


class Party(StrEnum):
    """Whose hand wrote a changeset."""

    UNION = "union"
    EMPLOYER = "employer"


class Agreement(Model):
    """One paper under negotiation. `title` says which language governs."""

    __tablename__ = "agreement"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    kind: Mapped[AgreementKind] = mapped_column(words_of(AgreementKind), default=AgreementKind.COLLECTIVE)
    title: Mapped[Bilingual]
    employer: Mapped[Bilingual]
    numbering: Mapped[Numbering] = mapped_column(words_of(Numbering), default=Numbering.CONTRACT)
    term_from: Mapped[date | None]
    term_to: Mapped[date | None]
    auto_renew: Mapped[bool] = mapped_column(default=False)
    created_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))
    created_at: Mapped[datetime]


class AgreementLine(Model):
    """A row of changesets. A writer locks this row first, so that two never extend the same head."""

    __tablename__ = "agreement_line"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    kind: Mapped[LineKind] = mapped_column(words_of(LineKind))
    parent_line_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("agreement_line.id"))
    forked_at: Mapped[datetime | None]


class SealedText(Model):
    """A version fixed for ratification: `content` is canonical JSON, `digest` the SHA-256 of its UTF-8."""

    __tablename__ = "sealed_text"
    __table_args__ = (UniqueConstraint("agreement_id", "digest"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    changeset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("changeset.id"))
    title: Mapped[Bilingual]
    content: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))
    sealed_at: Mapped[datetime]

    @property
    def sha256(self) -> str:
        """The digest in hexadecimal, as `sha256sum` prints it."""
        return self.digest.hex()
