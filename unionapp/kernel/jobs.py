"""Work for later: a row written with the caller's transaction, run after its commit, never lost by a crash.

The outbox row is the truth; Huey only carries the wake-up. A worker claims a row by a conditional UPDATE with
a lease, runs it in its own unit of work, and clears the payload when it is done. A sweep runs what was left
behind. Delivery is at least once: jobs must be idempotent.
"""

import json
import logging
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, current_app
from sqlalchemy import ColumnElement, Index, Text, and_, delete, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from unionapp.kernel import clock
from unionapp.kernel.db import Model, new_id
from unionapp.kernel.faults import log_fault
from unionapp.kernel.unit_of_work import after_commit, unit_of_work

log = logging.getLogger(__name__)

MAX_ATTEMPTS = 36  # a mail server may be away for a day: a voting code must still arrive
KEEP_DONE = timedelta(days=1)
KEEP_FAILED = timedelta(days=30)
FIRST_PAUSE = timedelta(seconds=10)
LONGEST_PAUSE = timedelta(hours=1)

Payload = dict[str, Any]
Handler = Callable[[Session, Payload, datetime], None]
Wake = Callable[[str], None]


class OutboxJob(Model):
    """One piece of work. ``payload`` is emptied when done; a failed job keeps its last error's class."""

    __tablename__ = "outbox_job"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str]
    payload: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str] = mapped_column(default="")

    __table_args__ = (Index("ix_outbox_job_open", "done_at", "failed_at", "not_before"),)


class Registry:
    """The jobs an application knows, by name."""

    def __init__(self) -> None:
        self.handlers: dict[str, Handler] = {}

    def job(self, name: str) -> Callable[[Handler], Handler]:
        """Register a function as the job ``name``; a name is taken once."""

        def register(handler: Handler) -> Handler:
            if name in self.handlers:
                raise ValueError(f"there are two jobs named {name}")
            self.handlers[name] = handler
            return handler

        return register


registry = Registry()
job = registry.job


def init_app(app: Flask, wake: Wake) -> None:
    """Tell the application how to wake a worker (Huey, or nothing at all: the sweep finds the row)."""
    app.extensions["unionapp_wake"] = wake


def enqueue(
    session: Session, name: str, payload: Payload, *, at: datetime, not_before: datetime | None = None
) -> uuid.UUID:
    """Write a job into the outbox; it runs once this transaction is stored.

    Raises KeyError when no job has that name.
    """
    if name not in registry.handlers:
        raise KeyError(name)
    row = OutboxJob(
        id=new_id(),
        name=name,
        payload=json.dumps(payload, ensure_ascii=False),
        created_at=at,
        not_before=not_before or at,
    )
    session.add(row)
    job_id = row.id
    after_commit(session, lambda: _wake(job_id))
    return job_id


def due(session: Session, at: datetime, *, limit: int = 500) -> list[uuid.UUID]:
    """Return the ids of jobs that should run now, oldest first."""
    return list(
        session.scalars(
            select(OutboxJob.id).where(_claimable(at)).order_by(OutboxJob.created_at).limit(limit)
        )
    )


def run(job_id: uuid.UUID, *, at: datetime | None = None) -> bool:
    """Claim a job and run it; return whether this call finished it.

    A job that raises is tried again with growing pauses, and given up after MAX_ATTEMPTS.
    """
    at = at or clock.now()
    claimed = _claim(job_id, at)
    if claimed is None:
        return False
    name, payload, attempts = claimed
    try:
        with unit_of_work() as session:
            registry.handlers[name](session, payload, at)
            session.execute(
                update(OutboxJob)
                .where(OutboxJob.id == job_id)
                .values(done_at=clock.now(), payload="{}", leased_until=None, error="")
            )
    except Exception as error:  # noqa: BLE001  # every failure is kept in the row, and told to the log
        log_fault(log, f"job {name} failed at attempt {attempts}", error)
        _keep_failure(job_id, attempts, error, at)
        return False
    return True


