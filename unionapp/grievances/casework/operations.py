"""Verbs of casework. What the browser sealed is checked for shape and signature, and stored as it came."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from unionapp.crypto import case_format, handler_keys, sealed_box
from unionapp.crypto.case_format import MessageError, MessageHeader
from unionapp.crypto.passphrase import BROWSER_COST
from unionapp.grievances.casework import access, mail, queries
from unionapp.grievances.intake import box
from unionapp.grievances.intake import queries as intake
from unionapp.grievances.intake.models import (
    Case,
    CaseAttachment,
    CaseState,
    CaseWrap,
    HandlerKey,
    SealedMessage,
)
from unionapp.kernel import audit, clock, jobs
from unionapp.kernel.access import SYSTEM, Actor, require
from unionapp.kernel.errors import ConflictError, InvalidInputError, NotFoundError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post

DIGEST = "casework.digest"
DIGEST_HOUR = time(9, tzinfo=clock.JAPAN)
MOST_STEPS = 64  # of 4 KiB: a message of 20,000 characters takes at most 60 kB of UTF-8


class BadBundleError(InvalidInputError):
    """What came is no key bundle, or one that is locked too weakly."""

    message = lazy("The key could not be read. Please make it again on this page.")


class KeyExistsError(ConflictError):
    """One case worker, one present key."""

    message = lazy("You have published a key already. Revoke it before you publish another.")


class OnlyReaderError(ConflictError):
    """Revoking this key would lose cases."""

    message = lazy(
        "Some cases can be opened by your key alone. Let another case worker read them first, then revoke."
    )


class BadMessageError(InvalidInputError):
    """The sealed message is not one that this case worker signed for this place."""

    message = lazy("The sealed message was damaged on its way. Please send it again.")


class MeanwhileError(ConflictError):
    """Somebody wrote first, so the message's place is taken."""

    message = lazy("Somebody wrote in this case in the meantime. Please read it, then send again.")


class WrongMoveError(ConflictError):
    """The case's state does not allow this."""

    message = lazy("The case is in another state by now. Please load the page again.")


@dataclass(frozen=True)
class Answer:
    """A message that a browser sealed and signed for its place in the case."""

    seq: int
    sealed: bytes
    signature: bytes


def publish_handler_key(
    session: Session, bundle_json: str, *, public_name: str, actor: Actor, at: datetime
) -> HandlerKey:
    """Publish a case worker's key: from now on reports are sealed to it too.

    ``public_name`` is what reporters see. Raises ForbiddenError, BadBundleError, KeyExistsError.
    """
    if queries.key_of(session, actor) is not None:
        raise KeyExistsError
    require(access.may_work(actor) and actor.member_id is not None)
    bundle = _read_bundle(session, bundle_json)
    key = HandlerKey(
        member_id=actor.member_id,
        handler=bundle.handler,
        public_name=public_name,
        public_key=bundle.public_key,
        verify_key=bundle.verify_key,
        bundle=bundle.to_json(),
        published_on=clock.today(at),
    )
    try:
        with session.begin_nested():
            session.add(key)
            session.flush()  # two tabs at once: the partial unique index decides
    except IntegrityError:
        raise KeyExistsError from None
    _keep_digest_running(session, at=at)
    audit.record(
        session,
        audit.Event.HANDLER_KEY_PUBLISHED,
        subject=key.id,
        actor=actor,
        at=at,
        fingerprint=key.fingerprint,
    )
    return key


def revoke_handler_key(session: Session, key: HandlerKey, *, actor: Actor, at: datetime) -> None:
    """Withdraw one's key: nothing more is sealed to it, and what was is destroyed with the locked bundle.

    Raises ForbiddenError, ConflictError when it is revoked already, OnlyReaderError.
    """
    if key.revoked_on is not None:
        raise ConflictError
    require(access.may_work(actor) and key.member_id == actor.member_id)
    if queries.only_reader_of(session, key):
        raise OnlyReaderError
    _withdraw(session, key, day=clock.today(at))
    audit.record(session, audit.Event.HANDLER_KEY_REVOKED, subject=key.id, actor=actor, at=at)


def retire_keys(session: Session, *, at: datetime) -> int:
    """Withdraw the keys of those who are case workers no more; return how many.

    Cases that nobody else can open stay sealed to the old key, until another reader is found.
    """
    keys = queries.without_office(session, at=at)
    for key in keys:
        _withdraw(session, key, day=clock.today(at))
        audit.record(session, audit.Event.HANDLER_KEY_REVOKED, subject=key.id, actor=SYSTEM, at=at)
    return len(keys)


def open_case(session: Session, case: Case, *, actor: Actor, at: datetime) -> CaseWrap:
    """Hand out a case's sealed thread: from here on it counts as read. Raises ForbiddenError."""
    wrap = _own_wrap(session, case, actor)
    wrap.seen = len(case.messages)
    audit.record(session, audit.Event.CASE_OPENED, subject=case.id, actor=actor, at=at)
    return wrap


def take_file(session: Session, case: Case, file_id: str, *, actor: Actor, at: datetime) -> CaseAttachment:
    """Hand out a case's sealed file, which the audit log remembers. Raises ForbiddenError, NotFoundError."""
    _own_wrap(session, case, actor)
    found = {each.id.hex: each for each in case.attachments}.get(file_id)
    if found is None:
        raise NotFoundError
    audit.record(session, audit.Event.CASE_FILE_TAKEN, subject=case.id, actor=actor, at=at)
    return found


