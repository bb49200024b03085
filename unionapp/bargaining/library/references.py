"""The files beside the clauses: codes, agreements read, coverage matrix, legal notes, bundles."""

from datetime import date

from unionapp.bargaining.library.entries import (
    AGREEMENT_KINDS,
    CERTAINTIES,
    Bundle,
    Code,
    CoverageCell,
    LegalNote,
    LevelMark,
    ModelAgreement,
    Text,
)
from unionapp.bargaining.library.reading import Table

_MARKS: dict[str, LevelMark] = {"N": "negative", "-": "not_applicable", "?": "not_seen"}
_ANSWERS = {"0", "1", "2", "3", "4", *_MARKS}


def read_code(table: Table) -> Code:
    """Read one of the protections."""
    return Code(table.string("code"), table.text("name"), table.text("question"), table.text("why"))


def read_agreement(table: Table, read_on: date) -> ModelAgreement:
    """Read an agreement that was read about."""
    return ModelAgreement(
        id=table.string("id"),
        kind=table.string("kind", AGREEMENT_KINDS),
        name=table.text("name"),
        parties=table.text("parties"),
        term=table.text("term"),
        source=table.string("source"),
        read_on=table.day("read_on", read_on),
        certainty=table.string("certainty", CERTAINTIES),
        matrix=table.flag("matrix"),
    )


def read_coverage(table: Table) -> tuple[CoverageCell, ...]:
    """Read the matrix: one table per agreement, one line per code."""
    read_on = table.day("read_on")
    standard = table.table("standard")
    source = standard.string("source")
    notes = {
        mark: standard.text(name)
        for mark, name in (("0", "zero"), ("?", "not_seen"), ("-", "not_applicable"))
    }
    columns = table.table("cells")
    return tuple(
        _cell(line, (agreement, code), notes, source, read_on)
        for agreement in columns.keys()  # noqa: SIM118 - a Table is no mapping
        for column in [columns.table(agreement)]
        for code in column.keys()  # noqa: SIM118 - a Table is no mapping
        for line in [column.table(code)]
    )


def _cell(
    line: Table, key: tuple[str, str], notes: dict[str, Text], source: str, read_on: date
) -> CoverageCell:
    answer = line.string("level", _ANSWERS)
    scored = answer in _ANSWERS - {"?", "-"}
    return CoverageCell(
        agreement=key[0],
        code=key[1],
        mark=_MARKS.get(answer, "level"),
        level=int(answer) if answer.isascii() and answer.isdecimal() else None,
        note=line.text("note") if line.has("note") or answer not in notes else notes[answer],
        source=line.string("source") if line.has("source") or answer not in notes else source,
        read_on=line.day("read_on", read_on),
        certainty=line.string("certainty", CERTAINTIES) if scored or line.has("certainty") else None,
    )


def read_legal_note(table: Table, read_on: date) -> LegalNote:
    """Read a statement about the law."""
    return LegalNote(
        id=table.string("id"),
        title=table.text("title"),
        statement=table.text("statement"),
        consequence=table.text("consequence"),
        source=table.string("source"),
        read_on=table.day("read_on", read_on),
        certainty=table.string("certainty", CERTAINTIES),
    )


def read_bundle(table: Table) -> Bundle:
    """Read a draft made of clauses, with its claims."""
    claims = table.table("claims")
    return Bundle(
        id=table.string("id"),
        title=table.text("title"),
        purpose=table.text("purpose"),
        clauses=table.strings("clauses"),
        claims={code: level for code in claims.keys() if (level := claims.integer(code)) is not None},  # noqa: SIM118 - a Table is no mapping
    )
