"""The committee drafts a ballot, changes it, and names the trustees."""

import secrets
import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from unionapp.ballots import access, mail, queries
from unionapp.ballots.models import Answer, Election, ElectionState, Group, Question, Trustee
from unionapp.crypto.belenios.election import generate_uuid
from unionapp.kernel import audit
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.mail import post

FEWEST_TRUSTEES: Final = 2

YES: Final = Answer(Bilingual("賛成", "Yes"), "yes")
NO: Final = Answer(Bilingual("反対", "No"), "no")


class NotDraftError(ConflictError):
    """Only a draft can be changed."""

    message = lazy("This ballot is no longer a draft: its paper cannot be changed.")


class WindowError(InvalidInputError):
    """Voting must last some time, and end in the future."""

    message = lazy("Voting must end after it begins, and in the future.")
    field = "closes_at"


class TooFewTrusteesError(InvalidInputError):
    """One trustee alone could read single votes."""

    message = lazy("Choose at least two trustees, so that nobody can decrypt alone.")
    field = "trustees"


class UnknownTrusteeError(InvalidInputError):
    """Trustees are members who hold that office."""

    message = lazy("Choose among the members who hold the office of trustee.")
    field = "trustees"


@dataclass(frozen=True)
class Asked:
    """One question of a draft: its text, its answers, how many to choose, and the rule that decides."""

    text: Bilingual
    answers: tuple[Answer, ...]
    rule: str = "more_yes_than_no"
    minimum: int = 1
    maximum: int = 1
    blank: bool = True


@dataclass(frozen=True)
class Draft:
    """All that the committee decides of a ballot paper."""

    title: Bilingual
    summary: Bilingual
    opens_at: datetime
    closes_at: datetime
    questions: tuple[Asked, ...] = field(default=())
    text_hash: str = ""
    text_url: str = ""
    group: Group = Group.ED25519


def yes_or_no(text: Bilingual, rule: str = "more_yes_than_no") -> Asked:
    """Return a question answered by yes, no or blank."""
    return Asked(text, (YES, NO), rule)


def draft(session: Session, drafted: Draft, *, actor: Actor, at: datetime) -> Election:
    """Begin a ballot. Raises ForbiddenError, WindowError."""
    require(access.may_manage(actor))
    election = Election(
        id=uuid.uuid4(),
        belenios_id=generate_uuid(secrets.randbelow),
        state=ElectionState.DRAFT,
        codes_by_server=True,
        created_by=actor.member_id,
        created_at=at,
    )
    _write(election, drafted, at)
    session.add(election)
    audit.record(session, Event.BALLOT_DRAFTED, subject=election.id, actor=actor, at=at)
    return election


def change(session: Session, election: Election, drafted: Draft, *, actor: Actor, at: datetime) -> None:
    """Rewrite a draft. Raises NotDraftError, ForbiddenError, WindowError."""
    if election.state is not ElectionState.DRAFT:
        raise NotDraftError
    require(access.may_manage(actor))
    election.questions.clear()
    session.flush()  # the old questions must go before new ones may take their places
    _write(election, drafted, at)
    audit.record(session, Event.BALLOT_CHANGED, subject=election.id, actor=actor, at=at)


def ask_for_keys(
    session: Session, election: Election, chosen: Collection[uuid.UUID], *, actor: Actor, at: datetime
) -> None:
    """Fix the paper, name the trustees, and ask each by mail to make a key.

    Raises NotDraftError, ForbiddenError, TooFewTrusteesError, UnknownTrusteeError, WindowError.
    """
    if election.state is not ElectionState.DRAFT:
        raise NotDraftError
    require(access.may_move(actor, election, ElectionState.KEYS))
    if len(set(chosen)) < FEWEST_TRUSTEES:
        raise TooFewTrusteesError
    _check_window(election.opens_at, election.closes_at, at)
    named = [each for each in queries.candidates(session, at=at) if each.member_id in set(chosen)]
    if len(named) != len(set(chosen)):
        raise UnknownTrusteeError
    election.trustees = [
        Trustee(member_id=each.member_id, position=position, name=each.name)
        for position, each in enumerate(named, 1)
    ]
    election.state = ElectionState.KEYS
    for each in named:
        if each.email:
            post(session, mail.keys_wanted(election, each.email, each.name, each.language), at=at)
    audit.record(
        session, Event.BALLOT_KEYS_ASKED, subject=election.id, actor=actor, at=at, trustees=len(named)
    )


def _write(election: Election, drafted: Draft, at: datetime) -> None:
    _check_window(drafted.opens_at, drafted.closes_at, at)
    election.title, election.summary = drafted.title, drafted.summary
    election.opens_at, election.closes_at = drafted.opens_at, drafted.closes_at
    election.text_hash, election.text_url = drafted.text_hash, drafted.text_url
    election.group = drafted.group
    election.questions = [
        Question(
            position=position,
            text=asked.text,
            answers=asked.answers,
            minimum=asked.minimum,
            maximum=asked.maximum,
            blank=asked.blank,
            rule=asked.rule,
        )
        for position, asked in enumerate(drafted.questions, 1)
    ]


def _check_window(opens_at: datetime, closes_at: datetime, at: datetime) -> None:
    if closes_at <= max(opens_at, at):
        raise WindowError
