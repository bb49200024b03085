"""What the board shows: trackers, the archive, and what the verified result decides."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from unionapp.ballots import access, box, roll
from unionapp.ballots.models import RULES, Answer, Decision, Election, Question
from unionapp.ballots.models.rules import decide
from unionapp.crypto.belenios.archive import Archive
from unionapp.kernel.access import Actor
from unionapp.kernel.errors import NotFoundError

PAGE: Final = 100


@dataclass(frozen=True)
class TrackerLine:
    """One ballot in the box; ``counts`` is false when a later one of the same voter replaced it."""

    number: int
    tracker: str
    counts: bool


@dataclass(frozen=True)
class TrackerPage:
    """One page of the trackers, in the order of the box; ``pages`` in all."""

    lines: list[TrackerLine]
    total: int
    page: int
    pages: int


@dataclass(frozen=True)
class QuestionOutcome:
    """The counts of one question and what its rule makes of them; ``blank`` None where not allowed."""

    question: Question
    counts: list[tuple[Answer, int]]
    blank: int | None
    decision: Decision


@dataclass(frozen=True)
class Outcome:
    """The verified numbers of a finished election."""

    voters: int
    counted: int
    cast: int
    questions: list[QuestionOutcome]


def outcome(session: Session, election: Election) -> Outcome | None:
    """Return the result of a finished election; None for any other."""
    if election.result is None:
        return None
    questions = [
        _question_outcome(question, counts)
        for question, counts in zip(election.questions, election.result, strict=True)
    ]
    return Outcome(election.voters or 0, election.counted or 0, box.count(session, election.id), questions)


def find_tracker(session: Session, election: Election, tracker: str) -> TrackerLine | None:
    """Return the ballot with this tracker; None when it is not in the box. For everybody, at any time."""
    found = box.find(session, election.id, tracker)
    if found is None:
        return None
    return TrackerLine(found.height, found.tracker, not box.is_replaced(session, found))


def trackers_of(session: Session, actor: Actor, election: Election, page: int) -> TrackerPage | None:
    """Return a page of all trackers; None to those who may not see them yet."""
    if not access.may_read_box(actor, election):
        return None
    total = box.count(session, election.id)
    pages = max(1, -(-total // PAGE))
    page = min(max(1, page), pages)
    lines = box.trackers(session, election.id, (page - 1) * PAGE, PAGE)
    return TrackerPage([TrackerLine(*line) for line in lines], total, page, pages)


def archive_of(session: Session, actor: Actor, election_id: uuid.UUID) -> tuple[Election, Iterator[bytes]]:
    """Return the archive's bytes, piece by piece. Raises NotFoundError where the actor may not read it."""
    election = session.get(Election, election_id)
    if election is None or not access.may_read_box(actor, election):
        raise NotFoundError
    return election, box.file(session, election_id)


def archive_so_far(session: Session, election_id: uuid.UUID, *, ballots: bool = True) -> Archive | None:
    """Return the archive's records, ``ballots`` among them or not; for the program's own work."""
    return box.archive(session, election_id, ballots=ballots)


def box_count(session: Session, election: Election) -> int:
    """Return how many ballots are in the box. Shown to nobody before the close."""
    return box.count(session, election.id)


def is_on_roll(session: Session, election: Election, actor: Actor) -> bool:
    """Tell whether the actor may vote in this election."""
    return actor.member_id is not None and roll.holds(session, election.id, actor.member_id)


def without_code(session: Session, election: Election) -> int:
    """Return how many on the roll got no code by mail."""
    return roll.without_code(session, election.id)


def _question_outcome(question: Question, counts: list[int]) -> QuestionOutcome:
    blank, rest = (counts[0], counts[1:]) if question.blank else (None, counts)
    return QuestionOutcome(
        question,
        list(zip(question.answers, rest, strict=True)),
        blank,
        decide(RULES[question.rule], blank or 0, rest),
    )
