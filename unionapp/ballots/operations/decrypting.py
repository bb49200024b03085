"""Trustees add their decryptions; the result is computed, the whole archive verified, and published."""

import uuid
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from unionapp.ballots import access, box, queries
from unionapp.ballots.models import Election, ElectionState
from unionapp.crypto.belenios.archive import ENCRYPTED_TALLY, PARTIAL_DECRYPTION, RESULT, Archive
from unionapp.crypto.belenios.canonical import load_canonical
from unionapp.crypto.belenios.ciphertext import Ciphertext, make_ciphertext
from unionapp.crypto.belenios.conduct import append_result, owned
from unionapp.crypto.belenios.decryption import read_partial_decryption
from unionapp.crypto.belenios.election import Election as Paper
from unionapp.crypto.belenios.election import read_election
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.groups import Group
from unionapp.crypto.belenios.tally import Tally
from unionapp.crypto.belenios.trustees import read_trustees
from unionapp.crypto.belenios.verify import verify_archive
from unionapp.kernel import audit, jobs
from unionapp.kernel.access import SYSTEM, Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy

LARGEST_SHARE: Final = 1024 * 1024
SMALL: Final = 2000  # archives with fewer events are verified without further processes


class NotDecryptingError(ConflictError):
    """Decryptions are taken only once the tally is there, and before the result."""

    message = lazy("This ballot does not wait for decryptions.")


class ShareGivenError(ConflictError):
    """Each trustee decrypts once."""

    message = lazy("You have decrypted your part already.")


class InvalidShareError(InvalidInputError):
    """The proofs of a partial decryption do not hold."""

    message = lazy("This is not a decryption of this tally made with your key. Please choose the right key.")


def give_share(session: Session, election: Election, raw: bytes, *, actor: Actor, at: datetime) -> None:
    """Take a trustee's partial decryption after checking its proofs; with the last one the result is due.

    Raises NotDecryptingError, ForbiddenError, ShareGivenError, InvalidShareError.
    """
    if election.state is not ElectionState.DECRYPTING:
        raise NotDecryptingError
    trustee = access.trustee_of(actor, election)
    require(trustee is not None)
    if trustee is None or trustee.share is not None:
        raise ShareGivenError
    raw = raw.strip()
    head = box.locked(session, election.id)
    archive = queries.archive_so_far(session, election.id, ballots=False)
    if archive is None or head is None:
        raise NotDecryptingError
    paper, tally = read_tally(archive)
    keys = read_trustees(paper.group, archive.records[0].data[1])
    try:
        if len(raw) > LARGEST_SHARE:
            raise InvalidShareError
        read_partial_decryption(paper, tally, keys[trustee.position - 1], raw)
    except InvalidObject as error:
        raise InvalidShareError from error
    trustee.share, trustee.decrypted_at = raw, at
    box.append(session, head, PARTIAL_DECRYPTION, raw, owned(trustee.position, raw))
    if election.has_all_shares:
        election.state = ElectionState.CHECKING
        jobs.enqueue(session, "ballots.finish", {"election_id": str(election.id)}, at=at)
    audit.record(session, Event.TRUSTEE_DECRYPTED, subject=election.id, actor=actor, at=at)


def finish(session: Session, election_id: uuid.UUID, *, at: datetime) -> None:
    """Compute the result and publish it, if the strict verifier accepts the whole archive.

    Does nothing unless all decryptions are there. Raises crypto.belenios.errors.VerificationError: then
    nothing is published, and the job tries again.
    """
    with queries.reading() as before:
        archive = queries.archive_so_far(before, election_id)
        found = before.get(Election, election_id)
        if archive is None or found is None or found.state is not ElectionState.CHECKING:
            return
    paper, tally = read_tally(archive)
    keys = read_trustees(paper.group, archive.records[0].data[1])
    shares = [record.data for record in archive.records if record.link.type == PARTIAL_DECRYPTION]
    factors = {
        owner: read_partial_decryption(paper, tally, keys[owner - 1], raw)
        for raw, owner in ((raw, load_canonical(said)["owner"]) for raw, said in shares)
    }
    counts = append_result(archive, paper, tally, factors)
    report = verify_archive(archive.to_bytes(), 1 if len(archive.records) < SMALL else None)
    election, head = queries.locked(session, election_id), box.locked(session, election_id)
    if election is None or head is None or election.state is not ElectionState.CHECKING:
        return
    box.append(session, head, RESULT, *archive.records[-1].data)
    election.state, election.finished_at = ElectionState.FINISHED, at
    election.result, election.last_event = counts, report.last_event
    election.counted = report.voters
    audit.record(
        session, Event.BALLOT_DECRYPTED, subject=election_id, actor=SYSTEM, at=at, archive=report.last_event
    )


def read_tally(archive: Archive) -> tuple[Paper, Tally]:
    """Return the paper and the encrypted tally of an archive that holds one.

    Raises InvalidObject when there is none.
    """
    paper = read_election(archive.records[0].data[0])
    for record in archive.records:
        if record.link.type == ENCRYPTED_TALLY:
            sums, sized = (load_canonical(raw) for raw in record.data)
            rows = tuple(tuple(_ciphertext(paper.group, item) for item in row) for row in sums)
            return paper, Tally(rows, sized["num_tallied"])
    raise InvalidObject("there is no encrypted tally")


def _ciphertext(group: Group, item: dict[str, str]) -> Ciphertext:
    alpha, beta = (group.decode(item[name], identity=True) for name in ("alpha", "beta"))
    return make_ciphertext(group, alpha, beta)
