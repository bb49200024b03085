"""The ballot box: an election's archive as rows. It holds no person, and no time but the archive's one.

The order of ballots is the order of the chain, which is public; the order of credentials is alphabetical.
"""

import uuid
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import cast

from sqlalchemy import ForeignKey, Index, LargeBinary, Table, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from unionapp.crypto.belenios.archive import BALLOT, Archive, Record, next_record, write
from unionapp.kernel.db import Model

BATCH = 500


class Box(Model):
    """The head of one election's chain: a writer locks this row. Times are seconds since 1970."""

    __tablename__ = "box"

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    timestamp: Mapped[int]
    accepting: Mapped[bool]
    last_event: Mapped[bytes] = mapped_column(LargeBinary)


class BoxEvent(Model):
    """One event of the chain, its bytes as the archive holds them."""

    __tablename__ = "box_event"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # SQLAlchemy reads this attribute as it is

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str]
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class BoxDatum(Model):
    """One data file of an event, in its place before the event."""

    __tablename__ = "box_datum"

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    height: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    raw: Mapped[bytes] = mapped_column(LargeBinary)


class BoxCredential(Model):
    """One public credential that may cast ballots."""

    __tablename__ = "box_credential"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012  # the same

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    credential: Mapped[str] = mapped_column(primary_key=True)


class BoxBallot(Model):
    """Where a ballot lies in the chain, by tracker and by credential."""

    __tablename__ = "box_ballot"

    election_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("election.id"), primary_key=True)
    tracker: Mapped[str] = mapped_column(primary_key=True)
    height: Mapped[int]
    credential: Mapped[str]

    __table_args__ = (
        Index("ix_box_ballot_election_id_credential", "election_id", "credential"),
        Index("ix_box_ballot_election_id_height", "election_id", "height", unique=True),
        {"sqlite_with_rowid": False},
    )


_EVENTS, _DATA, _BALLOTS = (cast("Table", table.__table__) for table in (BoxEvent, BoxDatum, BoxBallot))


def set_up(session: Session, election_id: uuid.UUID, archive: Archive, credentials: Sequence[str]) -> None:
    """Keep a new archive with its Setup event, and the credentials in alphabetical order."""
    setup = archive.records[0]
    session.add(
        Box(election_id=election_id, timestamp=archive.timestamp, accepting=True, last_event=setup.event)
    )
    _keep(session, election_id, setup)
    if credentials:
        session.execute(
            insert(BoxCredential),
            [{"election_id": election_id, "credential": each} for each in sorted(credentials)],
        )


