"""A roll from another program: staged, applied in one transaction, undone."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from unionapp.kernel import audit, jobs
from unionapp.kernel.access import SYSTEM, Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.db import new_id
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post
from unionapp.membership import access, mail, queries
from unionapp.membership.models import (
    ImportBatch,
    ImportState,
    Member,
    MemberStatus,
    Office,
    OfficeHolding,
    keys_of,
)
from unionapp.roster.people import Person, Roster

KEPT = timedelta(days=7)


class UnreadableRollError(InvalidInputError):
    """The file as a whole is no roll."""

    message = lazy("This file cannot be read as a list of people.")
    field = "file"


class ImportStateError(ConflictError):
    """The import is in another state."""

    message = lazy("This import was applied, undone or dropped in the meantime.")


class RollChangedError(ConflictError):
    """Somebody joined between the last look and the insert."""

    message = lazy("The roll was changed at the same moment. Nothing was imported; please try again.")


class ImportInUseError(ConflictError):
    """People of the import can no longer be taken away unharmed."""

    message = lazy(
        "Some of these people have been changed or used since. "
        "Nothing was undone; the page of the import names them."
    )


def stage_import(session: Session, roster: Roster, *, actor: Actor, at: datetime) -> ImportBatch:
    """Keep what a file holds for a look at it; no member is touched.

    Raises ForbiddenError, UnreadableRollError when the file as a whole was refused.
    """
    require(access.may_import(actor))
    if roster.refused:
        raise UnreadableRollError
    known = queries.known_people(session)
    people = [_staged(person) for person in roster.people]
    new, recognised = _parted(people, known)
    batch = ImportBatch(
        id=new_id(),
        state=ImportState.STAGED,
        file_name=roster.filename[:200],
        rows=roster.rows,
        valid=len(new),
        invalid=roster.invalid,
        duplicates=len(roster.duplicates),
        known=len(recognised),
        staged_by=actor.member_id,
        staged_at=at,
        people=new,
        problems=[*(asdict(problem) for problem in roster.problems), *recognised],
    )
    session.add(batch)
    jobs.enqueue(
        session, "membership.forget_import", {"import_id": str(batch.id)}, at=at, not_before=at + KEPT
    )
    audit.record(session, Event.MEMBERS_IMPORT_STAGED, subject=batch.id, actor=actor, at=at, **_counts(batch))
    return batch


def apply_import(session: Session, batch: ImportBatch, *, actor: Actor, at: datetime) -> int:
    """Make the staged people members, all or none; return how many. Who joined meanwhile is left out.

    Raises ImportStateError, ForbiddenError, RollChangedError.
    """
    if batch.state is not ImportState.STAGED:
        raise ImportStateError
    require(access.may_import(actor))
    people, recognised = _parted(batch.people, queries.known_people(session))
    members = [_member(person, batch, at) for person in people]
    offices = [
        {
            "id": new_id(),
            "member_id": member["id"],
            "office": Office.MEMBER,
            "since": at,
            "granted_by": actor.member_id,
        }
        for member in members
    ]
    _insert(session, members, offices)
    batch.state, batch.applied_at, batch.applied_by = ImportState.APPLIED, at, actor.member_id
    batch.added, batch.valid, batch.known = len(members), len(members), batch.known + len(recognised)
    batch.problems = [*batch.problems, *recognised]
    batch.people = []
    audit.record(
        session,
        Event.MEMBERS_IMPORTED,
        subject=batch.id,
        actor=actor,
        at=at,
        added=batch.added,
        **_counts(batch),
    )
    return batch.added


def undo_import(session: Session, batch: ImportBatch, *, actor: Actor, at: datetime) -> int:
    """Take away exactly the members that an import added; return how many.

    Raises ImportStateError, ForbiddenError, ImportInUseError when any of them was changed or used since.
    """
    if batch.state is not ImportState.APPLIED:
        raise ImportStateError
    require(access.may_import(actor))
    if queries.obstacles_to_undoing(session, actor, batch):
        raise ImportInUseError
    ours = select(Member.id).where(Member.import_id == batch.id)
    session.execute(delete(OfficeHolding).where(OfficeHolding.member_id.in_(ours)))
    session.execute(delete(Member).where(Member.import_id == batch.id))
    _end(batch, ImportState.UNDONE, at)
    audit.record(
        session, Event.MEMBERS_IMPORT_UNDONE, subject=batch.id, actor=actor, at=at, removed=batch.added
    )
    return batch.added


def invite_import(session: Session, batch: ImportBatch, *, actor: Actor, at: datetime) -> None:
    """Have a letter with a first way to sign in sent to everybody an import added; once.

    Raises ImportStateError unless applied and not yet invited, ForbiddenError.
    """
    if batch.state is not ImportState.APPLIED or batch.invited_at is not None:
        raise ImportStateError
    require(access.may_import(actor))
    batch.invited_at = at
    jobs.enqueue(session, "membership.invite_import", {"import_id": str(batch.id)}, at=at)
    audit.record(session, Event.MEMBERS_IMPORT_INVITED, subject=batch.id, actor=actor, at=at)


def write_invitations(session: Session, batch: ImportBatch, *, at: datetime) -> int:
    """Put the letters of ``invite_import`` into the outbox; return how many. People without mail get none."""
    members = session.scalars(
        select(Member).where(
            Member.import_id == batch.id,
            Member.status == MemberStatus.ACTIVE,
            Member.email.is_not(None),
        )
    ).all()
    for member in members:
        post(session, mail.invited(member), at=at)
    return len(members)


def discard_import(session: Session, batch: ImportBatch, *, actor: Actor, at: datetime) -> None:
    """Drop a staged roll. Raises ImportStateError, ForbiddenError."""
    if batch.state is not ImportState.STAGED:
        raise ImportStateError
    require(access.may_import(actor))
    _end(batch, ImportState.DISCARDED, at)
    audit.record(session, Event.MEMBERS_IMPORT_DISCARDED, subject=batch.id, actor=actor, at=at)


def forget_import(session: Session, batch: ImportBatch, *, at: datetime) -> None:
    """Wipe what a file said when its time is over; a roll still staged is dropped."""
    if batch.state is ImportState.STAGED:
        discard_import(session, batch, actor=SYSTEM, at=at)
    batch.people, batch.problems = [], []


def _counts(batch: ImportBatch) -> dict[str, int]:
    return {
        "rows": batch.rows,
        "valid": batch.valid,
        "invalid": batch.invalid,
        "duplicates": batch.duplicates,
        "known": batch.known,
    }


def _end(batch: ImportBatch, state: ImportState, at: datetime) -> None:
    batch.state, batch.ended_at = state, at
    batch.people, batch.problems = [], []


def _staged(person: Person) -> dict[str, Any]:
    joined_on = person.joined_on.isoformat() if person.joined_on else None
    return {**asdict(person), "joined_on": joined_on, "job_categories": list(person.job_categories)}


def _parted(
    people: Sequence[Mapping[str, Any]], known: queries.KnownPeople
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the people who are new, and a problem for each who is a member already."""
    new: list[dict[str, Any]] = []
    recognised: list[dict[str, Any]] = []
    for person in people:
        if by := known.recognise(person):
            recognised.append({"code": f"known_{by}", "row": person["row"]})
        else:
            new.append(dict(person))
    return new, recognised


def _member(person: Mapping[str, Any], batch: ImportBatch, at: datetime) -> dict[str, Any]:
    facts = {name: value for name, value in person.items() if name != "row"}
    facts["email"] = person["email"] or None
    facts["member_number"] = person["member_number"] or None
    facts["joined_on"] = date.fromisoformat(person["joined_on"]) if person["joined_on"] else None
    facts["language"] = person["language"] or "ja"
    keys = keys_of(
        person["legal_name"], person["reading"], person["pen_name"], facts["email"], facts["member_number"]
    )
    return {
        "id": new_id(),
        "status": MemberStatus.ACTIVE,
        "import_id": batch.id,
        "created_at": at,
        **facts,
        **keys,
    }


def _insert(session: Session, members: list[dict[str, Any]], offices: list[dict[str, Any]]) -> None:
    if not members:
        return
    try:
        with session.begin_nested():
            session.execute(insert(Member), members)
            session.execute(insert(OfficeHolding), offices)
    except IntegrityError as error:
        raise RollChangedError from error