def sweep(at: datetime | None = None) -> int:
    """Run everything that is due; return how many jobs were finished.

    Without ``at`` each job takes the time at which it begins: a lease counted from the sweep's own
    beginning would be over before the last of many letters is sent, and somebody else would send it too.
    """
    with unit_of_work() as session:
        forget(session, at or clock.now())
        waiting = due(session, at or clock.now())
    return sum(run(job_id, at=at) for job_id in waiting)


def forget(session: Session, at: datetime) -> None:
    """Delete rows that have served: a done job after a day, a given-up one after KEEP_FAILED.

    What is left of a done job tells only when something happened; a given-up letter still holds its facts.
    """
    session.execute(delete(OutboxJob).where(OutboxJob.done_at < at - KEEP_DONE))
    session.execute(delete(OutboxJob).where(OutboxJob.failed_at < at - KEEP_FAILED))


def failed_jobs(session: Session) -> list[OutboxJob]:
    """Return the jobs that were given up, oldest first."""
    found = session.scalars(
        select(OutboxJob).where(OutboxJob.failed_at.is_not(None)).order_by(OutboxJob.created_at)
    )
    return list(found)


def try_again(session: Session, *, at: datetime) -> int:
    """Let jobs that were given up run again from now on; return how many."""
    given_up = failed_jobs(session)
    for row in given_up:
        row.failed_at, row.attempts, row.not_before = None, 0, at
    return len(given_up)


def open_jobs(session: Session) -> Iterator[OutboxJob]:
    """Yield the jobs that are neither done nor given up, oldest first."""
    yield from session.scalars(
        select(OutboxJob)
        .where(OutboxJob.done_at.is_(None), OutboxJob.failed_at.is_(None))
        .order_by(OutboxJob.created_at)
    )


def _wake(job_id: uuid.UUID) -> None:
    wake: Wake = current_app.extensions["unionapp_wake"]
    try:
        wake(str(job_id))
    except Exception as error:  # noqa: BLE001  # the row is stored: the sweep finds it without a wake-up
        log_fault(log, f"no worker could be woken for job {job_id}", error)


def _claimable(at: datetime) -> ColumnElement[bool]:
    return and_(
        OutboxJob.done_at.is_(None),
        OutboxJob.failed_at.is_(None),
        OutboxJob.not_before <= at,
        or_(OutboxJob.leased_until.is_(None), OutboxJob.leased_until < at),
    )


def _claim(job_id: uuid.UUID, at: datetime) -> tuple[str, Payload, int] | None:
    lease = timedelta(seconds=current_app.extensions["unionapp_settings"].job_lease_seconds)
    with unit_of_work() as session:
        row = session.execute(
            update(OutboxJob)
            .where(OutboxJob.id == job_id, _claimable(at))
            .values(leased_until=at + lease, attempts=OutboxJob.attempts + 1)
            .returning(OutboxJob.name, OutboxJob.payload, OutboxJob.attempts)
        ).first()
        if row is not None and row.attempts > MAX_ATTEMPTS:  # each of its workers died without a word
            _give_up(session, job_id, at)
            return None
    return None if row is None else (row.name, json.loads(row.payload), row.attempts)


def _give_up(session: Session, job_id: uuid.UUID, at: datetime) -> None:
    log.error("job %s took %s workers with it and is given up", job_id, MAX_ATTEMPTS)
    values = {"leased_until": None, "failed_at": at, "error": "WorkerDied"}
    session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))


def _keep_failure(job_id: uuid.UUID, attempts: int, error: Exception, at: datetime) -> None:
    # Only the class: a message may quote what the job was working on.
    values: dict[str, Any] = {"leased_until": None, "error": type(error).__name__}
    if attempts >= MAX_ATTEMPTS:
        values["failed_at"] = at
    else:
        values["not_before"] = at + min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)
    with unit_of_work() as session:
        session.execute(update(OutboxJob).where(OutboxJob.id == job_id).values(**values))
