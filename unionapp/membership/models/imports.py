"""Imports: a roll from another program, between its upload and its place in the books."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON
from sqlalchemy.orm import Mapped, mapped_column

from unionapp.kernel.access import Permission
from unionapp.kernel.db import Model, new_id
from unionapp.membership.models.people import words_of


class ImportState(StrEnum):
    """How far an import has come. ``discarded``: dropped by its officer or forgotten after its time."""

    STAGED = "staged"
    APPLIED = "applied"
    UNDONE = "undone"
    DISCARDED = "discarded"


IMPORT_MOVES: Mapping[tuple[ImportState, ImportState], Permission] = {
    (ImportState.STAGED, ImportState.APPLIED): Permission.MEMBER_IMPORT,
    (ImportState.STAGED, ImportState.DISCARDED): Permission.MEMBER_IMPORT,
    (ImportState.APPLIED, ImportState.UNDONE): Permission.MEMBER_IMPORT,
}


class ImportBatch(Model):
    """One file. The counts stay; ``people`` and ``problems`` are wiped when it leaves staging.

    ``valid`` rows can become members, ``invalid`` ones cannot be read as a person, ``duplicates`` stand in
    the file before, ``known`` are members already. ``added`` is how many became members when it was applied.
    Who staged and applied it are member ids without foreign keys: members point here, and two tables must
    not point at each other.
    """

    __tablename__ = "import_batch"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    state: Mapped[ImportState] = mapped_column(words_of(ImportState), default=ImportState.STAGED)
    file_name: Mapped[str]
    rows: Mapped[int]
    valid: Mapped[int]
    invalid: Mapped[int]
    duplicates: Mapped[int]
    known: Mapped[int]
    added: Mapped[int] = mapped_column(default=0)
    staged_by: Mapped[uuid.UUID | None]
    staged_at: Mapped[datetime]
    applied_by: Mapped[uuid.UUID | None]
    applied_at: Mapped[datetime | None]
    invited_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    people: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
    problems: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list, deferred=True)
