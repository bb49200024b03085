"""What the library holds: codes, agreements read, coverage, legal notes, clauses, bundles. All frozen."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal

from unionapp.bargaining.library.tokens import reference_paths

CERTAINTIES = {
    "T": "the agreement's or the law's own wording was read, in part",
    "U": "the union's or the party's own summary",
    "P": "press or law firm",
    "S": "one secondary source: a lead only",
    "B": "general knowledge, seen in no source read",
    "X": "sources contradict each other",
}
UNCOUNTED = frozenset("BX")
AGREEMENT_KINDS = ("agreement", "settlement", "talks")
PLACES = ("preamble", "opening", "body", "closing", "supplementary", "signature")
RELATIONS = ("follows", "extends", "gap")
BLANK_KINDS = ("number", "name", "date", "words")
LEVELS = range(5)
LevelMark = Literal["level", "negative", "not_applicable", "not_seen"]


@dataclass(frozen=True, slots=True)
class Text:
    """The same statement in Japanese and in English."""

    ja: str
    en: str

    def in_language(self, language: str) -> str:
        """Give the Japanese side for `ja`, the English side for every other language."""
        return self.ja if language == "ja" else self.en


@dataclass(frozen=True, slots=True)
class Code:
    """One of the 24 protections: its name, the question it answers, why animators ask it."""

    code: str
    name: Text
    question: Text
    why: Text


@dataclass(frozen=True, slots=True)
class ModelAgreement:
    """An agreement, settlement or negotiation that was read about. Matrix says whether it has a column."""

    id: str
    kind: str
    name: Text
    parties: Text
    term: Text
    source: str
    read_on: date
    certainty: str
    matrix: bool


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """How one agreement answers one code. `level` is 0 to 4, or None when `mark` is not "level".

    "negative" means the employer keeps the opposite right. Every figure is a judgement, not a fact.
    """

    agreement: str
    code: str
    mark: LevelMark
    level: int | None
    note: Text
    source: str
    read_on: date
    certainty: str | None

    @property
    def hatched(self) -> bool:
        """Nobody saw it, or sources contradict each other: shown hatched and never counted."""
        return self.certainty in UNCOUNTED


@dataclass(frozen=True, slots=True)
class LegalNote:
    """A statement about the law, or about a fact beside it, as read on a day."""

    id: str
    title: Text
    statement: Text
    consequence: Text
    source: str
    read_on: date
    certainty: str


@dataclass(frozen=True, slots=True)
class Blank:
    """A figure or name left to the union. Without a default somebody must fill it before signature.

    `minimum` and `maximum` bound a number, where the law or the sense of the clause does.
    """

    name: str
    kind: str
    default: Text | None
    minimum: int | None
    maximum: int | None
    explanation: Text


@dataclass(frozen=True, slots=True)
class Level:
    """The strength a clause claims for a code, 0 to 4, with the reason."""

    code: str
    level: int
    reason: Text


@dataclass(frozen=True, slots=True)
class Model:
    """A provision the clause follows or extends, or the gap in an agreement that it answers; in our words."""

    agreement: str
    relation: str
    provision: Text
    changed: Text
    source: str
    read_on: date
    certainty: str


@dataclass(frozen=True, slots=True)
class Note:
    """For negotiators: why animators need it, what the employer will say, where to fall back to."""

    why: Text
    employer: Text
    fallback: Text


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A 項 with its 号."""

    text: Text
    items: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A 条: its caption and its 項. Numbers are never stored."""

    title: Text
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: text, claims, blanks, notes, models. Frame clauses (preamble, term …) claim no code."""

    slug: str
    place: str
    title: Text
    levels: tuple[Level, ...]
    article: Article
    blanks: tuple[Blank, ...]
    note: Note
    models: tuple[Model, ...]
    legal_basis: tuple[str, ...]
    read_on: date

    @property
    def codes(self) -> dict[str, int]:
        """Claimed level by code."""
        return {claim.code: claim.level for claim in self.levels}

    @property
    def home_made(self) -> bool:
        """No agreement among those read has such a provision."""
        return bool(self.levels) and all(model.relation == "gap" for model in self.models)

    @property
    def requires(self) -> frozenset[str]:
        """Slugs of other clauses this one refers to; a draft needs them too."""
        paths = (path for _, text in self.units() for path in reference_paths(text.ja))
        return frozenset(path.split(".")[0] for path in paths) - {self.slug}

    def units(self) -> Iterator[tuple[str, Text]]:
        """Every unit with the path by which references name it: `slug`, `slug.1`, `slug.1.1` …, in order."""
        yield self.slug, self.article.title
        for number, paragraph in enumerate(self.article.paragraphs, start=1):
            yield f"{self.slug}.{number}", paragraph.text
            for item_number, item in enumerate(paragraph.items, start=1):
                yield f"{self.slug}.{number}.{item_number}", item


@dataclass(frozen=True, slots=True)
class Bundle:
    """Clauses that stand together as a draft, in order, with the levels they claim as a whole."""

    id: str
    title: Text
    purpose: Text
    clauses: tuple[str, ...]
    claims: dict[str, int]


@dataclass(frozen=True, slots=True)
class Library:
    """Everything that was read, checked as a whole."""

    codes: tuple[Code, ...]
    agreements: tuple[ModelAgreement, ...]
    coverage: tuple[CoverageCell, ...]
    legal_notes: tuple[LegalNote, ...]
    clauses: tuple[Clause, ...]
    bundles: tuple[Bundle, ...]

    def clause(self, slug: str) -> Clause:
        """Raise KeyError if no clause has the slug."""
        return {clause.slug: clause for clause in self.clauses}[slug]

    def bundle(self, bundle_id: str) -> Bundle:
        """Raise KeyError if no bundle has the id."""
        return {bundle.id: bundle for bundle in self.bundles}[bundle_id]

    def cell(self, agreement: str, code: str) -> CoverageCell | None:
        """Find the matrix cell, or None where the agreement has no reading for the code."""
        found = (cell for cell in self.coverage if (cell.agreement, cell.code) == (agreement, code))
        return next(found, None)

    def levels(self, slugs: Iterable[str]) -> dict[str, int]:
        """Highest claimed level per code among these clauses. Raise KeyError for an unknown slug."""
        chosen = [self.clause(slug).codes for slug in slugs]
        best = {
            code.code: max((levels.get(code.code, -1) for levels in chosen), default=-1)
            for code in self.codes
        }
        return {code: level for code, level in best.items() if level >= 0}
