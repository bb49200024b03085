"""Work for later: what nobody confirmed is forgotten."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from unionapp.kernel.jobs import Payload, job
from unionapp.membership import operations
from unionapp.membership.models import Application, ImportBatch


@job("membership.forget_unconfirmed")
def forget_unconfirmed(session: Session, payload: Payload, at: datetime) -> None:
    """Erase an application that was never confirmed by mail."""
    application = session.get(Application, uuid.UUID(payload["application_id"]), with_for_update=True)
    if application is not None:
        operations.forget_unconfirmed(session, application, at=at)


@job("membership.invite_import")
def invite_import(session: Session, payload: Payload, at: datetime) -> None:
    """Write to everybody an import added."""
    batch = session.get(ImportBatch, uuid.UUID(payload["import_id"]))
    if batch is not None:
        operations.write_invitations(session, batch, at=at)


@job("membership.forget_import")
def forget_import(session: Session, payload: Payload, at: datetime) -> None:
    """Wipe what an uploaded roll said."""
    batch = session.get(ImportBatch, uuid.UUID(payload["import_id"]), with_for_update=True)
    if batch is not None:
        operations.forget_import(session, batch, at=at)
