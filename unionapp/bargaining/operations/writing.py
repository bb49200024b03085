"""Texts are changed; two people's changes of one text are merged, or shown where they clash."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from unionapp.bargaining import access, queries
from unionapp.bargaining.models import (
    Agreement,
    Changeset,
    Deed,
    Document,
    PairingState,
    wording,
)
from unionapp.bargaining.operations.changesets import GoneError, Pen, take_pen
from unionapp.kernel import audit
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.errors import NotFoundError
from unionapp.redline import Conflict, Conflicted, Merged, Piece, merge


@dataclass(frozen=True)
class Edit:
    """What somebody wrote: stored texts, and the version that they saw before them."""

    base: uuid.UUID
    texts: Mapping[str, str]
    message: str = ""
    restore: bool = False


@dataclass(frozen=True)
class Saved:
    """What was stored, or nothing if `changeset` is None; `merges` holds what others had written."""

    changeset: Changeset | None
    merges: Mapping[str, Merged]


@dataclass(frozen=True)
class Clash:
    """What could not be merged. `theirs` is None when the unit was removed; `pieces` show where it clashes.

    All texts are stored texts of `document`, the head, under which `mine` can be saved again.
    """

    document: Document
    head: Changeset
    since: list[Changeset]
    base: Mapping[str, str]
    mine: Mapping[str, str]
    theirs: Mapping[str, str] | None
    pieces: Mapping[str, tuple[Piece | Conflict, ...]]
    proposal: Mapping[str, str]


def save_unit(
    session: Session, agreement: Agreement, unit_id: uuid.UUID, edit: Edit, *, actor: Actor, at: datetime
) -> Saved | Clash:
    """Store what somebody wrote, merged with what others wrote since the version they saw.

    Raises ForbiddenError, NotFoundError (no such version or unit).
    """
    require(access.may_draft(actor))
    pen = take_pen(session, agreement)
    seen = queries.version_for(session, actor, agreement, edit.base)
    three = Three(pen, unit_id, edit, seen)
    if three.now is None:
        found: Saved | Clash = _put_back(three, actor, at) if edit.restore else _clash(three, {})
    else:
        outcomes: dict[str, Merged | Conflicted] = {lang: three.merged(lang) for lang in LANGUAGES}
        clean = {lang: each for lang, each in outcomes.items() if isinstance(each, Merged)}
        found = _store(three, clean, actor, at) if len(clean) == len(outcomes) else _clash(three, outcomes)
    if isinstance(found, Saved) and found.changeset:
        audit.record(
            session, Event.UNIT_CHANGED, subject=unit_id, actor=actor, at=at, version=found.changeset.number
        )
    return found


class Three:
    """One unit three times: as the writer saw it, as the writer wrote it, as it stands now."""

    def __init__(self, pen: Pen, unit_id: uuid.UUID, edit: Edit, seen: queries.Version) -> None:
        self.pen = pen
        self.unit_id = unit_id
        self.edit = edit
        self.seen = seen
        self.now = pen.document.by_id.get(unit_id)
        before = seen.document.by_id.get(unit_id)
        if before is None and not queries.removed_with(pen.session, pen.line, unit_id):
            raise NotFoundError
        # Seen while it was removed: whatever stands there again was not before the writer's eyes.
        self.base: Mapping[str, str] = before.texts if before else dict.fromkeys(LANGUAGES, "")

    def merged(self, language: str) -> Merged | Conflicted:
        """Merge one language, token by token."""
        theirs = self.now.texts[language] if self.now else ""
        return merged(self.base[language], self.edit.texts[language], theirs)

    def written(self, language: str) -> bool:
        """Tell whether the writer changed this language."""
        return self.edit.texts[language] != self.base[language]


def merged(base: str, mine: str, theirs: str) -> Merged | Conflicted:
    """Merge stored texts with each token as one character, so that none is ever cut or half replaced."""
    mask = wording.Mask((base, mine, theirs))
    found = merge(mask.put_on(base), mask.put_on(mine), mask.put_on(theirs))
    pieces = tuple(
        Piece(piece.origin, mask.take_off(piece.text), mask.take_off(piece.replaced))
        if isinstance(piece, Piece)
        else Conflict(*(mask.take_off(text) for text in (piece.base, piece.mine, piece.theirs)))
        for piece in found.pieces
    )
    whole = tuple(piece for piece in pieces if isinstance(piece, Piece))
    return Merged(whole) if len(whole) == len(pieces) else Conflicted(pieces)


def _store(three: Three, outcomes: Mapping[str, Merged], actor: Actor, at: datetime) -> Saved:
    pen, edit, now = three.pen, three.edit, three.now
    foreign = {lang: each for lang, each in outcomes.items() if three.written(lang) and _foreign(each)}
    texts: dict[str, str] = {lang: outcomes[lang].text for lang in LANGUAGES}
    changed = [lang for lang in LANGUAGES if now and texts[lang] != now.texts[lang]]
    if not changed:
        return Saved(None, foreign)
    for language in changed:
        pen.write(three.unit_id, language, texts[language])
    if len(changed) == len(LANGUAGES) and texts == dict(edit.texts) and all(texts.values()):
        pen.pair(three.unit_id, texts, PairingState.DRAFT, actor.member_id)
    changeset = pen.record(
        Deed.MERGED if foreign else Deed.CHANGED,
        actor=actor,
        at=at,
        message=edit.message,
        merge_parent_id=None if pen.head and pen.head.id == edit.base else edit.base,
    )
    return Saved(changeset, foreign)


def _foreign(outcome: Merged) -> bool:
    return any(piece.origin == "theirs" for piece in outcome.pieces)


def _put_back(three: Three, actor: Actor, at: datetime) -> Saved:
    """Put a removed unit back, with all that went with it and the text that was being written meanwhile."""
    removed = queries.removed_with(three.pen.session, three.pen.line, three.unit_id)
    standing = three.pen.document.by_id.keys() | {node.unit_id for node in removed}
    if any(node.parent_unit_id is not None and node.parent_unit_id not in standing for node in removed):
        raise GoneError
    for node in removed:
        three.pen.put_back(node)
    for language in LANGUAGES:
        three.pen.write(three.unit_id, language, three.edit.texts[language])
    return Saved(three.pen.record(Deed.RESTORED, actor=actor, at=at, message=three.edit.message), {})


def _clash(three: Three, outcomes: Mapping[str, Merged | Conflicted]) -> Clash:
    pen, now = three.pen, three.now
    pieces = {lang: each.pieces for lang, each in outcomes.items()}
    return Clash(
        document=pen.document,
        head=pen.head or three.seen.changeset,
        since=queries.last_change_of(
            pen.session, pen.line.id, three.unit_id, after=three.seen.changeset.number
        ),
        base={lang: three.base[lang] for lang in LANGUAGES},
        mine=three.edit.texts,
        theirs={lang: now.texts[lang] for lang in LANGUAGES} if now else None,
        pieces=pieces,
        proposal={
            lang: _proposal(pieces[lang]) if lang in pieces else three.edit.texts[lang] for lang in LANGUAGES
        },
    )


def _proposal(pieces: tuple[Piece | Conflict, ...]) -> str:
    """Return the merge with the writer's own words where it clashes: to be looked at before it is stored."""
    return "".join(piece.mine if isinstance(piece, Conflict) else piece.text for piece in pieces)
