"""The clause library: what ships is sound, and a broken folder is refused with every fault named."""

import re
import shutil
import subprocess
import sys
import unicodedata
from collections import Counter
from importlib.resources import as_file, files

import pytest

from unionapp.bargaining import library as shelf

TEN = ["DEF", "HUM", "DIS", "NOT", "CON", "REQ", "PAY", "CRD", "TRN", "GOV"]


@pytest.fixture(scope="module")
def library():
    return shelf.library()


@pytest.fixture
def folder(tmp_path):
    with as_file(files("unionapp.bargaining.library") / "data") as data:
        return shutil.copytree(data, tmp_path / "data")


def edit(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults_of(folder):
    with pytest.raises(shelf.LibraryFaultsError) as refused:
        shelf.load(folder)
    return refused.value.faults


def figures(text):
    bare = re.sub(r"\{\{[^}]*\}\}", "", unicodedata.normalize("NFKC", text))
    return Counter(re.findall("[0-9]+", bare))


def test_there_are_24_codes_and_each_has_a_clause(library):
    claimed = {code for clause in library.clauses for code in clause.codes}
    assert len(library.codes) == 24
    assert {code.code for code in library.codes} == claimed


def test_every_clause_has_both_languages_and_a_dated_sourced_model_or_basis(library):
    notes = {note.id for note in library.legal_notes}
    for clause in library.clauses:
        assert clause.models or clause.legal_basis, clause.slug
        assert set(clause.legal_basis) <= notes
        for _, text in clause.units():
            assert text.ja.strip(), clause.slug
            assert text.en.strip(), clause.slug
        for model in clause.models:
            assert model.source, clause.slug
            assert model.read_on.isoformat() == "2026-11-22"
            assert model.certainty in shelf.CERTAINTIES


def test_japanese_stands_on_the_japanese_side_only(library):
    japanese = re.compile("[ぁ-んァ-ヶ一-龠]")
    for clause in library.clauses:
        for path, text in clause.units():
            assert not japanese.search(text.en), path
            bare = re.sub(r"\{\{[^}]*\}\}", "", text.ja)
            assert japanese.search(bare) or not bare.strip(), path


def test_both_languages_hold_the_same_figures_blanks_and_references(library):
    for clause in library.clauses:
        for path, text in clause.units():
            assert figures(text.ja) == figures(text.en), path
            assert Counter(shelf.blank_names(text.ja)) == Counter(shelf.blank_names(text.en)), path
            assert Counter(shelf.reference_paths(text.ja)) == Counter(shelf.reference_paths(text.en)), path


def test_japanese_has_no_half_width_kana(library):
    for clause in library.clauses:
        for path, text in clause.units():
            assert not re.search("[\uff61-\uff9f]", text.ja), path


def test_every_reference_resolves(library):
    paths = {path for clause in library.clauses for path, _ in clause.units()}
    used = [p for c in library.clauses for _, text in c.units() for p in shelf.reference_paths(text.ja)]
    assert used
    assert set(used) <= paths


def test_coverage_has_only_known_codes_and_whole_columns(library):
    codes = {code.code for code in library.codes}
    assert {cell.code for cell in library.coverage} <= codes
    for agreement in library.agreements:
        if agreement.matrix:
            assert all(library.cell(agreement.id, code) for code in codes), agreement.id
    assert library.cell("EQUITY", "DEF") is None


def test_unseen_and_contested_cells_are_hatched_and_no_others(library):
    assert library.cell("WGA23", "GOV").hatched
    assert library.cell("WGA26", "TRN").hatched
    assert not library.cell("WGA23", "HUM").hatched
    assert library.cell("TAG24", "REQ").mark == "negative"
    assert library.cell("TAG24", "REQ").level is None
    assert library.cell("IBMJP24", "STY").mark == "not_applicable"


def test_home_made_protections_say_so(library):
    for slug in ["repair-work", "style-and-character", "data-provenance"]:
        clause = library.clause(slug)
        assert clause.home_made
        assert "独自の起草" in clause.note.why.ja
        assert "own drafting" in clause.note.why.en
    assert not library.clause("pay-floor").home_made
    assert not library.clause("preamble").home_made


@pytest.mark.parametrize("bundle_id", ["animators-starter", "animators-complete", "interim-memorandum"])
def test_an_untouched_bundle_reproduces_its_claims_and_a_deleted_clause_lowers_only_its_codes(
    library, bundle_id
):
    bundle = library.bundle(bundle_id)
    assert library.levels(bundle.clauses) == bundle.claims
    for slug in bundle.clauses:
        rest = library.levels(other for other in bundle.clauses if other != slug)
        fallen = {code for code, level in bundle.claims.items() if rest.get(code, -1) < level}
        assert fallen <= set(library.clause(slug).codes)
        assert {code: level for code, level in rest.items() if code not in fallen} == {
            code: level for code, level in bundle.claims.items() if code not in fallen
        }


def test_the_starter_holds_the_ten_codes_and_is_complete_in_form(library):
    bundle = library.bundle("animators-starter")
    assert len(bundle.clauses) >= 8
    assert set(TEN) <= set(bundle.claims)
    assert bundle.clauses[0] == "preamble"
    assert bundle.clauses[-1] == "signature-block"
    assert {"term", "renewal-and-termination", "governing-language"} <= set(bundle.clauses)


def test_the_law_bounds_term_and_notice(library):
    (years,) = [blank for blank in library.clause("term").blanks if blank.name == "term_years"]
    (days,) = [
        blank
        for blank in library.clause("renewal-and-termination").blanks
        if blank.name == "termination_days"
    ]
    assert years.maximum == 3
    assert days.minimum == 90


def test_tokens_are_rewritten_and_other_braces_kept(library):
    text = library.clause("advance-notice").article.paragraphs[1].text.ja
    shown = shelf.rewrite(text, lambda path: f"<{path}>", lambda name: f"[{name}]")
    assert "<joint-ai-committee>" in shown
    assert "[request_days]" in shown
    assert "{{" not in shown
    assert shelf.rewrite("{{term:x}}", str, str) == "{{term:x}}"


def test_unknown_slugs_are_refused(library):
    for ask in (library.clause, library.bundle, lambda slug: library.levels([slug])):
        with pytest.raises(KeyError):
            ask("no-such-thing")


def test_a_broken_folder_is_refused_with_all_faults(folder):
    clauses = folder / "clauses"
    edit(clauses / "credit.toml", 'title.en = "Credit"', 'title.en = " "')
    edit(clauses / "pay-floor.toml", 'code = "PAY"', 'code = "PEY"')
    edit(clauses / "term.toml", "default = 2", "default = 5")
    edit(clauses / "purpose.toml", "この協約は", "{{ref:nowhere}}ｱ9は")
    edit(clauses / "advance-notice.toml", "{{blank:request_days}}日以内", "10日以内")
    edit(clauses / "human-creators.toml", 'certainty = "T"', 'certainty = "Q"')
    edit(clauses / "repair-work.toml", "read_on = 2026-11-22", 'read_on = "soon"\nreadon = 1')
    edit(folder / "coverage.toml", "[cells.IMA25]\nDEF", "[cells.IMA25]\nDOF")
    edit(folder / "bundles.toml", '"advance-notice", "training-reservation"', '"advance-notice"')
    (folder / "legal_notes.toml").write_text("= broken", encoding="utf-8")
    told = "\n".join(faults_of(folder))
    for expected in [
        "credit.toml: title: en is missing or empty",
        "pay-floor: claims PEY, which is no known code",
        "codes.toml: PAY has no clause",
        "term: blank term_years: the default 5 is over the maximum 3",
        "purpose.1: refers to nowhere, which is no unit of the library",
        "purpose.1: the two languages have different references",
        "purpose.1: the two languages have different figures",
        "purpose.1: the Japanese has half-width kana",
        "advance-notice.2: the two languages have different blanks",
        "advance-notice: blank request_days is not used",
        "certainty = 'Q' is not known",
        "repair-work.toml: read_on should be of kind date",
        "repair-work.toml: readon is no key that is read here",
        "coverage.toml: IMA25 DOF is no known code",
        "coverage.toml: IMA25 lacks DEF",
        "bundle interim-memorandum: claims",
        "legal_notes.toml: cannot be read",
    ]:
        assert expected in told


@pytest.mark.parametrize(
    ("name", "old", "new", "fault"),
    [
        ("clauses/preamble.toml", "{{blank:union_name}}", "{{blnk:union_name}}", "braces that are no token"),
        ("clauses/credit.toml", "level = 4", "level = 5", "credit: claims level 5 for CRD"),
        ("clauses/credit.toml", "level = 4", "level = true", "level should be of kind int"),
        ("clauses/credit.toml", 'place = "body"', 'place = "attic"', "place = 'attic' is not known"),
        ("clauses/credit.toml", 'agreement = "WGA23"', 'agreement = "WGA99"', "WGA99 is no known agreement"),
        ("clauses/term.toml", '"tua-15"', '"tua-99"', "tua-99 is no known legal note"),
        ("clauses/term.toml", "default = 2", 'default = "two"', "should have a number for its default"),
        ("clauses/renewal-and-termination.toml", 'termination_days"\nkind = "number"\ndefault = 90',
         'termination_days"\nkind = "number"\ndefault = 30', "the default 30 is under the minimum 90"),
        ("bundles.toml", '"joint-ai-committee",\n', "\n", "joint-ai-committee, which is not in the bundle"),
        ("bundles.toml", '"preamble", "purpose"', '"preamble", "preamble"', "preamble stands there 2 times"),
        ("bundles.toml", '"preamble", "purpose"', '"prologue", "purpose"', "prologue is no clause"),
        ("codes.toml", 'code = "HUM"', 'code = "DEF"', "codes.toml: DEF stands there 2 times"),
        ("coverage.toml", "[cells.WGA26]", "[cells.WGA27]", "WGA27 is no agreement of model_agreements.toml"),
    ],
)  # fmt: skip
def test_each_fault_is_named(folder, name, old, new, fault):
    edit(folder / name, old, new)
    assert any(fault in told for told in faults_of(folder))


def test_an_empty_folder_is_refused(tmp_path):
    told = faults_of(tmp_path)
    for name in ["codes.toml", "model_agreements.toml", "coverage.toml", "legal_notes.toml", "bundles.toml"]:
        assert any(fault.startswith(f"{name}: cannot be read") for fault in told)


def test_the_library_imports_neither_the_web_nor_the_database():
    program = (
        "import sys, unionapp.bargaining.library as shelf; shelf.library();"
        "sys.exit(any(name in sys.modules for name in ('flask', 'sqlalchemy')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
