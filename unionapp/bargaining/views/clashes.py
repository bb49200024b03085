"""What the page shows when two people changed the same words."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from unionapp.bargaining.forms import TextsForm
from unionapp.bargaining.models import Agreement
from unionapp.bargaining.operations import Clash
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.i18n import locale
from unionapp.membership import queries as members
from unionapp.redline import Conflict, Op, redline


@dataclass(frozen=True)
class Side:
    """One language of a clash: the text all began from, and what either made of it, as redlines."""

    language: str
    base: str
    theirs: list[Op]
    mine: list[Op]
    places: list[Conflict]


def clash_facts(
    session: Session, agreement: Agreement, unit_id: uuid.UUID, clash: Clash, form: TextsForm
) -> dict[str, Any]:
    """Return the facts of the page; the form is filled with a proposal, to be saved on the newest version."""
    form.base.data = str(clash.head.id)
    form.restore.data = "1" if clash.theirs is None else ""
    form.ja.data = clash.document.typed_body(clash.proposal["ja"], "ja")
    form.en.data = clash.document.typed_body(clash.proposal["en"], "en")
    names = members.members_named(session, [step.author_id for step in clash.since if step.author_id])
    part = clash.document.by_id.get(unit_id)
    return {
        "agreement": agreement,
        "unit_id": unit_id,
        "name": clash.document.numbers[unit_id].citation[locale()] if part else None,
        "sides": [_side(clash, part.clause_slug if part else "", language) for language in LANGUAGES],
        "since": [(step, names.get(step.author_id) if step.author_id else None) for step in clash.since],
        "removed": clash.theirs is None,
        "form": form,
        "head": clash.head,
    }


def _side(clash: Clash, slug: str, language: str) -> Side:
    def read(texts: Mapping[str, str]) -> str:
        return clash.document.read_body(texts[language], slug, language)

    def shown(text: str) -> str:
        return clash.document.read_body(text, slug, language)

    base, mine = read(clash.base), read(clash.mine)
    theirs = read(clash.theirs) if clash.theirs is not None else ""
    places = [
        Conflict(shown(piece.base), shown(piece.mine), shown(piece.theirs))
        for piece in clash.pieces.get(language, ())
        if isinstance(piece, Conflict)
    ]
    return Side(language, base, redline(base, theirs), redline(base, mine), places)
