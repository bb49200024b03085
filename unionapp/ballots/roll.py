"""The roll: who may vote in an election. It holds nothing of codes, credentials or ballots."""

import uuid
from collections.abc import Iterable

from sqlalchemy import ForeignKey, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from unionapp.kernel.db import Model


class Voter(Model):
    """One member who may vote in one election, and whether a code was mailed.

    Rows lie in the order of the members' random ids, which is the order of nothing else.
    """

    __tablename__ = "roll_voter"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # SQLAlchemy reads this attribute as it is

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    member_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("member.id"), primary_key=True)
    code_mailed: Mapped[bool]


def fix(session: Session, election_id: uuid.UUID, members: Iterable[tuple[uuid.UUID, bool]]) -> int:
    """Write the roll of an election, once: member ids, and whether each gets a code by mail."""
    rows = [
        {"election_id": election_id, "member_id": member_id, "code_mailed": mailed}
        for member_id, mailed in sorted(members)
    ]
    if rows:
        session.execute(insert(Voter), rows)
    return len(rows)


def size(session: Session, election_id: uuid.UUID) -> int:
    """Return how many may vote."""
    return _count(session, election_id)


def without_code(session: Session, election_id: uuid.UUID) -> int:
    """Return how many on the roll got no code, because the union knows no mail address of theirs."""
    return _count(session, election_id, code_mailed=False)


def holds(session: Session, election_id: uuid.UUID, member_id: uuid.UUID) -> bool:
    """Tell whether a member may vote in an election."""
    return session.get(Voter, (election_id, member_id)) is not None


def _count(session: Session, election_id: uuid.UUID, **facts: bool) -> int:
    chosen = select(func.count()).select_from(Voter).where(Voter.election_id == election_id)
    return session.scalar(chosen.filter_by(**facts)) or 0
