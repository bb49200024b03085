"""Ballots are cast. Nothing here knows who casts: the voting code's signature is the right."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from unionapp.ballots import box
from unionapp.ballots.models import Election, ElectionState
from unionapp.ballots.queries import Paper
from unionapp.crypto.belenios.ballot import Ballot, check_proofs, read_ballot, unread_credential
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy

LARGEST_BALLOT: Final = 64 * 1024  # bytes; a yes/no/blank ballot has 3 kB, in BELENIOS-2048 12 kB
MOST_BALLOTS: Final = 100  # by one credential: voting again is for changing one's mind, not for filling disks


class MalformedBallotError(InvalidInputError):
    """What was sent is no ballot."""

    message = lazy("What was sent is not a ballot. Please vote again from the voting page.")


class TooLargeBallotError(MalformedBallotError):
    """No ballot is so large."""

    status = 413


class OtherElectionError(InvalidInputError):
    """The ballot belongs to another paper."""

    message = lazy("This ballot belongs to another vote. Please open the link in your letter.")


class UnknownCodeError(InvalidInputError):
    """The code is not one of this election."""

    message = lazy("This voting code does not belong to this vote. Please compare it with your letter.")


class ProofError(InvalidInputError):
    """A proof does not hold: the ballot was damaged or forged."""

    message = lazy("The ballot's proofs do not hold, so it was not taken. Please vote again.")


class NotOpenError(ConflictError):
    """Ballots are taken only while the vote is open."""

    message = lazy("This vote is not open: the ballot was not taken.")


class TooManyBallotsError(ConflictError):
    """One code has voted again too often."""

    message = lazy("This voting code has voted too many times. The last ballot counts.")


@dataclass(frozen=True)
class Receipt:
    """That a ballot is in the box. ``repeated``: it was there before."""

    tracker: str
    repeated: bool


def examine(paper: Paper, raw: bytes) -> Ballot:
    """Check a ballot completely, the cheap refusals first; no database.

    Raises TooLargeBallotError, MalformedBallotError, OtherElectionError, UnknownCodeError, ProofError.
    """
    if len(raw) > LARGEST_BALLOT:
        raise TooLargeBallotError
    try:
        credential = unread_credential(raw)
    except InvalidObject as error:
        raise MalformedBallotError from error
    named = f'{{"election_uuid":"{paper.election.uuid}","election_hash":"{paper.election.fingerprint}"'
    if not raw.startswith(named.encode()):
        raise OtherElectionError
    if credential not in paper.credentials:
        raise UnknownCodeError
    try:
        ballot = read_ballot(paper.election, raw)
    except InvalidObject as error:
        raise MalformedBallotError from error
    try:
        check_proofs(paper.election, ballot)
    except InvalidObject as error:
        raise ProofError from error
    return ballot


def cast(session: Session, paper: Paper, ballot: Ballot, *, at: datetime) -> Receipt:
    """Put an examined ballot into the box. The same ballot again is answered as before, also after the close.

    Records no event: the chain is the record, and a row elsewhere could tie a ballot to a moment.
    Raises NotOpenError, TooManyBallotsError.
    """
    head = box.locked(session, paper.election_id)
    if box.find(session, paper.election_id, ballot.tracker) is not None:
        return Receipt(ballot.tracker, repeated=True)
    election = session.get_one(Election, paper.election_id)
    is_open = election.state is ElectionState.OPEN and at < election.closes_at
    if head is None or not head.accepting or not is_open:
        raise NotOpenError
    if box.cast_by(session, paper.election_id, ballot.credential) >= MOST_BALLOTS:
        raise TooManyBallotsError
    box.put(session, head, ballot.raw, tracker=ballot.tracker, credential=ballot.credential)
    return Receipt(ballot.tracker, repeated=False)
