"""The union's clause library: dated data and the code that reads it, and nothing else.

A clause is this project's own drafting in Japanese and English: one article (条) with its paragraphs (項)
and items (号). It names the provisions it is modelled on, in our words, with the source, the day it was
read and how certain the reading is. Nothing here quotes an agreement. Sources were read in part: "not seen"
never means "not in the agreement".

Texts hold two kinds of token. `{{ref:PATH}}` points to a unit of a library clause; PATH is `slug`,
`slug.2` (second paragraph) or `slug.2.1` (its first item). `{{blank:name}}` is a figure or name that the
union fills in.
"""

from unionapp.bargaining.library.entries import (
    AGREEMENT_KINDS,
    CERTAINTIES,
    PLACES,
    Article,
    Blank,
    Bundle,
    Clause,
    Code,
    CoverageCell,
    LegalNote,
    Level,
    Library,
    Model,
    ModelAgreement,
    Note,
    Paragraph,
    Text,
)
from unionapp.bargaining.library.loading import library, load
from unionapp.bargaining.library.reading import LibraryFaultsError
from unionapp.bargaining.library.tokens import blank_names, reference_paths, rewrite

__all__ = [
    "AGREEMENT_KINDS",
    "CERTAINTIES",
    "PLACES",
    "Article",
    "Blank",
    "Bundle",
    "Clause",
    "Code",
    "CoverageCell",
    "LegalNote",
    "Level",
    "Library",
    "LibraryFaultsError",
    "Model",
    "ModelAgreement",
    "Note",
    "Paragraph",
    "Text",
    "blank_names",
    "library",
    "load",
    "reference_paths",
    "rewrite",
]
