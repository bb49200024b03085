"""Whether a unit's two texts are known to say the same."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from unionapp.bargaining.models import ClauseText, Document, Pairing, PairingState, Part
from unionapp.kernel.bilingual import Language
from unionapp.redline import Op, redline


class TranslationState(StrEnum):
    """`unchecked`: both were written together, nobody compared them yet. `stale`: one changed since."""

    CHECKED = "checked"
    UNCHECKED = "unchecked"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True)
class Translation:
    """The state of a pair and the side that needs a look."""

    state: TranslationState
    language: Language | None


def translations(session: Session, document: Document) -> dict[uuid.UUID, Translation]:
    """Return the state of each unit's pair of texts."""
    known = pairings_of(session, document.by_id)
    return {part.id: judge(part, known.get(part.id, [])) for part in document.parts}


def pairings_of(session: Session, unit_ids: object) -> dict[uuid.UUID, list[Pairing]]:
    """Return the pairings of units, oldest first."""
    found: dict[uuid.UUID, list[Pairing]] = defaultdict(list)
    for pairing in session.scalars(
        select(Pairing).where(Pairing.unit_id.in_(list(unit_ids))).order_by(Pairing.at, Pairing.state.desc())  # type: ignore[call-overload]
    ):
        found[pairing.unit_id].append(pairing)
    return found


def since_pairing(session: Session, document: Document, part: Part, pairing: Pairing) -> dict[str, list[Op]]:
    """Return, for each language that changed since a pairing, the redline from the text that was paired."""
    changed: dict[str, list[Op]] = {}
    for language, sha in (("ja", pairing.ja_sha), ("en", pairing.en_sha)):
        old = session.get(ClauseText, sha)
        if old is not None and old.body != part.texts[language]:
            before = document.read_body(old.body, part.clause_slug, language)
            changed[language] = redline(before, document.read(part, language))
    return changed


def judge(part: Part, pairings: list[Pairing]) -> Translation:
    """Judge one unit by the pairings known of it.

    The side in doubt is the one that did not change since the last pairing; if both did, the English one.
    """
    if not part.texts["ja"] or not part.texts["en"]:
        return Translation(TranslationState.MISSING, "en" if part.texts["ja"] else "ja")
    same = [known.state for known in pairings if (known.ja_sha, known.en_sha) == part.pair]
    if PairingState.CHECKED in same:
        return Translation(TranslationState.CHECKED, None)
    if same:
        return Translation(TranslationState.UNCHECKED, "en")
    japanese_kept = bool(pairings) and pairings[-1].ja_sha == part.pair[0]
    return Translation(TranslationState.STALE, "ja" if japanese_kept else "en")
