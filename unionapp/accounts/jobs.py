"""Work of accounts that nobody waits for."""

from datetime import datetime

from sqlalchemy.orm import Session

from unionapp.accounts.operations import signing_in
from unionapp.kernel.jobs import Payload, job


@job("accounts.send_reset_link")
def send_reset_link(session: Session, payload: Payload, at: datetime) -> None:
    """Send the link somebody asked for, if the address is a member's."""
    signing_in.send_reset_link(session, email=payload["email"], at=at)
