"""Tables of bargaining, and the words that numbers and references are written in."""

from unionapp.bargaining.models.agreements import (
    Agreement,
    AgreementKind,
    AgreementLine,
    LineKind,
    Numbering,
    Party,
    SealedText,
)
from unionapp.bargaining.models.document import Document, Part, Rating, text_sha
from unionapp.bargaining.models.history import (
    Changeset,
    ClauseText,
    Coverage,
    Deed,
    Node,
    Pairing,
    PairingState,
    Unit,
    UnitText,
)
from unionapp.bargaining.models.insert_only import INSERT_ONLY, guard_on_creation
from unionapp.bargaining.models.numbers import ALLOWED_UNDER, Number, UnitKind, numbers

guard_on_creation()

__all__ = [
    "ALLOWED_UNDER",
    "INSERT_ONLY",
    "Agreement",
    "AgreementKind",
    "AgreementLine",
    "Changeset",
    "ClauseText",
    "Coverage",
    "Deed",
    "Document",
    "LineKind",
    "Node",
    "Number",
    "Numbering",
    "Pairing",
    "PairingState",
    "Part",
    "Party",
    "Rating",
    "SealedText",
    "Unit",
    "UnitKind",
    "UnitText",
    "numbers",
    "text_sha",
]
