"""Imports, for those who bring in rolls."""

import uuid

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.kernel.access import Actor
from unionapp.kernel.errors import NotFoundError
from unionapp.membership import access
from unionapp.membership.models import ImportBatch

SHOWN = 50


def imports_for(session: Session, actor: Actor) -> list[ImportBatch]:
    """Return the latest imports. Raises NotFoundError for strangers."""
    if not access.may_import(actor):
        raise NotFoundError
    return list(
        session.scalars(
            select(ImportBatch).order_by(ImportBatch.staged_at.desc(), ImportBatch.id).limit(SHOWN)
        )
    )


def import_for(session: Session, actor: Actor, import_id: uuid.UUID, *, locked: bool = False) -> ImportBatch:
    """Return one import. Raises NotFoundError for strangers."""
    batch = session.get(ImportBatch, import_id, with_for_update=locked or None)
    if not access.may_import(actor) or batch is None:
        raise NotFoundError
    return batch