def locked(session: Session, election_id: uuid.UUID) -> Box | None:
    """Return the head of the chain for a writer: nobody else extends it until this transaction ends."""
    return session.scalar(
        select(Box)
        .where(Box.election_id == election_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def append(session: Session, box: Box, event_type: str, *data: bytes) -> Record:
    """Add the next event to a locked box."""
    record = next_record(box.last_event, event_type, data)
    _keep(session, box.election_id, record)
    box.last_event = record.event
    return record


def put(session: Session, box: Box, raw: bytes, *, tracker: str, credential: str) -> None:
    """Add a checked ballot to a locked box."""
    record = append(session, box, BALLOT, raw)
    row = {
        "election_id": box.election_id,
        "tracker": tracker,
        "height": record.link.height,
        "credential": credential,
    }
    session.execute(insert(_BALLOTS), row)


def find(session: Session, election_id: uuid.UUID, tracker: str) -> BoxBallot | None:
    """Return where the ballot with this tracker lies; None when it is not in the box."""
    return session.get(BoxBallot, (election_id, tracker))


def is_replaced(session: Session, ballot: BoxBallot) -> bool:
    """Tell whether a later ballot of the same credential is in the box."""
    later = select(BoxBallot.tracker).where(
        BoxBallot.election_id == ballot.election_id,
        BoxBallot.credential == ballot.credential,
        BoxBallot.height > ballot.height,
    )
    return session.scalar(later.limit(1)) is not None


def cast_by(session: Session, election_id: uuid.UUID, credential: str) -> int:
    """Return how many ballots a credential has cast."""
    return (
        session.scalar(
            select(func.count())
            .select_from(BoxBallot)
            .where(BoxBallot.election_id == election_id, BoxBallot.credential == credential)
        )
        or 0
    )


def count(session: Session, election_id: uuid.UUID) -> int:
    """Return how many ballots are in the box, replaced ones included."""
    return (
        session.scalar(
            select(func.count()).select_from(BoxBallot).where(BoxBallot.election_id == election_id)
        )
        or 0
    )


def counted(session: Session, election_id: uuid.UUID) -> int:
    """Return how many credentials have a ballot in the box."""
    chosen = select(func.count(BoxBallot.credential.distinct()))
    return session.scalar(chosen.where(BoxBallot.election_id == election_id)) or 0


def trackers(
    session: Session, election_id: uuid.UUID, offset: int, limit: int
) -> list[tuple[int, str, bool]]:
    """Return (height, tracker, counts) in the order of the chain."""
    last = (
        select(func.max(BoxBallot.height).label("height"))
        .where(BoxBallot.election_id == election_id)
        .group_by(BoxBallot.credential)
        .subquery()
    )
    rows = session.execute(
        select(BoxBallot.height, BoxBallot.tracker, last.c.height)
        .outerjoin(last, last.c.height == BoxBallot.height)
        .where(BoxBallot.election_id == election_id)
        .order_by(BoxBallot.height)
        .offset(offset)
        .limit(limit)
    )
    return [(height, tracker, kept is not None) for height, tracker, kept in rows]


def credential_listed(session: Session, election_id: uuid.UUID, credential: str) -> bool:
    """Tell whether a credential may cast ballots."""
    return session.get(BoxCredential, (election_id, credential)) is not None


def paper(session: Session, election_id: uuid.UUID) -> bytes | None:
    """Return the election file, the first data file of Setup; None before the box is set up."""
    return session.scalar(
        select(BoxDatum.raw).where(
            BoxDatum.election_id == election_id, BoxDatum.height == 0, BoxDatum.place == 0
        )
    )


def credentials(session: Session, election_id: uuid.UUID) -> frozenset[str]:
    """Return all credentials of an election."""
    return frozenset(
        session.scalars(select(BoxCredential.credential).where(BoxCredential.election_id == election_id))
    )


def archive(session: Session, election_id: uuid.UUID, *, ballots: bool = True) -> Archive | None:
    """Return the archive with all records, or those that are no ballots; None before the box is set up."""
    box = session.get(Box, election_id)
    if box is None:
        return None
    return Archive(box.timestamp, list(_records(session, election_id, ballots=ballots)))


def file(session: Session, election_id: uuid.UUID) -> Iterator[bytes]:
    """Yield the archive's file piece by piece, within constant memory. There must be a box."""
    box = session.get_one(Box, election_id)
    return write(box.timestamp, _records(session, election_id))


def _records(session: Session, election_id: uuid.UUID, *, ballots: bool = True) -> Iterator[Record]:
    chosen = (
        select(BoxEvent.height, BoxEvent.raw, BoxDatum.raw)
        .outerjoin(
            BoxDatum,
            (BoxDatum.election_id == BoxEvent.election_id) & (BoxDatum.height == BoxEvent.height),
        )
        .where(BoxEvent.election_id == election_id)
        .order_by(BoxEvent.height, BoxDatum.place)
        .execution_options(yield_per=BATCH)
    )
    if not ballots:
        chosen = chosen.where(BoxEvent.type != BALLOT)
    rows = session.execute(chosen)
    for _, group in groupby(rows, key=lambda row: row[0]):
        files = list(group)
        yield Record(files[0][1], tuple(raw for _height, _event, raw in files if raw is not None))


def _keep(session: Session, election_id: uuid.UUID, record: Record) -> None:
    # Plain inserts: in the hot path of casting the unit of work of the ORM costs more than the rows.
    link = record.link
    event = {"election_id": election_id, "height": link.height, "type": link.type, "raw": record.event}
    session.execute(insert(_EVENTS), event)
    for place, raw in enumerate(record.data):
        datum = {"election_id": election_id, "height": link.height, "place": place, "raw": raw}
        session.execute(insert(_DATA), datum)
