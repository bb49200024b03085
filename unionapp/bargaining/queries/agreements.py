"""Which agreements and sealed texts an actor may know of."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.bargaining import access
from unionapp.bargaining.models import Agreement, Changeset, LineKind, SealedText
from unionapp.bargaining.queries.versions import head_of, line_of
from unionapp.kernel.access import Actor
from unionapp.kernel.errors import NotFoundError


@dataclass(frozen=True)
class AgreementRow:
    """An agreement in the list; `head` is empty for those who may not draft."""

    agreement: Agreement
    head: Changeset | None
    sealed: list[SealedText]


def agreements_for(session: Session, actor: Actor) -> list[AgreementRow]:
    """Return all agreements to negotiators, to others those of which something was sealed; newest first."""
    sealed: dict[uuid.UUID, list[SealedText]] = {}
    for text in sealed_texts(session, actor):
        sealed.setdefault(text.agreement_id, []).append(text)
    found = session.scalars(select(Agreement).order_by(Agreement.created_at.desc(), Agreement.id))
    rows = []
    for agreement in found:
        working = line_of(session, agreement, LineKind.UNION_WORKING) if access.may_draft(actor) else None
        head = head_of(session, working) if working else None
        if head or agreement.id in sealed:
            rows.append(AgreementRow(agreement, head, sealed.get(agreement.id, [])))
    return rows


def agreement_for(session: Session, actor: Actor, agreement_id: uuid.UUID) -> Agreement:
    """Return an agreement; to those who may not draft only when something of it was sealed.

    Raises NotFoundError.
    """
    agreement = session.get(Agreement, agreement_id)
    if agreement is None:
        raise NotFoundError
    if not access.may_draft(actor) and not _sealed_of(session, actor, agreement_id):
        raise NotFoundError
    return agreement


def sealed_texts(session: Session, actor: Actor) -> list[SealedText]:
    """Return the sealed texts that the actor may read, newest first."""
    if not access.may_read_sealed(actor):
        return []
    return list(session.scalars(select(SealedText).order_by(SealedText.sealed_at.desc(), SealedText.id)))


def sealed_text_for(session: Session, actor: Actor, sealed_id: uuid.UUID) -> SealedText:
    """Return one sealed text. Raises NotFoundError."""
    found = session.get(SealedText, sealed_id) if access.may_read_sealed(actor) else None
    if found is None:
        raise NotFoundError
    return found


def _sealed_of(session: Session, actor: Actor, agreement_id: uuid.UUID) -> list[Any]:
    return [text for text in sealed_texts(session, actor) if text.agreement_id == agreement_id]
