"""What a sealed text consists of, and what still stands in its way."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from unionapp.bargaining.models import Agreement, Document, Part, UnitKind
from unionapp.bargaining.queries.translations import TranslationState, translations
from unionapp.crypto import hashchain
from unionapp.kernel.bilingual import LANGUAGES

FORMAT = "unionapp sealed text 1"


@dataclass(frozen=True)
class Obstacles:
    """Units that must be looked at before the text can be sealed."""

    translations: list[Part] = field(default_factory=list)
    blanks: list[Part] = field(default_factory=list)
    references: list[Part] = field(default_factory=list)
    empty: bool = False

    def __bool__(self) -> bool:
        return bool(self.translations or self.blanks or self.references or self.empty)


def obstacles(session: Session, document: Document) -> Obstacles:
    """Return what keeps a version from being sealed.

    Blanks of the signature block do not: day and signatories are written by hand, after the ratification.
    """
    states = translations(session, document)
    return Obstacles(
        translations=[
            part for part in document.parts if states[part.id].state is not TranslationState.CHECKED
        ],
        blanks=[
            part
            for part in document.parts
            if document.blanks(part) and document.head_of(part).kind is not UnitKind.SIGNATURE
        ],
        references=[part for part in document.parts if document.unresolved(part)],
        empty=not document.parts,
    )


def sealed_content(agreement: Agreement, document: Document) -> str:
    """Return the canonical JSON of a version: the whole text in both languages with its numbers.

    It holds neither time nor author, so the same text always has the same SHA-256. Form: crypto.hashchain.
    """
    return hashchain.canonical(
        {
            "format": FORMAT,
            "agreement": str(agreement.id),
            "kind": agreement.kind.value,
            "title": {"ja": agreement.title.ja, "en": agreement.title.en},
            "employer": {"ja": agreement.employer.ja, "en": agreement.employer.en},
            "governing_language": agreement.title.authoritative,
            "numbering": agreement.numbering.value,
            "term": {
                "from": agreement.term_from.isoformat() if agreement.term_from else None,
                "to": agreement.term_to.isoformat() if agreement.term_to else None,
                "renews": agreement.auto_renew,
            },
            "units": [_unit(document, part) for part in document.parts],
        }
    ).decode()


def _unit(document: Document, part: Part) -> dict[str, Any]:
    number = document.numbers[part.id]
    return {
        "id": str(part.id),
        "kind": part.kind.value,
        "parent": _text_or_none(part.parent),
        "number": {language: number.mark[language] for language in LANGUAGES},
        "citation": {language: number.citation[language] for language in LANGUAGES},
        "text": {language: document.read(part, language) for language in LANGUAGES},
    }


def _text_or_none(unit_id: uuid.UUID | None) -> str | None:
    return None if unit_id is None else str(unit_id)


def plain_text(content: dict[str, Any], language: str) -> str:
    """Return a sealed text's content as plain text in one language, for printing and reading aloud."""
    lines = [content["title"][language], ""]
    for unit in content["units"]:
        mark, text = unit["number"][language], unit["text"][language]
        kind = unit["kind"]
        if kind in {"item", "subitem"}:
            lines.append(f"{'　' if language == 'ja' else '    '}{mark}{_gap(language)}{text}")
        elif kind == "paragraph":
            lines.append(f"{mark}{_gap(language)}{text}" if mark else text)
        else:
            lines += ["", text if kind in _CAPTIONED else f"{mark}{_gap(language)}{text}"]
    return "\n".join(lines) + "\n"


_CAPTIONED = {"preamble", "supplement", "signature"}


def _gap(language: str) -> str:
    return "　" if language == "ja" else " "
