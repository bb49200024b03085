"""Reads of casework. A case worker gets the cases sealed to their present key, everybody else none."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Subquery, func, select
from sqlalchemy.orm import Session

from unionapp.crypto.case_format import REPORTER
from unionapp.grievances.casework import access
from unionapp.grievances.intake import queries as intake
from unionapp.grievances.intake.models import Case, CaseWrap, HandlerKey, SealedMessage
from unionapp.kernel.access import Actor
from unionapp.kernel.errors import NotFoundError
from unionapp.membership.models import Member, Office
from unionapp.membership.queries import holders


@dataclass(frozen=True)
class InboxRow:
    """A case as the inbox shows it: without contents. ``unseen`` counts messages not fetched yet."""

    case: Case
    wrap: CaseWrap
    label: SealedMessage
    unseen: int


@dataclass(frozen=True)
class News:
    """What a digest tells one case worker: nothing but that there is something."""

    member: Member
    wraps: Sequence[tuple[CaseWrap, int]]


def key_of(session: Session, actor: Actor) -> HandlerKey | None:
    """Return the actor's present key."""
    if not access.may_work(actor):
        return None
    found = select(HandlerKey).where(HandlerKey.member_id == actor.member_id, HandlerKey.revoked_on.is_(None))
    return session.scalar(found)


def handler_taken(session: Session, handler: str) -> bool:
    """Tell whether a key with this id was ever published."""
    return session.scalar(select(HandlerKey.id).where(HandlerKey.handler == handler)) is not None


def inbox_for(session: Session, actor: Actor) -> list[InboxRow]:
    """Return the actor's cases, the latest day first; cases of one day in random order."""
    key = key_of(session, actor)
    if key is None:
        return []
    written = _written()
    rows = session.execute(
        select(Case, CaseWrap, SealedMessage, written.c.written)
        .join(CaseWrap, CaseWrap.case_id == Case.id)
        .join(SealedMessage, (SealedMessage.case_id == Case.id) & (SealedMessage.seq == 0))
        .join(written, written.c.case_id == Case.id)
        .where(CaseWrap.recipient == key.handler)
        .order_by(Case.received_on.desc(), Case.id)
    )
    return [InboxRow(row[0], row[1], row[2], max(0, row[3] - row[1].seen)) for row in rows]


def case_for(session: Session, actor: Actor, case_id: uuid.UUID, *, locked: bool = False) -> Case:
    """Return a case; ``locked`` until the transaction ends, for a change.

    Raises NotFoundError when there is none, or none that is sealed to the actor's present key.
    """
    case = session.get(Case, case_id, with_for_update=locked or None)
    recipients = {wrap.recipient for wrap in case.wraps} if case else set()
    if case is None or not access.may_open(actor, key_of(session, actor), recipients):
        raise NotFoundError
    return case


def handlers_of(session: Session, case: Case) -> dict[str, HandlerKey]:
    """Return the keys behind the roles that wrote in a case."""
    roles = {message.role for message in case.messages}
    rows = session.scalars(select(HandlerKey).where(HandlerKey.handler.in_(roles)))
    return {each.handler: each for each in rows}


def others_for(session: Session, case: Case) -> list[HandlerKey]:
    """Return the published keys that a case is not sealed to."""
    recipients = {wrap.recipient for wrap in case.wraps}
    return [each for each in intake.readers(session) if each.handler not in recipients]


def only_reader_of(session: Session, key: HandlerKey) -> list[uuid.UUID]:
    """Return the cases that no other case worker's key opens."""
    counts = (
        select(CaseWrap.case_id)
        .where(CaseWrap.recipient != REPORTER)
        .group_by(CaseWrap.case_id)
        .having(func.count() == 1)
    )
    mine = select(CaseWrap.case_id).where(CaseWrap.recipient == key.handler, CaseWrap.case_id.in_(counts))
    return list(session.scalars(mine))


def wraps_of(session: Session, key: HandlerKey) -> list[CaseWrap]:
    """Return what is sealed to a key."""
    return list(session.scalars(select(CaseWrap).where(CaseWrap.recipient == key.handler)))


def without_office(session: Session, *, at: datetime) -> list[HandlerKey]:
    """Return the published keys of people who are case workers no more."""
    present = {member.id for member in holders(session, Office.CASE_WORKER, at=at)}
    return [key for key in intake.readers(session) if key.member_id not in present]


def news(session: Session, *, at: datetime) -> list[News]:
    """Return the case workers for whom something came that they neither saw nor were told of."""
    keys = {key.member_id: key for key in intake.readers(session)}
    found = []
    for member in holders(session, Office.CASE_WORKER, at=at):
        key = keys.get(member.id)
        wraps = _untold(session, key) if key else []
        if wraps:
            found.append(News(member, wraps))
    return found


def _written() -> Subquery:
    count = func.count().label("written")
    return select(SealedMessage.case_id, count).group_by(SealedMessage.case_id).subquery()


def _untold(session: Session, key: HandlerKey) -> list[tuple[CaseWrap, int]]:
    written = _written()
    rows = session.execute(
        select(CaseWrap, written.c.written)
        .join(written, written.c.case_id == CaseWrap.case_id)
        .where(
            CaseWrap.recipient == key.handler,
            written.c.written > CaseWrap.seen,
            written.c.written > CaseWrap.told,
        )
    )
    return [(row[0], row[1]) for row in rows]
