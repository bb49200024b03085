"""A ballot opens: the roll is fixed, codes are made and mailed, the Setup event begins the archive."""

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from unionapp.ballots import access, box, mail, queries, roll
from unionapp.ballots.models import Election, ElectionState
from unionapp.crypto.belenios.archive import Archive
from unionapp.crypto.belenios.conduct import setup_events
from unionapp.crypto.belenios.credentials import generate_code, public_credential
from unionapp.crypto.belenios.election import Question, make_election
from unionapp.crypto.belenios.groups import group_named
from unionapp.crypto.belenios.trustees import election_key, read_trustee
from unionapp.kernel import audit, clock, jobs
from unionapp.kernel.access import SYSTEM, Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.errors import ConflictError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post
from unionapp.membership import queries as members


class KeysMissingError(ConflictError):
    """Without all keys nothing can be encrypted."""

    message = lazy("Not every trustee has given a key yet.")


class NobodyMayVoteError(ConflictError):
    """A ballot needs voters."""

    message = lazy("Nobody may vote on that day: there are no active members.")


class OverError(ConflictError):
    """The close lies in the past."""

    message = lazy("The time set for the close is over. Cancel this ballot and draft a new one.")


@dataclass(frozen=True)
class _Opening:
    """Everything made before a row is written. ``codes``, in the order of ``voters``, is only in memory."""

    archive: Archive
    fingerprint: str
    voters: Sequence[members.Voter]
    codes: Sequence[str]
    credentials: Sequence[str]


def order_opening(session: Session, election: Election, *, actor: Actor, at: datetime) -> None:
    """Order the opening: at once, or at the time set. A job makes and mails the codes.

    Raises ConflictError in a wrong state, ForbiddenError, KeysMissingError, OverError, NobodyMayVoteError.
    """
    if election.state is not ElectionState.KEYS:
        raise ConflictError
    require(access.may_move(actor, election, ElectionState.OPENING))
    if not election.has_all_keys:
        raise KeysMissingError
    if election.closes_at <= at:
        raise OverError
    if not members.eligible_voters(session, clock.today(max(at, election.opens_at))):
        raise NobodyMayVoteError
    election.state = ElectionState.OPENING
    jobs.enqueue(
        session,
        "ballots.open",
        {"election_id": str(election.id)},
        at=at,
        not_before=max(at, election.opens_at),
    )
    audit.record(session, Event.BALLOT_OPENING_ORDERED, subject=election.id, actor=actor, at=at)


def open_box(session: Session, election_id: uuid.UUID, *, at: datetime) -> None:
    """Open a ballot whose opening was ordered; do nothing in any other state, so that it may run twice.

    Codes are made before the first write and kept nowhere but in their letters. One transaction holds roll,
    credentials, archive and letters: a crash leaves nothing, and the next try makes new codes.
    """
    with queries.reading() as before:
        election = before.get(Election, election_id)
        if election is None or election.state is not ElectionState.OPENING:
            return
        made = _prepare(before, election, at)
    opened = queries.locked(session, election_id)
    if opened is None or opened.state is not ElectionState.OPENING:
        return
    opened.state, opened.opened_at, opened.fingerprint = ElectionState.OPEN, at, made.fingerprint
    opened.voters = roll.fix(
        session, election_id, [(voter.member_id, bool(voter.email)) for voter in made.voters]
    )
    box.set_up(session, election_id, made.archive, made.credentials)
    _mail_codes(session, opened, made, at)
    jobs.enqueue(
        session, "ballots.close", {"election_id": str(election_id)}, at=at, not_before=opened.closes_at
    )
    audit.record(session, Event.BALLOT_OPENED, subject=election_id, actor=SYSTEM, at=at, voters=opened.voters)


def _prepare(session: Session, election: Election, at: datetime) -> _Opening:
    group = group_named(election.group.value)
    trustees = [read_trustee(group, each.public_key) for each in election.trustees if each.public_key]
    paper = make_election(
        election.belenios_id,
        _both(election.title),
        _description(election),
        group,
        election_key(group, trustees),
        tuple(
            Question(
                _both(question.text),
                tuple(_both(answer.text) for answer in question.answers),
                question.minimum,
                question.maximum,
                question.blank,
            )
            for question in election.questions
        ),
    )
    voters = members.eligible_voters(session, clock.today(at))
    codes = [generate_code(secrets.randbelow) for _ in voters]
    credentials = sorted(public_credential(group, election.belenios_id, code) for code in codes)
    archive = setup_events(paper, trustees, credentials, int(at.timestamp()))
    return _Opening(archive, paper.fingerprint, voters, codes, credentials)


def _mail_codes(session: Session, election: Election, made: _Opening, at: datetime) -> None:
    letters = mail.CodeLetters(election)
    for voter, code in zip(made.voters, made.codes, strict=True):
        if voter.email:
            post(session, letters.to(voter.email, voter.name, voter.language, code), at=at)


def _both(text: Bilingual) -> str:
    first, second = (text.ja, text.en) if text.authoritative == "ja" else (text.en, text.ja)
    return f"{first} / {second}" if first and second and first != second else first or second


def _description(election: Election) -> str:
    """Return what the paper says beside its questions: the summary, and the hash of the text voted on."""
    lines = [_both(election.summary)]
    if election.text_hash:
        lines.append(f"SHA-256 of the text: {election.text_hash}")
    return "\n".join(filter(None, lines))
