"""Reads of bargaining."""

from unionapp.bargaining.queries.agreements import (
    AgreementRow,
    agreement_for,
    agreements_for,
    sealed_text_for,
    sealed_texts,
)
from unionapp.bargaining.queries.comparison import (
    Comparison,
    UnitComparison,
    UnitFate,
    compare,
    spoken_changes,
)
from unionapp.bargaining.queries.coverage import Fall, Row, columns, falls, rows
from unionapp.bargaining.queries.sealing import Obstacles, obstacles, plain_text, sealed_content
from unionapp.bargaining.queries.translations import (
    Translation,
    TranslationState,
    judge,
    pairings_of,
    since_pairing,
    translations,
)
from unionapp.bargaining.queries.versions import (
    Version,
    changeset_for,
    changesets_of,
    document_at,
    draft_for,
    head_of,
    last_change_of,
    line_of,
    removed_with,
    touched_units,
    version_for,
)

__all__ = [
    "AgreementRow",
    "Comparison",
    "Fall",
    "Obstacles",
    "Row",
    "Translation",
    "TranslationState",
    "UnitComparison",
    "UnitFate",
    "Version",
    "agreement_for",
    "agreements_for",
    "changeset_for",
    "changesets_of",
    "columns",
    "compare",
    "document_at",
    "draft_for",
    "falls",
    "head_of",
    "judge",
    "last_change_of",
    "line_of",
    "obstacles",
    "pairings_of",
    "plain_text",
    "removed_with",
    "rows",
    "sealed_content",
    "sealed_text_for",
    "sealed_texts",
    "since_pairing",
    "spoken_changes",
    "touched_units",
    "translations",
    "version_for",
]
