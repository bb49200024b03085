"""From the folder of TOML files to a checked `Library`."""

import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from unionapp.bargaining.library.checking import check
from unionapp.bargaining.library.clauses import read_clause
from unionapp.bargaining.library.entries import PLACES, Clause, Library
from unionapp.bargaining.library.reading import LibraryFaultsError, Reading, Table
from unionapp.bargaining.library.references import (
    read_agreement,
    read_bundle,
    read_code,
    read_coverage,
    read_legal_note,
)


@cache
def library() -> Library:
    """Give the library that ships with the program. Raises LibraryFaultsError with every fault."""
    return load(files("unionapp.bargaining.library") / "data")


def load(folder: Traversable | Path) -> Library:
    """Read and check the library in a folder. Raises LibraryFaultsError, which lists every fault."""
    reading = Reading()
    agreements = _table(reading, folder, "model_agreements.toml")
    coverage = _table(reading, folder, "coverage.toml")
    notes = _table(reading, folder, "legal_notes.toml")
    found = Library(
        codes=tuple(map(read_code, _table(reading, folder, "codes.toml").tables("codes"))),
        agreements=tuple(
            read_agreement(one, agreements.day("read_on")) for one in agreements.tables("agreements")
        ),
        coverage=read_coverage(coverage),
        legal_notes=tuple(read_legal_note(one, notes.day("read_on")) for one in notes.tables("notes")),
        clauses=_clauses(reading, folder),
        bundles=tuple(map(read_bundle, _table(reading, folder, "bundles.toml").tables("bundles"))),
    )
    reading.note_unknown_keys()
    faults = reading.faults + check(found)
    if faults:
        raise LibraryFaultsError(faults)
    return _in_order(found)


def _clauses(reading: Reading, folder: Traversable | Path) -> tuple[Clause, ...]:
    shelf = folder / "clauses"
    names = sorted(entry.name for entry in shelf.iterdir()) if shelf.is_dir() else []
    slugs = [name.removesuffix(".toml") for name in names if name.endswith(".toml")]
    return tuple(read_clause(slug, _table(reading, shelf, f"{slug}.toml")) for slug in slugs)


def _table(reading: Reading, folder: Traversable | Path, name: str) -> Table:
    try:
        raw = tomllib.loads((folder / name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reading.faults.append(f"{name}: cannot be read: {error}")
        raw = {}
    return reading.open(name, raw)


def _in_order(found: Library) -> Library:
    rank = {code.code: number for number, code in enumerate(found.codes)}

    def position(clause: Clause) -> tuple[int, int, str]:
        first = min((rank[code] for code in clause.codes), default=0)
        return PLACES.index(clause.place), first, clause.slug

    ordered = tuple(sorted(found.clauses, key=position))
    return Library(found.codes, found.agreements, found.coverage, found.legal_notes, ordered, found.bundles)
