"""What the program does by itself: open, close, tally, finish. Each may run twice and does its work once."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from unionapp.ballots import operations
from unionapp.kernel.jobs import Payload, job


@job("ballots.open")
def open_box(session: Session, payload: Payload, at: datetime) -> None:
    """Fix the roll, make and mail the codes, begin the archive."""
    operations.open_box(session, uuid.UUID(payload["election_id"]), at=at)


@job("ballots.close")
def close_due(session: Session, payload: Payload, at: datetime) -> None:
    """Close a vote when its time is over."""
    operations.close_due(session, uuid.UUID(payload["election_id"]), at=at)


@job("ballots.tally")
def tally(session: Session, payload: Payload, at: datetime) -> None:
    """Make the encrypted tally."""
    operations.tally(session, uuid.UUID(payload["election_id"]), at=at)


@job("ballots.finish")
def finish(session: Session, payload: Payload, at: datetime) -> None:
    """Compute, verify and publish the result."""
    operations.finish(session, uuid.UUID(payload["election_id"]), at=at)
