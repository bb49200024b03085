"""Changesets and what they change. A version is what the changesets up to it left standing."""

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from unionapp.bargaining.models.agreements import Party
from unionapp.bargaining.models.numbers import UnitKind
from unionapp.bargaining.models.words import words_of
from unionapp.kernel.db import Model, new_id


class Deed(StrEnum):
    """What a changeset did."""

    BEGAN = "began"
    ADDED = "added"
    INSERTED = "inserted"
    CHANGED = "changed"
    MERGED = "merged"
    MOVED = "moved"
    REMOVED = "removed"
    RESTORED = "restored"
    FILLED = "filled"
    ASSESSED = "assessed"
    SEALED = "sealed"


class Changeset(Model):
    """One step of a line. `manifest` hashes the whole state after it, `hash` the step and the one before.

    `merge_parent_id` is the version the writer had seen, when others had gone on meanwhile, or the working
    version that a sealed one was taken from. UNIQUE(line, parent) and UNIQUE(line, number) make sure that two
    writers never both extend the same head.
    """

    __tablename__ = "changeset"
    __table_args__ = (UniqueConstraint("line_id", "number"), UniqueConstraint("line_id", "parent_id"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    line_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement_line.id"))
    number: Mapped[int]
    parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("changeset.id"))
    merge_parent_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("changeset.id"))
    author_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))
    party: Mapped[Party] = mapped_column(words_of(Party), default=Party.UNION)
    at: Mapped[datetime]
    deed: Mapped[Deed] = mapped_column(words_of(Deed))
    message: Mapped[str] = mapped_column(default="")
    manifest: Mapped[bytes] = mapped_column(LargeBinary)
    previous: Mapped[bytes] = mapped_column(LargeBinary)
    hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True)


class Unit(Model):
    """A 条, 項, 号 … and where it came from: `library_path` is the path of the library's unit, or empty."""

    __tablename__ = "unit"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    agreement_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    kind: Mapped[UnitKind] = mapped_column(words_of(UnitKind))
    library_path: Mapped[str] = mapped_column(default="")


class Node(Model):
    """Where a unit stands since a changeset; siblings are in the order of `rank`."""

    __tablename__ = "node"

    changeset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("changeset.id"), primary_key=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    parent_unit_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("unit.id"))
    rank: Mapped[int]
    present: Mapped[bool]


class ClauseText(Model):
    """A text by the SHA-256 of its UTF-8. Tokens {{ref:…}} and {{blank:…}} stand in it."""

    __tablename__ = "clause_text"

    sha256: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    body: Mapped[str]


class UnitText(Model):
    """Which text a unit has in a language since a changeset."""

    __tablename__ = "unit_text"

    changeset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("changeset.id"), primary_key=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text_sha: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("clause_text.sha256"))


class Coverage(Model):
    """How strong a unit is for a code since a changeset: 0 to 4, -1 for N, None for no claim."""

    __tablename__ = "coverage"

    changeset_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("changeset.id"), primary_key=True)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    level: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")


class PairingState(StrEnum):
    """`draft`: both texts were written together by one hand. `checked`: somebody compared them."""

    DRAFT = "draft"
    CHECKED = "checked"


class Pairing(Model):
    """That two texts of a unit belong together. `by` is empty for the library's own pairs."""

    __tablename__ = "pairing"
    __table_args__ = (UniqueConstraint("unit_id", "ja_sha", "en_sha", "state"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    unit_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("unit.id"), index=True)
    ja_sha: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("clause_text.sha256"))
    en_sha: Mapped[bytes] = mapped_column(LargeBinary, ForeignKey("clause_text.sha256"))
    state: Mapped[PairingState] = mapped_column(words_of(PairingState))
    by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("member.id"))
    at: Mapped[datetime]
