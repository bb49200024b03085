"""What every cast needs and what never changes once an election is open: its paper and its credentials."""

import uuid
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from sqlalchemy.orm import Session

from unionapp.ballots import box
from unionapp.ballots.queries.reading import reading
from unionapp.crypto.belenios.election import Election, read_election

MOST: Final = 8  # papers kept in memory; a credential takes about 130 bytes


@dataclass(frozen=True)
class Paper:
    """An election as the protocol knows it, with the credentials that may cast ballots."""

    election_id: uuid.UUID
    election: Election
    credentials: frozenset[str]


_kept: OrderedDict[uuid.UUID, Paper] = OrderedDict()
_lock = Lock()


def paper_of(election_id: uuid.UUID) -> Paper | None:
    """Return the paper of an election whose box was set up; None for any other.

    Setup is never rewritten, so papers are kept in memory: casting reads nothing before the proofs are
    checked.
    """
    with _lock:
        if election_id in _kept:
            _kept.move_to_end(election_id)
            return _kept[election_id]
    with reading() as session:
        found = _read(session, election_id)
    if found is not None:
        with _lock:
            _kept[election_id] = found
            while len(_kept) > MOST:
                _kept.popitem(last=False)
    return found


def paper_bytes(session: Session, election_id: uuid.UUID) -> bytes | None:
    """Return the election file as the archive holds it; None before the box is set up."""
    return box.paper(session, election_id)


def _read(session: Session, election_id: uuid.UUID) -> Paper | None:
    raw = box.paper(session, election_id)
    if raw is None:
        return None
    return Paper(election_id, read_election(raw), box.credentials(session, election_id))
