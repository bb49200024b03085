"""Units are added, moved and removed."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from unionapp.bargaining import access, queries
from unionapp.bargaining.models import (
    ALLOWED_UNDER,
    Agreement,
    Changeset,
    Deed,
    Document,
    PairingState,
    UnitKind,
)
from unionapp.bargaining.operations.changesets import GoneError, Pen, take_pen
from unionapp.kernel import audit
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy

ONCE_ONLY = frozenset({UnitKind.PREAMBLE, UnitKind.SIGNATURE})
CLOSING = frozenset({UnitKind.SUPPLEMENT, UnitKind.SCHEDULE, UnitKind.SIGNATURE})


class MisplacedError(InvalidInputError):
    """Such a unit cannot stand there."""

    message = lazy("A unit of this kind cannot stand there.")


class StandsAloneError(ConflictError):
    """The unit is the first or last of its siblings already."""

    message = lazy("This unit cannot move any further in that direction.")


class ChangedMeanwhileError(ConflictError):
    """Somebody changed what was to be removed."""

    message = lazy("Somebody changed this meanwhile. Read the change before you remove it.")


@dataclass(frozen=True)
class NewUnit:
    """What somebody adds: stored texts, and where: behind a sibling, or at the end under `parent`."""

    kind: UnitKind
    texts: Mapping[str, str]
    parent: uuid.UUID | None = None
    after: uuid.UUID | None = None


def add_unit(
    session: Session,
    agreement: Agreement,
    new: NewUnit,
    *,
    actor: Actor,
    at: datetime,
) -> uuid.UUID:
    """Add a unit behind a sibling, or at the end under `parent`; return its id.

    Raises ForbiddenError, GoneError (the parent was removed meanwhile), MisplacedError.
    """
    require(access.may_draft(actor))
    pen = take_pen(session, agreement)
    if new.parent is not None and new.parent not in pen.document.by_id:
        raise GoneError
    above = pen.document.by_id[new.parent].kind if new.parent else None
    if new.kind not in ALLOWED_UNDER[above] or (new.kind in ONCE_ONLY and _has(pen.document, new.kind)):
        raise MisplacedError
    siblings = pen.siblings(new.parent)
    behind = siblings.index(new.after) + 1 if new.after in siblings else None
    place = _end(pen, new) if behind is None else behind
    unit_id = pen.add(new.kind, new.parent, place, new.texts)
    if all(new.texts[language] for language in LANGUAGES):
        pen.pair(unit_id, new.texts, PairingState.DRAFT, actor.member_id)
    pen.record(Deed.ADDED, actor=actor, at=at)
    audit.record(session, Event.UNIT_ADDED, subject=unit_id, actor=actor, at=at, kind=new.kind.value)
    return unit_id


def move_unit(
    session: Session,
    agreement: Agreement,
    unit_id: uuid.UUID,
    direction: Literal["up", "down"],
    *,
    actor: Actor,
    at: datetime,
) -> Changeset:
    """Let a unit change places with the sibling before or after it.

    Raises ForbiddenError, NotFoundError, StandsAloneError.
    """
    require(access.may_draft(actor))
    pen = take_pen(session, agreement)
    part = pen.part(unit_id)
    siblings = pen.siblings(part.parent)
    place = siblings.index(unit_id) + (-1 if direction == "up" else 1)
    if not 0 <= place < len(siblings):
        raise StandsAloneError
    pen.place(unit_id, part.parent, place)
    changeset = pen.record(Deed.MOVED, actor=actor, at=at)
    audit.record(session, Event.UNIT_MOVED, subject=unit_id, actor=actor, at=at, direction=direction)
    return changeset


def remove_unit(
    session: Session,
    agreement: Agreement,
    unit_id: uuid.UUID,
    *,
    base: uuid.UUID,
    actor: Actor,
    at: datetime,
) -> Changeset:
    """Take a unit and all below it out of the text; its history stays.

    Raises ForbiddenError, NotFoundError, ChangedMeanwhileError when it is not what the remover saw.
    """
    require(access.may_draft(actor))
    pen = take_pen(session, agreement)
    part = pen.part(unit_id)
    seen = queries.version_for(session, actor, agreement, base).document
    if _fingerprint(seen, unit_id) != _fingerprint(pen.document, unit_id):
        raise ChangedMeanwhileError
    pen.take_out(part)
    changeset = pen.record(Deed.REMOVED, actor=actor, at=at)
    audit.record(session, Event.UNIT_REMOVED, subject=unit_id, actor=actor, at=at)
    return changeset


def _fingerprint(document: Document, unit_id: uuid.UUID) -> list[tuple[uuid.UUID, str, str]]:
    part = document.by_id.get(unit_id)
    below = document.under(part) if part else []
    return [(each.id, each.texts["ja"], each.texts["en"]) for each in below]


def _has(document: Document, kind: UnitKind) -> bool:
    return any(part.kind is kind for part in document.parts)


def _end(pen: Pen, new: NewUnit) -> int:
    """Return the last place, but before supplements, schedules and signatures for an article."""
    siblings = pen.siblings(new.parent)
    if new.kind is UnitKind.PREAMBLE:
        return 0
    if new.kind is not UnitKind.ARTICLE:
        return len(siblings)
    kinds = [pen.document.by_id[unit_id].kind for unit_id in siblings]
    return next((index for index, kind in enumerate(kinds) if kind in CLOSING), len(siblings))
