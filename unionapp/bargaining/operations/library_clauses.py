"""Clauses of the library become units of a draft, with their origin."""

import uuid

from unionapp.bargaining.library import Clause, library
from unionapp.bargaining.models import PairingState, Rating, UnitKind, wording
from unionapp.bargaining.operations.changesets import Pen
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.forms import clean

KINDS = {
    "preamble": UnitKind.PREAMBLE,
    "supplementary": UnitKind.SUPPLEMENT,
    "signature": UnitKind.SIGNATURE,
}
BELOW = (UnitKind.PARAGRAPH, UnitKind.ITEM)


def put_in(pen: Pen, clauses: list[Clause], place: int) -> list[uuid.UUID]:
    """Put clauses in at a place among the outermost units; return the ids of their articles.

    References lead to units where the clause they name is in the draft, and keep the library's path where it
    is not: they will find it when it comes. Blanks with a default are filled.
    """
    heads = []
    for index, clause in enumerate(clauses):
        ids: dict[str, uuid.UUID] = {}
        kind = KINDS.get(clause.place, UnitKind.ARTICLE)
        for path, _text in clause.units():
            depth = path.count(".")
            parent = ids[path.rpartition(".")[0]] if depth else None
            texts = _texts(clause, path)
            ids[path] = pen.add(
                BELOW[depth - 1] if depth else kind,
                parent,
                len(pen.siblings(parent)) if depth else place + index,
                texts,
                path,
            )
            pen.pair(ids[path], texts, PairingState.CHECKED, None)
        heads.append(ids[clause.slug])
        for claim in clause.levels:
            pen.rate(ids[clause.slug], claim.code, Rating(claim.level, ""))
    return heads


def _texts(clause: Clause, path: str) -> dict[str, str]:
    text = dict(clause.units())[path]
    return {
        language: _filled(clause, clean(text.in_language(language)) or "", language) for language in LANGUAGES
    }


def _filled(clause: Clause, body: str, language: str) -> str:
    defaults = {blank.name: blank.default.in_language(language) for blank in clause.blanks if blank.default}
    return wording.replaced(
        body, wording.reference_token, lambda name: defaults.get(name, wording.blank_token(name))
    )


def clauses_of(bundle_id: str) -> list[Clause]:
    """Return a bundle's clauses in order. Raises KeyError for an unknown bundle."""
    return [library().clause(slug) for slug in library().bundle(bundle_id).clauses]