def answer(session: Session, case: Case, said: Answer, *, actor: Actor, at: datetime) -> SealedMessage:
    """Add a case worker's message: a new case counts as acknowledged then.

    Raises MeanwhileError, ForbiddenError, BadMessageError.
    """
    if said.seq != len(case.messages):
        raise MeanwhileError
    wrap = _own_wrap(session, case, actor)
    _check(session, case, said, wrap.recipient)
    message = SealedMessage(
        seq=said.seq,
        role=wrap.recipient,
        sealed=said.sealed,
        signature=said.signature,
        written_on=clock.today(at),
    )
    case.messages.append(message)
    wrap.seen = len(case.messages)
    if case.state is CaseState.NEW:  # the reporter would read "not read yet" above the answer
        case.state = CaseState.ACKNOWLEDGED
    audit.record(session, audit.Event.CASE_ANSWERED, subject=case.id, actor=actor, at=at)
    return message


def move(session: Session, case: Case, state: CaseState, *, actor: Actor, at: datetime) -> None:
    """Bring a case into another state. Raises WrongMoveError, ForbiddenError."""
    before = case.state
    if not access.may_move(actor, before, state):
        raise WrongMoveError
    _own_wrap(session, case, actor)
    case.state = state
    what = audit.Event.CASE_CLOSED if state is CaseState.CLOSED else audit.Event.CASE_MOVED
    audit.record(session, what, subject=case.id, actor=actor, at=at, before=before.value, after=state.value)


def share(
    session: Session, case: Case, handler: str, sealed: bytes, *, actor: Actor, at: datetime
) -> CaseWrap:
    """Let one more case worker read a case: the actor's browser sealed the case's key to theirs.

    Raises ConflictError when they can read it already or have no key, ForbiddenError, BadMessageError.
    """
    other = {each.handler: each for each in queries.others_for(session, case)}.get(handler)
    if other is None:
        raise ConflictError
    _own_wrap(session, case, actor)
    if len(sealed) != sealed_box.OVERHEAD_BYTES + case_format.REPORT_KEY_BYTES:
        raise BadMessageError
    wrap = CaseWrap(recipient=handler, sealed=sealed)
    case.wraps.append(wrap)
    audit.record(
        session, audit.Event.CASE_SHARED, subject=case.id, actor=actor, at=at, member=str(other.member_id)
    )
    return wrap


def send_digests(session: Session, *, at: datetime) -> int:
    """Write each case worker with news one letter that says nothing more; return how many."""
    waiting = queries.news(session, at=at)
    for news in waiting:
        for wrap, written in news.wraps:
            wrap.told = written
        if news.member.email:
            post(session, mail.digest(news.member.email, news.member.language), at=at)
    return len(waiting)


def sweep_files(session: Session, folder: Path, *, at: datetime) -> int:
    """Remove sealed files that belong to no case; return how many."""
    return box.sweep(folder, intake.attachment_ids(session), now=at.timestamp())


def next_digest(at: datetime) -> datetime:
    """Return the next nine o'clock in the morning in Japan."""
    today = datetime.combine(clock.today(at), DIGEST_HOUR)
    return today if today > at else today + timedelta(days=1)


def _keep_digest_running(session: Session, *, at: datetime) -> None:
    running = select(jobs.OutboxJob.id).where(
        jobs.OutboxJob.name == DIGEST, jobs.OutboxJob.done_at.is_(None), jobs.OutboxJob.failed_at.is_(None)
    )
    if session.scalar(running.limit(1)) is None:
        jobs.enqueue(session, DIGEST, {}, at=at, not_before=next_digest(at))


def _read_bundle(session: Session, bundle_json: str) -> handler_keys.HandlerBundle:
    try:
        bundle = handler_keys.parse_bundle(bundle_json, lowest=BROWSER_COST)
    except handler_keys.BundleError:
        raise BadBundleError from None
    if bundle.handler == case_format.REPORTER or queries.handler_taken(session, bundle.handler):
        raise BadBundleError
    return bundle


def _withdraw(session: Session, key: HandlerKey, *, day: date) -> None:
    alone = set(queries.only_reader_of(session, key))
    key.revoked_on = day
    if not alone:
        key.bundle = ""
    for wrap in queries.wraps_of(session, key):
        if wrap.case_id not in alone:
            session.delete(wrap)


def _own_wrap(session: Session, case: Case, actor: Actor) -> CaseWrap:
    key = queries.key_of(session, actor)
    wraps = {wrap.recipient: wrap for wrap in case.wraps}
    require(access.may_open(actor, key, wraps))
    return wraps[key.handler if key else ""]


def _check(session: Session, case: Case, said: Answer, handler: str) -> None:
    steps, rest = divmod(len(said.sealed) - case_format.NONCE_BYTES - case_format.TAG_BYTES, 4096)
    if rest or not 1 <= steps <= MOST_STEPS:
        raise BadMessageError
    verify_key = session.scalar(select(HandlerKey.verify_key).where(HandlerKey.handler == handler)) or b""
    header = MessageHeader(case.sealed_id, said.seq, handler)
    try:
        case_format.verify_message(verify_key, header, said.sealed, said.signature)
    except MessageError:
        raise BadMessageError from None
