"""A ballot closes: the box takes no more, the encrypted tally is made. Or it is cancelled, with a reason."""

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from unionapp.ballots import access, box, mail, queries
from unionapp.ballots.models import Election, ElectionState
from unionapp.crypto.belenios.archive import ENCRYPTED_TALLY, END_BALLOTS
from unionapp.crypto.belenios.conduct import tally_of
from unionapp.crypto.belenios.election import read_election
from unionapp.kernel import audit, jobs
from unionapp.kernel.access import SYSTEM, Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.errors import ConflictError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post


class NotClosableError(ConflictError):
    """Only an open vote closes."""

    message = lazy("This vote is not open.")


class CancelledAlreadyError(ConflictError):
    """What is over stays as it is."""

    message = lazy("This ballot can no longer be cancelled.")


def close(session: Session, election: Election, *, actor: Actor, at: datetime) -> None:
    """Take no more ballots; a job then makes the encrypted tally. Raises NotClosableError, ForbiddenError."""
    if election.state is not ElectionState.OPEN:
        raise NotClosableError
    require(access.may_move(actor, election, ElectionState.CLOSED))
    head = box.locked(session, election.id)
    if head is None:
        raise NotClosableError
    head.accepting = False
    box.append(session, head, END_BALLOTS)
    election.state, election.closed_at = ElectionState.CLOSED, at
    jobs.enqueue(session, "ballots.tally", {"election_id": str(election.id)}, at=at)
    early = at < election.closes_at
    audit.record(session, Event.BALLOT_CLOSED, subject=election.id, actor=actor, at=at, early=early)


def close_due(session: Session, election_id: uuid.UUID, *, at: datetime) -> None:
    """Close a vote whose time is over; do nothing in any other case."""
    election = queries.locked(session, election_id)
    if election is not None and election.state is ElectionState.OPEN and election.closes_at <= at:
        close(session, election, actor=SYSTEM, at=at)


def tally(session: Session, election_id: uuid.UUID, *, at: datetime) -> None:
    """Add up the encrypted ballots and ask the trustees to decrypt; do nothing unless just closed."""
    with queries.reading() as before:
        archive = queries.archive_so_far(before, election_id)
        found = before.get(Election, election_id)
        if archive is None or found is None or found.state is not ElectionState.CLOSED:
            return
    made = tally_of(archive, read_election(archive.records[0].data[0]))
    election, head = queries.locked(session, election_id), box.locked(session, election_id)
    if election is None or head is None or election.state is not ElectionState.CLOSED:
        return
    box.append(session, head, ENCRYPTED_TALLY, made.raw, made.sized_raw)
    election.state, election.counted = ElectionState.DECRYPTING, made.counted
    named = {each.member_id for each in election.trustees}
    for each in queries.candidates(session, at=at):
        if each.member_id in named and each.email:
            post(session, mail.decryption_wanted(election, each.email, each.name, each.language), at=at)
    audit.record(session, Event.BALLOT_TALLIED, subject=election_id, actor=SYSTEM, at=at)


def cancel(session: Session, election: Election, reason: str, *, actor: Actor, at: datetime) -> None:
    """End a ballot without a result, for a reason that everybody reads.

    Raises CancelledAlreadyError, ForbiddenError.
    """
    if election.state in {ElectionState.CHECKING, ElectionState.FINISHED, ElectionState.CANCELLED}:
        raise CancelledAlreadyError
    require(access.may_move(actor, election, ElectionState.CANCELLED))
    head = box.locked(session, election.id)
    if head is not None:
        head.accepting = False
    election.state, election.reason, election.cancelled_at = ElectionState.CANCELLED, reason, at
    audit.record(session, Event.BALLOT_CANCELLED, subject=election.id, actor=actor, at=at)
