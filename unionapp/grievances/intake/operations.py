"""Verbs of intake: a report comes in, its sender writes again, its sender deletes it.

Nobody acts here whom the program could name, and audit events carry exact times: so none are recorded.
"""

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from unionapp.crypto import case_format, receipt
from unionapp.crypto.case_format import REPORTER, Attachment, MessageHeader, Payload
from unionapp.grievances.intake import box, queries
from unionapp.grievances.intake.box import SealedUpload, Uploads
from unionapp.grievances.intake.models import (
    Case,
    CaseAttachment,
    CaseState,
    CaseWrap,
    Category,
    HandlerKey,
    SealedBy,
    SealedMessage,
)
from unionapp.grievances.intake.queries import Mailbox
from unionapp.kernel import clock
from unionapp.kernel.db import leave_no_remains, new_id
from unionapp.kernel.errors import ConflictError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.unit_of_work import after_commit

SEED_BYTES = 32
LABEL = 0


class TooFewReadersError(ConflictError):
    """Fewer than two case workers could read the report."""

    message = lazy("Reports cannot be taken now: fewer than two case workers could read yours.")


@dataclass(frozen=True)
class SentFile:
    """A file as it was sent: sealed on disk, its name and type in memory only."""

    upload: SealedUpload
    name: str
    type: str

    def described(self) -> Attachment:
        """Return what the message says of the file."""
        return Attachment(self.upload.id.hex, self.name, self.type, self.upload.size)


@dataclass(frozen=True)
class Report:
    """What somebody reports. ``without`` names handlers who must not read it."""

    category: Category
    language: str
    text: str
    files: Sequence[SentFile] = ()
    without: Collection[str] = ()


def new_seed() -> bytes:
    """Return the secret of a fresh report form: it decides the receipt, so sending twice makes one case."""
    return secrets.token_bytes(SEED_BYTES)


def entropy_of(seed: bytes) -> bytes:
    """Derive a receipt's entropy from its form's seed. Raises ValueError unless that has 32 bytes."""
    if len(seed) != SEED_BYTES:
        raise ValueError(f"a form's seed has {SEED_BYTES} bytes")
    hkdf = HKDF(
        algorithm=SHA256(), length=receipt.ENTROPY_BYTES, salt=None, info=b"unionapp/receipt-from-form/v1"
    )
    return hkdf.derive(seed)


def receive(session: Session, report: Report, uploads: Uploads, *, entropy: bytes, at: datetime) -> None:
    """Seal a report to its readers and to the words of ``entropy``.

    The same form sent again makes no second case: the same text is taken once, another text becomes a
    further message. Raises TooFewReadersError.
    """
    if _added_to_existing(session, report, uploads, entropy=entropy, at=at):
        return
    handlers = [each for each in queries.readers(session) if each.handler not in report.without]
    if len(handlers) < case_format.FEWEST_HANDLERS:
        raise TooFewReadersError
    case = _new_case(handlers, uploads.report_key, entropy=entropy, day=clock.today(at))
    _label(case, report, uploads.report_key, day=clock.today(at))
    try:
        with session.begin_nested():
            session.add(case)
            session.flush()  # the lookup's unique constraint decides between two copies of one form
    except IntegrityError:
        _added_to_existing(session, report, uploads, entropy=entropy, at=at)
        return
    _write(session, Mailbox(case, uploads.report_key), report.text, report.files, day=clock.today(at))


def write_again(
    session: Session,
    mailbox: Mailbox,
    text: str,
    files: Sequence[SentFile],
    uploads: Uploads,
    *,
    at: datetime,
) -> bool:
    """Add a message of the reporter; a closed case is in work again.

    Returns False when the reporter's last message already says just this: the page was sent twice.
    """
    if _already_said(session, mailbox, text, files):
        return False
    for file in files:
        file.upload.reseal(uploads.report_key, mailbox.report_key)
    _write(session, mailbox, text, files, day=clock.today(at))
    if mailbox.case.state is CaseState.CLOSED:
        mailbox.case.state = CaseState.IN_WORK
    return True


def delete(session: Session, case: Case, folder: Path) -> None:
    """Delete a case for good: with its wraps its key is gone, so that no copy of it can be read."""
    files = [each.id for each in case.attachments]
    session.delete(case)
    after_commit(session, lambda: box.remove(folder, files))
    after_commit(session, leave_no_remains)


def _added_to_existing(
    session: Session, report: Report, uploads: Uploads, *, entropy: bytes, at: datetime
) -> bool:
    mailbox = queries.mailbox(session, entropy, locked=True)
    if mailbox is None:
        return False
    write_again(session, mailbox, report.text, report.files, uploads, at=at)
    return True


def _new_case(handlers: Sequence[HandlerKey], report_key: bytes, *, entropy: bytes, day: date) -> Case:
    keys = receipt.derive(entropy)
    case_id = new_id()
    sealed = case_format.new_report(
        case_id.hex,
        {each.handler: each.public_key for each in handlers},
        keys.public_key,
        report_key=report_key,
    )
    return Case(
        id=case_id,
        lookup=keys.stored_lookup,
        reporter_key=keys.public_key,
        key_version=sealed.key_version,
        commitment=sealed.commitment,
        sealed_by=SealedBy.SERVER,
        state=CaseState.NEW,
        received_on=day,
        wraps=[CaseWrap(recipient=each.recipient, sealed=each.sealed) for each in sealed.wraps],
    )


def _label(case: Case, report: Report, report_key: bytes, *, day: date) -> None:
    payload = Payload("", category=report.category.value, answers={"language": report.language})
    case.messages.append(_message(case, report_key, LABEL, payload, day=day))


def _write(session: Session, mailbox: Mailbox, text: str, files: Sequence[SentFile], *, day: date) -> None:
    case, seq = mailbox.case, len(mailbox.case.messages)
    payload = Payload(text, attachments=tuple(file.described() for file in files))
    case.messages.append(_message(case, mailbox.report_key, seq, payload, day=day))
    for file in files:
        case.attachments.append(CaseAttachment(id=file.upload.id))
        after_commit(session, file.upload.keep)


def _message(case: Case, report_key: bytes, seq: int, payload: Payload, *, day: date) -> SealedMessage:
    sealed = case_format.seal_message(
        report_key,
        MessageHeader(case.sealed_id, seq, REPORTER),
        payload,
        nonce=secrets.token_bytes(case_format.NONCE_BYTES),
    )
    return SealedMessage(seq=seq, role=REPORTER, sealed=sealed, written_on=day)


def _already_said(session: Session, mailbox: Mailbox, text: str, files: Sequence[SentFile]) -> bool:
    own = [said for said in queries.thread(session, mailbox) if said.by_reporter and said.seq != LABEL]
    if not own or own[-1].payload is None:
        return False
    sent = [(file.name, file.upload.size) for file in files]
    return own[-1].payload.text == text and [(each.name, each.size) for each in own[-1].attachments] == sent
