"""A version as its pages show it: sheets with rows, in the reader's language, with what is to be done."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from unionapp.bargaining import queries
from unionapp.bargaining.library import library
from unionapp.bargaining.models import Document, Part, UnitKind
from unionapp.bargaining.queries import Translation, TranslationState
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.i18n import _, locale

SELF_NAMED = frozenset({UnitKind.PREAMBLE, UnitKind.SUPPLEMENT, UnitKind.SIGNATURE})
CHILD = {
    UnitKind.PARAGRAPH: UnitKind.ITEM,
    UnitKind.ITEM: UnitKind.SUBITEM,
}


@dataclass(frozen=True)
class Row:
    """One unit with its texts as readers see them; `stale` names the side in doubt, if any."""

    part: Part
    mark: str
    citation: str
    texts: dict[str, str]
    translation: Translation
    blanks: list[str]
    unresolved: bool
    first: bool
    last: bool

    @property
    def anchor(self) -> str:
        """What its place on a page is called."""
        return str(self.part.id)

    @property
    def unready(self) -> bool:
        """Whether its translation or a reference must be looked at."""
        return self.translation.state is not TranslationState.CHECKED or self.unresolved

    @property
    def child(self) -> UnitKind | None:
        """Which kind of unit may be put under it, if any."""
        return UnitKind.PARAGRAPH if self.part.headed else CHILD.get(self.part.kind)


@dataclass(frozen=True)
class Rated:
    """A code that a unit claims, in the reader's words."""

    code: str
    name: str
    level: str
    negative: bool
    reason: str


@dataclass(frozen=True)
class Sheet:
    """An article, or another unit with a caption, and its rows; chapters and sections have none."""

    head: Row
    rows: list[Row]
    rated: list[Rated]

    @property
    def to_do(self) -> int:
        """How many of its units keep the text from being sealed; signatories are filled in by hand."""
        by_hand = self.head.part.kind is UnitKind.SIGNATURE
        return sum(row.unready or (bool(row.blanks) and not by_hand) for row in (self.head, *self.rows))


def sheets(document: Document, states: dict[uuid.UUID, Translation]) -> Iterator[Sheet]:
    """Return a version sheet by sheet."""
    for part in document.parts:
        if part.headed:
            below = [row_of(document, each, states) for each in document.under(part)[1:]]
            yield Sheet(row_of(document, part, states), below, rated(part))
        elif part.kind in {UnitKind.CHAPTER, UnitKind.SECTION}:
            yield Sheet(row_of(document, part, states), [], [])


def row_of(document: Document, part: Part, states: dict[uuid.UUID, Translation]) -> Row:
    """Return one unit as its pages show it."""
    number = document.numbers[part.id]
    siblings = document.children(part.parent)
    return Row(
        part=part,
        mark="" if part.kind in SELF_NAMED else number.mark[locale()],
        citation=number.citation[locale()],
        texts={language: document.read(part, language) for language in LANGUAGES},
        translation=states.get(part.id, Translation(TranslationState.CHECKED, None)),
        blanks=document.blanks(part),
        unresolved=document.unresolved(part),
        first=siblings[0].id == part.id,
        last=siblings[-1].id == part.id,
    )


def rated(part: Part) -> list[Rated]:
    """Return the codes that a unit claims; the library's own reason where the claim is still its own."""
    names = {code.code: code.name.in_language(locale()) for code in library().codes}
    reasons = _library_reasons(part.library_path)
    return [
        Rated(
            code,
            names.get(code, code),
            level_words(rating.level),
            rating.level < 0,
            rating.note or reasons.get((code, rating.level), ""),
        )
        for code, rating in sorted(part.ratings.items())
    ]


def _library_reasons(path: str) -> dict[tuple[str, int], str]:
    known = {clause.slug: clause for clause in library().clauses}
    claims = known[path].levels if path in known else ()
    return {(claim.code, claim.level): claim.reason.in_language(locale()) for claim in claims}


def level_words(level: int | None) -> str:
    """Return a level as the tables write it; a dash where nothing is claimed."""
    if level is None:
        return "–"
    return "N" if level < 0 else str(level)


@dataclass(frozen=True)
class SealedRow:
    """A unit of a sealed text, as its canonical JSON has it."""

    anchor: str
    mark: str
    texts: dict[str, str]


@dataclass(frozen=True)
class SealedSheet:
    """A headed unit of a sealed text and the rows below it."""

    head: SealedRow
    rows: list[SealedRow]


def sealed_sheets(content: dict[str, Any]) -> list[SealedSheet]:
    """Return a sealed text for its page, from the very JSON that was hashed."""
    found: list[SealedSheet] = []
    for unit in content["units"]:
        kind = UnitKind(unit["kind"])
        mark = "" if kind in SELF_NAMED else unit["number"][locale()]
        row = SealedRow(unit["id"], mark, unit["text"])
        if unit["parent"] is None or kind in {UnitKind.SECTION, UnitKind.ARTICLE}:
            found.append(SealedSheet(row, []))
        else:
            found[-1].rows.append(row)
    return found


def name_of(document: Document, part: Part) -> str:
    """Return a unit's citation with the caption of a headed one, to stand in a list."""
    citation = document.numbers[part.id].citation[locale()]
    if not part.headed:
        return citation
    caption = document.read(part, locale()) or document.read(part, "ja")
    return caption if part.kind in SELF_NAMED else f"{citation} {caption}"


def kind_words(kind: UnitKind) -> str:
    """Return what a kind of unit is called."""
    return {
        UnitKind.PREAMBLE: _("preamble"),
        UnitKind.CHAPTER: _("chapter"),
        UnitKind.SECTION: _("section"),
        UnitKind.ARTICLE: _("article"),
        UnitKind.PARAGRAPH: _("paragraph"),
        UnitKind.ITEM: _("item"),
        UnitKind.SUBITEM: _("sub-item"),
        UnitKind.SUPPLEMENT: _("supplementary provisions"),
        UnitKind.SCHEDULE: _("schedule"),
        UnitKind.SIGNATURE: _("signature block"),
    }[kind]


def to_do(document: Document, found: queries.Obstacles) -> dict[str, list[tuple[str, str]]]:
    """Return what stands in the way of sealing as (name, unit id) by sort."""
    return {
        sort: [(name_of(document, part), str(part.id)) for part in parts]
        for sort, parts in (
            ("translations", found.translations),
            ("blanks", found.blanks),
            ("references", found.references),
        )
    }
