"""Once a day, at a fixed hour: a digest, so that no letter's time tells when a report came."""

from datetime import datetime

from flask import current_app
from sqlalchemy.orm import Session

from unionapp.config import Settings
from unionapp.grievances.casework import operations
from unionapp.kernel import jobs


@jobs.job(operations.DIGEST)
def digest(session: Session, _payload: jobs.Payload, at: datetime) -> None:
    """Retire keys without an office, tell of news, clear lost files, and come back tomorrow."""
    settings: Settings = current_app.extensions["unionapp_settings"]
    operations.retire_keys(session, at=at)
    operations.send_digests(session, at=at)
    operations.sweep_files(session, settings.attachments_dir, at=at)
    jobs.enqueue(session, operations.DIGEST, {}, at=at, not_before=operations.next_digest(at))
