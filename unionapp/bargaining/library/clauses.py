"""A clause file: `clauses/<slug>.toml`."""

from datetime import date

from unionapp.bargaining.library.entries import (
    BLANK_KINDS,
    CERTAINTIES,
    PLACES,
    RELATIONS,
    Article,
    Blank,
    Clause,
    Level,
    Model,
    Note,
    Paragraph,
)
from unionapp.bargaining.library.reading import Table


def read_clause(slug: str, table: Table) -> Clause:
    """Read the clause whose slug is the name of its file."""
    title = table.text("title")
    read_on = table.day("read_on")
    return Clause(
        slug=slug,
        place=table.string("place", PLACES),
        title=title,
        levels=tuple(map(_level, table.tables("levels"))),
        article=Article(title, tuple(map(_paragraph, table.tables("paragraphs")))),
        blanks=tuple(map(_blank, table.tables("blanks"))),
        note=_note(table.table("note")),
        models=tuple(_model(one, read_on) for one in table.tables("modelled_on")),
        legal_basis=table.strings("legal_basis"),
        read_on=read_on,
    )


def _level(table: Table) -> Level:
    level = table.integer("level")
    if level is None:
        table.fault("level is missing")
    return Level(table.string("code"), 0 if level is None else level, table.text("reason"))


def _paragraph(table: Table) -> Paragraph:
    return Paragraph(table.both(), tuple(item.both() for item in table.tables("items")))


def _blank(table: Table) -> Blank:
    return Blank(
        name=table.string("name"),
        kind=table.string("kind", BLANK_KINDS),
        default=table.default_text("default"),
        minimum=table.integer("minimum"),
        maximum=table.integer("maximum"),
        explanation=table.text("explanation"),
    )


def _note(table: Table) -> Note:
    return Note(table.text("why"), table.text("employer"), table.text("fallback"))


def _model(table: Table, read_on: date) -> Model:
    return Model(
        agreement=table.string("agreement"),
        relation=table.string("relation", RELATIONS),
        provision=table.text("provision"),
        changed=table.text("changed"),
        source=table.string("source"),
        read_on=table.day("read_on", read_on),
        certainty=table.string("certainty", CERTAINTIES),
    )
