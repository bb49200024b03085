"""Lines, their changesets, and the text as it stood at any of them."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from unionapp.bargaining import access
from unionapp.bargaining.models import (
    Agreement,
    AgreementLine,
    Changeset,
    ClauseText,
    Coverage,
    Document,
    LineKind,
    Node,
    Part,
    Rating,
    Unit,
    UnitText,
)
from unionapp.kernel.access import Actor
from unionapp.kernel.errors import NotFoundError


@dataclass(frozen=True)
class Version:
    """A changeset and the text after it."""

    changeset: Changeset
    document: Document


def line_of(session: Session, agreement: Agreement, kind: LineKind) -> AgreementLine | None:
    """Return an agreement's line of a kind, if it has been begun."""
    return session.scalar(
        select(AgreementLine).where(AgreementLine.agreement_id == agreement.id, AgreementLine.kind == kind)
    )


def head_of(session: Session, line: AgreementLine) -> Changeset | None:
    """Return a line's newest changeset."""
    return session.scalar(
        select(Changeset).where(Changeset.line_id == line.id).order_by(Changeset.number.desc()).limit(1)
    )


def document_at(session: Session, agreement: Agreement, changeset: Changeset | None) -> Document:
    """Return the text as it stood after a changeset; of None, the empty text."""
    if changeset is None:
        return Document([], agreement.numbering)
    nodes = _latest(session, changeset, Node, Node.unit_id, Node.parent_unit_id, Node.rank, Node.present)
    texts: dict[uuid.UUID, dict[str, str]] = defaultdict(lambda: {"ja": "", "en": ""})
    heads = {
        (unit_id, language): sha
        for unit_id, language, sha in _latest(
            session, changeset, UnitText, UnitText.unit_id, UnitText.language, UnitText.text_sha
        )
    }
    bodies = _bodies(session, agreement)
    for (unit_id, language), sha in heads.items():
        texts[unit_id][language] = bodies[sha]
    ratings: dict[uuid.UUID, dict[str, Rating | None]] = defaultdict(dict)
    for unit_id, code, level, note in _latest(
        session, changeset, Coverage, Coverage.unit_id, Coverage.code, Coverage.level, Coverage.note
    ):
        ratings[unit_id][code] = None if level is None else Rating(level, note)
    units = {unit.id: unit for unit in session.scalars(select(Unit).where(Unit.agreement_id == agreement.id))}
    standing = {unit_id: (parent, rank, present) for unit_id, parent, rank, present in nodes}
    return Document(
        (
            Part(
                unit_id,
                units[unit_id].kind,
                parent,
                rank,
                texts[unit_id],
                units[unit_id].library_path,
                {code: rating for code, rating in ratings[unit_id].items() if rating is not None},
            )
            for unit_id, (parent, rank, present) in standing.items()
            if present
        ),
        agreement.numbering,
    )


def draft_for(session: Session, actor: Actor, agreement: Agreement) -> Version:
    """Return the working line's newest version. Raises NotFoundError for who may not draft."""
    if not access.may_draft(actor):
        raise NotFoundError
    line = line_of(session, agreement, LineKind.UNION_WORKING)
    head = head_of(session, line) if line else None
    if head is None:
        raise NotFoundError
    return Version(head, document_at(session, agreement, head))


def version_for(session: Session, actor: Actor, agreement: Agreement, changeset_id: uuid.UUID) -> Version:
    """Return a version on a line that the actor may see. Raises NotFoundError otherwise."""
    changeset = changeset_for(session, actor, agreement, changeset_id)
    return Version(changeset, document_at(session, agreement, changeset))


def changeset_for(session: Session, actor: Actor, agreement: Agreement, changeset_id: uuid.UUID) -> Changeset:
    """Return a changeset on a line that the actor may see. Raises NotFoundError otherwise."""
    found = session.execute(
        select(Changeset, AgreementLine.kind)
        .join(AgreementLine, AgreementLine.id == Changeset.line_id)
        .where(Changeset.id == changeset_id, AgreementLine.agreement_id == agreement.id)
    ).first()
    if found is None or not access.may_see_line(actor, found.kind):
        raise NotFoundError
    changeset: Changeset = found.Changeset
    return changeset


def changesets_of(session: Session, line: AgreementLine) -> list[Changeset]:
    """Return a line's changesets, newest first."""
    return list(
        session.scalars(
            select(Changeset).where(Changeset.line_id == line.id).order_by(Changeset.number.desc())
        )
    )


def touched_units(session: Session, line: AgreementLine) -> dict[uuid.UUID, set[uuid.UUID]]:
    """Return the units that each changeset of a line moved, wrote or rated."""
    touched: dict[uuid.UUID, set[uuid.UUID]] = defaultdict(set)
    for table in (Node, UnitText, Coverage):
        for changeset_id, unit_id in session.execute(
            select(table.changeset_id, table.unit_id)
            .join(Changeset, Changeset.id == table.changeset_id)
            .where(Changeset.line_id == line.id)
        ):
            touched[changeset_id].add(unit_id)
    return touched


def last_change_of(
    session: Session, line_id: uuid.UUID, unit_id: uuid.UUID, *, after: int
) -> list[Changeset]:
    """Return who changed a unit's texts or place after version `after`, oldest first."""
    written = select(UnitText.changeset_id).where(UnitText.unit_id == unit_id)
    placed = select(Node.changeset_id).where(Node.unit_id == unit_id)
    return list(
        session.scalars(
            select(Changeset)
            .where(
                Changeset.line_id == line_id,
                Changeset.number > after,
                Changeset.id.in_(written.union(placed)),
            )
            .order_by(Changeset.number)
        )
    )


def removed_with(session: Session, line: AgreementLine, unit_id: uuid.UUID) -> list[Node]:
    """Return the units removed by the changeset that last removed this one, itself included; or nothing."""
    removal = session.scalar(
        select(Node.changeset_id)
        .join(Changeset, Changeset.id == Node.changeset_id)
        .where(Node.unit_id == unit_id, Node.present.is_(False), Changeset.line_id == line.id)
        .order_by(Changeset.number.desc())
        .limit(1)
    )
    return list(session.scalars(select(Node).where(Node.changeset_id == removal, Node.present.is_(False))))


def _latest(session: Session, changeset: Changeset, table: Any, *columns: Any) -> list[Any]:
    """Return rows of a delta table up to a changeset, in order, so that later ones override earlier."""
    statement: Select[Any] = (
        select(*columns)
        .join(Changeset, Changeset.id == table.changeset_id)
        .where(Changeset.line_id == changeset.line_id, Changeset.number <= changeset.number)
        .order_by(Changeset.number)
    )
    return list(session.execute(statement))


def _bodies(session: Session, agreement: Agreement) -> dict[bytes, str]:
    used = (
        select(UnitText.text_sha)
        .join(Unit, Unit.id == UnitText.unit_id)
        .where(Unit.agreement_id == agreement.id)
    )
    rows = session.execute(select(ClauseText.sha256, ClauseText.body).where(ClauseText.sha256.in_(used)))
    return {bytes(sha): body for sha, body in rows}
