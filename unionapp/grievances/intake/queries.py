"""Reads of intake: who can read reports, and what the right words open."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.crypto import case_format, receipt
from unionapp.crypto.case_format import (
    REPORTER,
    Attachment,
    MessageError,
    MessageHeader,
    Payload,
    ReportKeyError,
)
from unionapp.crypto.padding import PaddingError
from unionapp.crypto.sealed_box import SealOpenError
from unionapp.crypto.stream import StreamError
from unionapp.grievances.intake.box import opened
from unionapp.grievances.intake.models import Case, CaseAttachment, HandlerKey, SealedMessage
from unionapp.kernel.errors import ConflictError, NotFoundError
from unionapp.kernel.i18n import lazy


class BrokenFileError(ConflictError):
    """A sealed file was changed or lost."""

    message = lazy("This file was changed or lost since it was sealed. It cannot be opened.")


class BrokenCaseError(ConflictError):
    """The right words, but what is stored of the case's key does not open with them any more."""

    message = lazy("The key of this report was changed or damaged since it was sealed. It cannot be opened.")


@dataclass(frozen=True)
class Mailbox:
    """A case opened by its words, for as long as a request lasts."""

    case: Case
    report_key: bytes


@dataclass(frozen=True)
class Said:
    """One message of an opened case. ``payload`` is None when the message was changed since it was sealed."""

    seq: int
    by_reporter: bool
    author: str
    day: date
    payload: Payload | None

    @property
    def attachments(self) -> Sequence[Attachment]:
        return self.payload.attachments if self.payload else ()


def readers(session: Session) -> list[HandlerKey]:
    """Return the published keys that new reports are sealed to."""
    return list(
        session.scalars(
            select(HandlerKey)
            .where(HandlerKey.revoked_on.is_(None))
            .order_by(HandlerKey.public_name, HandlerKey.handler)
        )
    )


def case_of(session: Session, entropy: bytes, *, locked: bool = False) -> Case | None:
    """Return the case of these words, unopened; None when there is none, never was, or is no more.

    ``locked`` until the transaction ends, for a change.
    """
    found = select(Case).where(Case.lookup == receipt.derive(entropy).stored_lookup)
    return session.scalar(found.with_for_update() if locked else found)


def mailbox(session: Session, entropy: bytes, *, locked: bool = False) -> Mailbox | None:
    """Return what these words open; None when there is no case, as ``case_of`` says.

    Raises BrokenCaseError when the stored key was exchanged or damaged.
    """
    case = case_of(session, entropy, locked=locked)
    if case is None:
        return None
    wraps = tuple(case_format.KeyWrap(wrap.recipient, wrap.sealed) for wrap in case.wraps)
    sealed = case_format.SealedReportKey(case.sealed_id, case.key_version, case.commitment, wraps)
    try:
        report_key = case_format.unwrap_report_key(sealed, REPORTER, receipt.derive(entropy).private_key)
    except (SealOpenError, ReportKeyError):
        raise BrokenCaseError from None
    return Mailbox(case, report_key)


def thread(session: Session, box: Mailbox) -> list[Said]:
    """Return what was said, in order. Messages of case workers must bear their signatures."""
    roles = {message.role for message in box.case.messages}
    known = session.scalars(select(HandlerKey).where(HandlerKey.handler.in_(roles)))
    handlers = {each.handler: each for each in known}
    return [_said(box, message, handlers.get(message.role)) for message in box.case.messages]


def _said(box: Mailbox, message: SealedMessage, handler: HandlerKey | None) -> Said:
    header = MessageHeader(box.case.sealed_id, message.seq, message.role)
    payload: Payload | None
    try:
        if message.role != REPORTER:
            verify_key = handler.verify_key if handler else b""
            case_format.verify_message(verify_key, header, message.sealed, message.signature or b"")
        payload = case_format.open_message(box.report_key, header, message.sealed)
    except MessageError:
        payload = None
    author = handler.public_name if handler else ""
    return Said(message.seq, message.role == REPORTER, author, message.written_on, payload)


def attachment_ids(session: Session) -> set[uuid.UUID]:
    """Return the ids of all files that belong to a case."""
    return set(session.scalars(select(CaseAttachment.id)))


def file_of(
    session: Session, box: Mailbox, file_id: str, folder: Path
) -> tuple[Attachment, Callable[[], Iterator[bytes]]]:
    """Return what a message says of a file, and how to read it.

    Raises NotFoundError when the case has no such file, BrokenFileError when it was changed on the disk.
    """
    mine = {each.id.hex for each in box.case.attachments}
    named = {each.id: each for said in thread(session, box) for each in said.attachments}
    if file_id not in mine or file_id not in named:
        raise NotFoundError
    about = named[file_id]
    try:
        content = opened(folder / file_id, box.report_key, uuid.UUID(file_id), about.size)
    except (StreamError, PaddingError, FileNotFoundError):
        raise BrokenFileError from None
    return about, content
