"""Which elections an actor may know of, and who could take part in them."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from unionapp.ballots import access
from unionapp.ballots.models import Election, ElectionState, Trustee
from unionapp.kernel.access import Actor
from unionapp.kernel.errors import NotFoundError
from unionapp.membership import queries as members
from unionapp.membership.models import Office


@dataclass(frozen=True)
class Candidate:
    """A member who holds the office of trustee and may be named for an election."""

    member_id: uuid.UUID
    name: str
    email: str | None
    language: str


@dataclass(frozen=True)
class Expected:
    """How long the roll would be today, and how many on it could get no code by mail."""

    voters: int
    without_mail: int


def elections_for(session: Session, actor: Actor) -> Sequence[Election]:
    """Return the elections the actor may know of, the latest close first."""
    rows = session.scalars(
        select(Election)
        .options(selectinload(Election.trustees))
        .order_by(Election.closes_at.desc(), Election.id)
    )
    return [row for row in rows if access.may_see(actor, row)]


def election_for(session: Session, actor: Actor, election_id: uuid.UUID) -> Election:
    """Return an election. Raises NotFoundError where the actor may not know of it."""
    election = session.get(Election, election_id)
    if election is None or not access.may_see(actor, election):
        raise NotFoundError
    return election


def managed(session: Session, actor: Actor, election_id: uuid.UUID, *, lock: bool = False) -> Election:
    """Return an election to the committee; ``lock`` it for a change. Raises NotFoundError for others."""
    if not access.may_manage(actor):
        raise NotFoundError
    election = locked(session, election_id) if lock else session.get(Election, election_id)
    if election is None:
        raise NotFoundError
    return election


def trusteeship(
    session: Session, actor: Actor, election_id: uuid.UUID, *, lock: bool = False
) -> tuple[Election, Trustee]:
    """Return an election and the actor's part in it as a trustee. Raises NotFoundError for others."""
    election = locked(session, election_id) if lock else session.get(Election, election_id)
    trustee = None if election is None else access.trustee_of(actor, election)
    if election is None or trustee is None or election.state is ElectionState.DRAFT:
        raise NotFoundError
    return election, trustee


def locked(session: Session, election_id: uuid.UUID) -> Election | None:
    """Return an election, locked until the transaction ends; for the program's own moves."""
    return session.scalar(
        select(Election)
        .where(Election.id == election_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def candidates(session: Session, *, at: datetime) -> list[Candidate]:
    """Return the members who hold the office of trustee, in the order of the roll."""
    found = members.holders(session, Office.TRUSTEE, at=at)
    return [Candidate(member.id, member.name, member.email, member.language) for member in found]


def expected_voters(session: Session, on: date) -> Expected:
    """Return how long the roll would be on that day."""
    voters = members.eligible_voters(session, on)
    return Expected(len(voters), sum(not voter.email for voter in voters))
