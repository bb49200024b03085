"""Agreements are begun, clauses of the library put in, blanks filled."""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy.orm import Session

from unionapp.bargaining import access, queries
from unionapp.bargaining.library import Clause, library
from unionapp.bargaining.models import (
    Agreement,
    AgreementKind,
    AgreementLine,
    Changeset,
    Deed,
    LineKind,
    Numbering,
    PairingState,
    Part,
    wording,
)
from unionapp.bargaining.operations.changesets import Pen, take_pen
from unionapp.bargaining.operations.library_clauses import clauses_of, put_in
from unionapp.kernel import audit
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.bilingual import LANGUAGES, Bilingual
from unionapp.kernel.db import new_id
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy

Found = TypeVar("Found")

LONGEST_TERM_YEARS = 3
"""Trade Union Act, Article 15: a longer term counts as three years (library note tua-15)."""


class TermTooLongError(InvalidInputError):
    """The term is over three years, or ends before it begins."""

    message = lazy(
        "A term ends after it begins and is at most three years long (Trade Union Act, Article 15)."
    )


class UnknownClauseError(InvalidInputError):
    """The library has no such clause or bundle."""

    message = lazy("The library has no such clause.")


class ClauseStandsError(ConflictError):
    """The clause is in the draft already."""

    message = lazy("This clause is in the draft already.")


@dataclass(frozen=True)
class Facts:
    """What is known of an agreement when it is begun; texts and dates as a form hands them over."""

    title: Bilingual
    employer: Bilingual
    kind: AgreementKind = AgreementKind.COLLECTIVE
    numbering: Numbering = Numbering.CONTRACT
    term_from: date | None = None
    term_to: date | None = None
    auto_renew: bool = False


def term_is_lawful(first: date | None, last: date | None) -> bool:
    """Tell whether a term from `first` to `last`, both included, is at most three years long.

    A term with one end open is not judged: the clause on the term says what holds.
    """
    if first is None or last is None:
        return True
    try:
        limit = first.replace(year=first.year + LONGEST_TERM_YEARS)
    except ValueError:  # 29 February: three years later the same day is 1 March
        limit = date(first.year + LONGEST_TERM_YEARS, 3, 1)
    return first <= last < limit


def begin(
    session: Session, facts: Facts, *, bundle: str | None = None, actor: Actor, at: datetime
) -> Agreement:
    """Begin an agreement and its working line, empty or with a bundle of the library.

    Raises ForbiddenError, TermTooLongError, UnknownClauseError.
    """
    require(access.may_draft(actor))
    if not term_is_lawful(facts.term_from, facts.term_to):
        raise TermTooLongError(field="term_to")
    agreement = Agreement(
        id=new_id(),
        kind=facts.kind,
        title=facts.title,
        employer=facts.employer,
        numbering=facts.numbering,
        term_from=facts.term_from,
        term_to=facts.term_to,
        auto_renew=facts.auto_renew,
        created_by=actor.member_id,
        created_at=at,
    )
    line = AgreementLine(id=new_id(), agreement_id=agreement.id, kind=LineKind.UNION_WORKING)
    session.add(agreement)
    session.flush()  # the line points to the agreement
    session.add(line)
    session.flush()  # the first changeset points to the line
    pen = Pen(session, agreement, line)
    if bundle:
        put_in(pen, _known(lambda: clauses_of(bundle)), 0)
    pen.record(Deed.BEGAN, actor=actor, at=at, message=bundle or "")
    audit.record(
        session, Event.AGREEMENT_CREATED, subject=agreement.id, actor=actor, at=at, bundle=bundle or ""
    )
    return agreement


def insert_clause(
    session: Session,
    agreement: Agreement,
    slug: str,
    *,
    after: uuid.UUID | None = None,
    actor: Actor,
    at: datetime,
) -> uuid.UUID:
    """Put a library clause in behind an outermost unit, or where clauses of its place belong.

    Raises ForbiddenError, UnknownClauseError, ClauseStandsError.
    """
    require(access.may_draft(actor))
    clause = _known(lambda: library().clause(slug))
    pen = take_pen(session, agreement)
    if any(part.library_path == slug for part in pen.document.parts):
        raise ClauseStandsError
    outermost = pen.siblings(None)
    place = outermost.index(after) + 1 if after in outermost else _usual_place(pen, clause)
    head = put_in(pen, [clause], place)[0]
    pen.record(Deed.INSERTED, actor=actor, at=at, message=slug)
    audit.record(session, Event.UNIT_ADDED, subject=head, actor=actor, at=at, clause=slug)
    return head


def fill_blanks(
    session: Session,
    agreement: Agreement,
    values: Mapping[tuple[str, str], Mapping[str, str]],
    *,
    actor: Actor,
    at: datetime,
) -> Changeset | None:
    """Put words in the place of blanks, keyed by (library clause, name), in both languages at once.

    A pair that was checked stays checked: the same was put in on both sides. Returns None when no such blank
    is left. Raises ForbiddenError.
    """
    require(access.may_draft(actor))
    pen = take_pen(session, agreement)
    pairings = queries.pairings_of(session, pen.document.by_id)
    filled = 0
    for part in pen.document.parts:
        texts: dict[str, str] = {language: _with_values(part, language, values) for language in LANGUAGES}
        if texts == dict(part.texts):
            continue
        filled += 1
        for language in LANGUAGES:
            if texts[language] != part.texts[language]:
                pen.write(part.id, language, texts[language])
        state = queries.judge(part, pairings.get(part.id, [])).state
        if state is queries.TranslationState.CHECKED:
            pen.pair(part.id, texts, PairingState.CHECKED, actor.member_id)
    if not filled:
        return None
    changeset = pen.record(Deed.FILLED, actor=actor, at=at)
    audit.record(session, Event.UNIT_CHANGED, subject=agreement.id, actor=actor, at=at, filled=filled)
    return changeset


def _with_values(part: Part, language: str, values: Mapping[tuple[str, str], Mapping[str, str]]) -> str:
    def blank(name: str) -> str:
        value = values.get((part.clause_slug, name), {}).get(language, "")
        return value or wording.blank_token(name)

    return wording.replaced(part.texts[language], wording.reference_token, blank)


def _usual_place(pen: Pen, clause: Clause) -> int:
    """Return the place behind the clauses that come earlier in the usual order of an agreement."""
    order = {entry.slug: index for index, entry in enumerate(library().clauses)}
    ranks = ["preamble", "opening", "body", "closing", "supplementary", "signature"]
    mine = ranks.index(clause.place)
    place = 0
    for index, unit_id in enumerate(pen.siblings(None)):
        slug = pen.document.by_id[unit_id].library_path
        theirs = ranks.index(library().clause(slug).place) if slug in order else ranks.index("body")
        if theirs <= mine:
            place = index + 1
    return place


def _known(find: Callable[[], Found]) -> Found:
    try:
        return find()
    except KeyError:
        raise UnknownClauseError from None
