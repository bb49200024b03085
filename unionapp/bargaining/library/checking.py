"""What must hold across the files. Each check gives its faults as sentences, none stops the others."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from unionapp.bargaining.library.entries import LEVELS, Blank, Bundle, Clause, Library, Text
from unionapp.bargaining.library.tokens import blank_names, reference_paths, stray_braces

_HALF_WIDTH_KANA = re.compile("[\uff61-\uff9f]")
_SLUG = re.compile(r"[a-z][a-z0-9-]*")


def check(found: Library) -> list[str]:
    """Every fault across the files, in words; an empty list for a sound library."""
    checks = (_doubles, _coverage, _clauses, _references, _bundles)
    return [fault for one in checks for fault in one(found)]


def _doubles(found: Library) -> Iterator[str]:
    named: dict[str, Iterable[str]] = {
        "codes.toml": [code.code for code in found.codes],
        "model_agreements.toml": [agreement.id for agreement in found.agreements],
        "legal_notes.toml": [note.id for note in found.legal_notes],
        "bundles.toml": [bundle.id for bundle in found.bundles],
    }
    for where, names in named.items():
        yield from (f"{where}: {name} stands there {n} times" for name, n in Counter(names).items() if n > 1)
    covered = {code for clause in found.clauses for code in clause.codes}
    yield from (f"codes.toml: {code.code} has no clause" for code in found.codes if code.code not in covered)


def _coverage(found: Library) -> Iterator[str]:
    codes = {code.code for code in found.codes}
    agreements = {agreement.id: agreement for agreement in found.agreements}
    for cell in found.coverage:
        if cell.agreement not in agreements:
            yield f"coverage.toml: {cell.agreement} is no agreement of model_agreements.toml"
        if cell.code not in codes:
            yield f"coverage.toml: {cell.agreement} {cell.code} is no known code"
    for agreement in found.agreements:
        read = {cell.code for cell in found.coverage if cell.agreement == agreement.id}
        if agreement.matrix and codes - read:
            yield f"coverage.toml: {agreement.id} lacks {', '.join(sorted(codes - read))}"


def _clauses(found: Library) -> Iterator[str]:
    for clause in found.clauses:
        yield from (f"{clause.slug}: {fault}" for fault in _clause(clause, found))


def _clause(clause: Clause, found: Library) -> Iterator[str]:
    if not _SLUG.fullmatch(clause.slug):
        yield "the file name should be small letters, digits and hyphens"
    if not clause.article.paragraphs:
        yield "has no paragraph"
    if not clause.models and not clause.legal_basis:
        yield "names neither a model nor a legal basis"
    yield from _claims(clause, {code.code for code in found.codes})
    yield from _names(clause, found)
    yield from _blanks(clause)
    for path, text in clause.units():
        yield from (f"{path}: {fault}" for fault in _text(text))


def _claims(clause: Clause, codes: set[str]) -> Iterator[str]:
    if clause.place == "body" and not clause.levels:
        yield "claims no code"
    if len(clause.codes) < len(clause.levels):
        yield "claims a code twice"
    for claim in clause.levels:
        if claim.code not in codes:
            yield f"claims {claim.code}, which is no known code"
        if claim.level not in LEVELS:
            yield f"claims level {claim.level} for {claim.code}"


def _names(clause: Clause, found: Library) -> Iterator[str]:
    agreements = {agreement.id for agreement in found.agreements}
    notes = {note.id for note in found.legal_notes}
    yield from (
        f"{one.agreement} is no known agreement" for one in clause.models if one.agreement not in agreements
    )
    yield from (f"{note} is no known legal note" for note in clause.legal_basis if note not in notes)


def _blanks(clause: Clause) -> Iterator[str]:
    used = {name for _, text in clause.units() for name in blank_names(text.ja)}
    named = Counter(blank.name for blank in clause.blanks)
    yield from (f"blank {name} is explained {n} times" for name, n in named.items() if n > 1)
    yield from (f"blank {name} is not explained" for name in sorted(used - named.keys()))
    yield from (f"blank {name} is not used" for name in sorted(named.keys() - used))
    for blank in clause.blanks:
        yield from _default(blank)


def _default(blank: Blank) -> Iterator[str]:
    if blank.kind != "number" or blank.default is None:
        return
    if not blank.default.ja.isdecimal():
        yield f"blank {blank.name} should have a number for its default"
        return
    value = int(blank.default.ja)
    if blank.minimum is not None and value < blank.minimum:
        yield f"blank {blank.name}: the default {value} is under the minimum {blank.minimum}"
    if blank.maximum is not None and value > blank.maximum:
        yield f"blank {blank.name}: the default {value} is over the maximum {blank.maximum}"


def _text(text: Text) -> Iterator[str]:
    if Counter(blank_names(text.ja)) != Counter(blank_names(text.en)):
        yield "the two languages have different blanks"
    if Counter(reference_paths(text.ja)) != Counter(reference_paths(text.en)):
        yield "the two languages have different references"
    if _figures(text.ja) != _figures(text.en):
        yield "the two languages have different figures"
    if _HALF_WIDTH_KANA.search(text.ja):
        yield "the Japanese has half-width kana"
    if stray_braces(text.ja) or stray_braces(text.en):
        yield "has braces that are no token"


def _figures(text: str) -> Counter[str]:
    bare = re.sub(r"\{\{[^}]*\}\}", "", unicodedata.normalize("NFKC", text))
    return Counter(re.findall(r"[0-9]+", bare))


def _references(found: Library) -> Iterator[str]:
    paths = {path for clause in found.clauses for path, _ in clause.units()}
    for clause in found.clauses:
        for path, text in clause.units():
            unknown = set(reference_paths(text.ja) + reference_paths(text.en)) - paths
            yield from (
                f"{path}: refers to {target}, which is no unit of the library" for target in sorted(unknown)
            )


def _bundles(found: Library) -> Iterator[str]:
    known = {clause.slug: clause for clause in found.clauses}
    for bundle in found.bundles:
        unknown = [slug for slug in bundle.clauses if slug not in known]
        yield from (f"bundle {bundle.id}: {slug} is no clause" for slug in unknown)
        if not unknown:
            yield from (f"bundle {bundle.id}: {fault}" for fault in _bundle(bundle, found, known))


def _bundle(bundle: Bundle, found: Library, known: dict[str, Clause]) -> Iterator[str]:
    yield from (f"{slug} stands there {n} times" for slug, n in Counter(bundle.clauses).items() if n > 1)
    for slug in bundle.clauses:
        missing = known[slug].requires - set(bundle.clauses)
        yield from (f"{slug} refers to {target}, which is not in the bundle" for target in sorted(missing))
    actual = found.levels(bundle.clauses)
    if actual != bundle.claims:
        yield f"claims {bundle.claims}, its clauses give {actual}"
