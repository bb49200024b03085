"""A version of an agreement as a whole: its units in reading order with texts, numbers and ratings."""

import hashlib
import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from unionapp.bargaining.library import library
from unionapp.bargaining.models import wording
from unionapp.bargaining.models.numbers import Number, Numbering, UnitKind, numbers
from unionapp.kernel.bilingual import LANGUAGES

HEADED = frozenset(
    {UnitKind.PREAMBLE, UnitKind.ARTICLE, UnitKind.SUPPLEMENT, UnitKind.SCHEDULE, UnitKind.SIGNATURE}
)
"""Kinds whose text is a caption, with paragraphs below."""


def text_sha(body: str) -> bytes:
    """Return the SHA-256 of a text's UTF-8: its key in clause_text."""
    return hashlib.sha256(body.encode("utf-8")).digest()


@dataclass(frozen=True)
class Rating:
    """What somebody judged a unit to be worth for a code: 0 to 4, or -1 for N."""

    level: int
    note: str


@dataclass(frozen=True)
class Part:
    """A unit as it stands in one version; `texts` are stored texts by language, "" where there is none."""

    id: uuid.UUID
    kind: UnitKind
    parent: uuid.UUID | None
    rank: int
    texts: Mapping[str, str]
    library_path: str
    ratings: Mapping[str, Rating]

    @property
    def pair(self) -> tuple[bytes, bytes]:
        """The hashes of its Japanese and English text, as a Pairing keeps them."""
        return text_sha(self.texts["ja"]), text_sha(self.texts["en"])

    @property
    def headed(self) -> bool:
        return self.kind in HEADED

    @property
    def clause_slug(self) -> str:
        """The library clause it came from, or ""."""
        return self.library_path.partition(".")[0]


class Document:
    """The units of one version in reading order. Build it from any order: rank and parent decide."""

    def __init__(self, parts: Iterable[Part], style: Numbering) -> None:
        by_parent: dict[uuid.UUID | None, list[Part]] = defaultdict(list)
        for part in parts:
            by_parent[part.parent].append(part)
        for siblings in by_parent.values():
            siblings.sort(key=lambda part: (part.rank, part.id.hex))
        self.style = style
        self._by_parent = by_parent
        self.parts: tuple[Part, ...] = tuple(self._walk(None))
        self.by_id: dict[uuid.UUID, Part] = {part.id: part for part in self.parts}

    def _walk(self, parent: uuid.UUID | None) -> Iterator[Part]:
        for part in self._by_parent.get(parent, []):
            yield part
            yield from self._walk(part.id)

    def children(self, parent: uuid.UUID | None) -> list[Part]:
        """Return the units directly under one, or the outermost units, in order."""
        return list(self._by_parent.get(parent, []))

    def under(self, part: Part) -> list[Part]:
        """Return a unit and everything below it, in order."""
        return [part, *self._walk(part.id)]

    def head_of(self, part: Part) -> Part:
        """Return the article (or preamble, schedule …) that a unit stands in, or the unit itself."""
        while not part.headed and part.parent is not None:
            part = self.by_id[part.parent]
        return part

    @cached_property
    def numbers(self) -> dict[uuid.UUID, Number]:
        return numbers(self.parts, self.style)

    @cached_property
    def _by_path(self) -> dict[str, Part]:
        return {part.library_path: part for part in reversed(self.parts) if part.library_path}

    def target(self, name: str) -> Part | None:
        """Return the unit a stored reference names: by id, or by the library path it has come from since."""
        try:
            return self.by_id.get(uuid.UUID(name))
        except ValueError:
            return self._by_path.get(name)

    def read(self, part: Part, language: str) -> str:
        """Return a unit's text as a reader sees it: numbers for references, words for blanks."""
        return self.read_body(part.texts[language], part.clause_slug, language)

    def read_body(self, body: str, slug: str, language: str) -> str:
        """Return any stored text as a reader of this version sees it; `slug` is the clause of its blanks."""
        missing = "［参照先なし］" if language == "ja" else "[reference missing]"

        def reference(name: str) -> str:
            found = self.target(name)
            return missing if found is None else self.numbers[found.id].citation[language]

        return wording.replaced(body, reference, lambda name: blank_words(slug, name, language))

    def typed(self, part: Part, language: str) -> str:
        """Return a unit's text as its writer sees it, with numbers inside the marks of references."""
        return self.typed_body(part.texts[language], language)

    def typed_body(self, body: str, language: str) -> str:
        """Return any stored text as a writer of this version sees it."""
        names = {name: self.target(name) for name in wording.references(body)}
        known = {name: self.numbers[found.id].citation[language] for name, found in names.items() if found}
        return wording.typed(body, known)

    def stored(self, text: str) -> str:
        """Return what a writer of this version typed as it is stored. Raises wording.UnknownTokenError."""
        return wording.stored(text, self._targets)

    @cached_property
    def _targets(self) -> dict[str, str]:
        return {
            wording.folded(self.numbers[part.id].citation[language]): str(part.id)
            for part in self.parts
            for language in LANGUAGES
        }

    def unresolved(self, part: Part) -> bool:
        """Tell whether a unit refers to something that is not in this version."""
        return any(self.target(name) is None for name in self._named(part))

    def leads_to(self, part: Part) -> set[uuid.UUID]:
        """Return the ids of the units that a unit refers to."""
        return {found.id for name in self._named(part) if (found := self.target(name))}

    def _named(self, part: Part) -> set[str]:
        return {name for language in LANGUAGES for name in wording.references(part.texts[language])}

    def blanks(self, part: Part) -> list[str]:
        """Return the names of a unit's unfilled blanks, in order, once each."""
        return list(dict.fromkeys(name for lang in LANGUAGES for name in wording.blanks(part.texts[lang])))

    def levels(self) -> dict[str, int]:
        """Return the highest level among the units by code; N (-1) prevails, for it undoes the rest."""
        found: dict[str, int] = {}
        for part in self.parts:
            for code, rating in part.ratings.items():
                best = found.get(code)
                negative = rating.level < 0 or (best is not None and best < 0)
                found[code] = -1 if negative else max(best or 0, rating.level)
        return found


@cache
def blank_words(slug: str, name: str, language: str) -> str:
    """Return how a blank is shown to readers: the first sentence of what the library says of it."""
    clauses = {clause.slug: clause for clause in library().clauses}
    found = [blank for blank in clauses[slug].blanks if blank.name == name] if slug in clauses else []
    said = found[0].explanation.in_language(language) if found else name
    words = said.split("。", 1)[0] if language == "ja" else said.split(".", 1)[0].split(";", 1)[0]
    return f"［{words}］" if language == "ja" else f"[{words}]"
