"""Translations are checked, articles rated for the codes, versions sealed."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.bargaining import access, queries
from unionapp.bargaining.library import library
from unionapp.bargaining.models import (
    Agreement,
    AgreementLine,
    Changeset,
    Deed,
    Document,
    LineKind,
    PairingState,
    Part,
    Rating,
    SealedText,
    text_sha,
)
from unionapp.bargaining.operations.changesets import Pen, take_pen
from unionapp.kernel import audit
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.db import new_id
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy

LEVELS = range(-1, 5)


class PairChangedError(ConflictError):
    """The texts are not those that were compared."""

    message = lazy("One of the two texts changed while you compared them. Please compare them again.")


class UntranslatedError(ConflictError):
    """One language is missing: there is nothing to compare."""

    message = lazy("One of the two languages is still missing.")


class UnknownCodeError(InvalidInputError):
    """No such code or level."""

    message = lazy("There is no such protection or level.")


class NotReadyError(ConflictError):
    """Something stands in the way of sealing; queries.obstacles says what."""

    message = lazy("This version cannot be sealed yet: see what is left to do on the page before.")


class TextWentOnError(ConflictError):
    """The version looked at is not the newest."""

    message = lazy("The text went on while you were reading. Please look at the newest version.")


class SealedAlreadyError(ConflictError):
    """The same text is sealed."""

    message = lazy("This very text is sealed already.")


@dataclass(frozen=True)
class Assessment:
    """What somebody judges a unit to be worth for a code; `level` None withdraws the claim."""

    code: str
    level: int | None
    note: str = ""


def check_translation(
    session: Session,
    agreement: Agreement,
    unit_id: uuid.UUID,
    compared: tuple[str, str],
    *,
    actor: Actor,
    at: datetime,
) -> None:
    """Record that the actor compared two texts, given by the hexadecimal hashes of what was on the page.

    Raises ForbiddenError, NotFoundError, UntranslatedError, PairChangedError.
    """
    require(access.may_draft(actor))
    pen = take_pen(session, agreement)
    part = pen.part(unit_id)
    if not all(part.texts[language] for language in LANGUAGES):
        raise UntranslatedError
    if tuple(sha.hex() for sha in part.pair) != compared:
        raise PairChangedError
    pen.pair(unit_id, part.texts, PairingState.CHECKED, actor.member_id)
    pen.store_pairs(at)
    audit.record(session, Event.TRANSLATION_CHECKED, subject=unit_id, actor=actor, at=at)


def assess(
    session: Session,
    agreement: Agreement,
    unit_id: uuid.UUID,
    assessment: Assessment,
    *,
    actor: Actor,
    at: datetime,
) -> Changeset:
    """Rate a unit for a code. People rate; the program does not.

    Raises ForbiddenError, NotFoundError, UnknownCodeError.
    """
    require(access.may_draft(actor))
    pen = take_pen(session, agreement)
    pen.part(unit_id)
    known = {code.code for code in library().codes}
    if assessment.code not in known or (assessment.level is not None and assessment.level not in LEVELS):
        raise UnknownCodeError
    rating = None if assessment.level is None else Rating(assessment.level, assessment.note)
    pen.rate(unit_id, assessment.code, rating)
    changeset = pen.record(Deed.ASSESSED, actor=actor, at=at, message=assessment.code)
    audit.record(
        session,
        Event.UNIT_ASSESSED,
        subject=unit_id,
        actor=actor,
        at=at,
        code=assessment.code,
        level=assessment.level,
    )
    return changeset


def seal(
    session: Session, agreement: Agreement, base: uuid.UUID, *, actor: Actor, at: datetime
) -> SealedText:
    """Fix the newest version as a text for ratification and put it on the tabled line, for every member.

    `base` is the version that was read. Raises ForbiddenError, TextWentOnError, NotReadyError,
    SealedAlreadyError.
    """
    require(access.may_draft(actor))
    working = take_pen(session, agreement)
    if working.head is None or working.head.id != base:
        raise TextWentOnError
    if queries.obstacles(session, working.document):
        raise NotReadyError
    content = queries.sealed_content(agreement, working.document)
    digest = text_sha(content)
    if session.scalar(
        select(SealedText.id).where(SealedText.agreement_id == agreement.id, SealedText.digest == digest)
    ):
        raise SealedAlreadyError
    tabled = _tabled(session, agreement, working.line, at)
    _copy(working.document, tabled)
    changeset = tabled.record(Deed.SEALED, actor=actor, at=at, merge_parent_id=base)
    sealed = SealedText(
        id=new_id(),
        agreement_id=agreement.id,
        changeset_id=changeset.id,
        title=agreement.title,
        content=content,
        digest=digest,
        sealed_by=actor.member_id,
        sealed_at=at,
    )
    session.add(sealed)
    session.flush()  # a text sealed twice at once meets the unique constraint here
    audit.record(
        session, Event.AGREEMENT_SEALED, subject=agreement.id, actor=actor, at=at, sha256=sealed.sha256
    )
    return sealed


def _tabled(session: Session, agreement: Agreement, working: AgreementLine, at: datetime) -> Pen:
    """Take the pen of the tabled line; begin the line with the first sealed text."""
    if queries.line_of(session, agreement, LineKind.UNION_TABLED) is None:
        session.add(
            AgreementLine(
                id=new_id(),
                agreement_id=agreement.id,
                kind=LineKind.UNION_TABLED,
                parent_line_id=working.id,
                forked_at=at,
            )
        )
        session.flush()  # the pen looks for the line
    return take_pen(session, agreement, LineKind.UNION_TABLED)


def _copy(source: Document, pen: Pen) -> None:
    """Write what differs from the line's head, so that it stands as the source does."""
    for part in pen.document.parts:
        if part.id not in source.by_id:
            pen.take_out(part)
    for part in source.parts:
        _copy_part(part, pen)


def _copy_part(part: Part, pen: Pen) -> None:
    old = pen.document.by_id.get(part.id)
    if old is None or (old.parent, old.rank) != (part.parent, part.rank):
        pen.keep(part)
    for language in LANGUAGES:
        if part.texts[language] and (old is None or old.texts[language] != part.texts[language]):
            pen.write(part.id, language, part.texts[language])
    before = old.ratings if old else {}
    for code in part.ratings.keys() | before.keys():
        if part.ratings.get(code) != before.get(code):
            pen.rate(part.id, code, part.ratings.get(code))
