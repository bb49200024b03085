"""The verbs of bargaining: each with what it does and what it refuses."""

import hashlib
import json
import uuid
from datetime import date

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError

from tests.factories.bargaining import add, check_all, edit, head, make_agreement, make_draft, make_negotiator
from tests.factories.membership import make_actor
from unionapp.bargaining import operations, queries
from unionapp.bargaining.library import library
from unionapp.bargaining.models import (
    Changeset,
    ClauseText,
    Deed,
    LineKind,
    UnitKind,
    insert_only,
)
from unionapp.bargaining.operations import Assessment, Clash, Saved
from unionapp.bargaining.operations.changesets import GoneError, chained
from unionapp.bargaining.queries import TranslationState, UnitFate
from unionapp.crypto import hashchain
from unionapp.kernel.audit import AuditEvent
from unionapp.kernel.db import new_id
from unionapp.kernel.errors import ForbiddenError, NotFoundError

THIRTY = "会社は、三十日前までに組合へ書面で通知する。"


@pytest.fixture
def negotiator(session):
    return make_negotiator(session)


@pytest.fixture
def member(session):
    return make_actor(session)


@pytest.fixture
def draft(session, negotiator, at):
    return make_draft(session, negotiator, at=at)


def events(session):
    return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.seq)))


def changesets(session):
    return session.scalar(select(func.count()).select_from(Changeset))


def state_of(session, actor, agreement, unit_id):
    document = head(session, actor, agreement).document
    return queries.translations(session, document)[unit_id]


# beginning ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bundle", [bundle.id for bundle in library().bundles])
def test_an_untouched_bundle_claims_its_own_row(session, negotiator, at, bundle):
    agreement = make_agreement(session, negotiator, bundle=bundle, at=at)
    document = head(session, negotiator, agreement).document
    assert document.levels() == library().bundle(bundle).claims
    expected = [
        path for slug in library().bundle(bundle).clauses for path, _ in library().clause(slug).units()
    ]
    assert [part.library_path for part in document.parts] == expected
    obstacles = queries.obstacles(session, document)
    assert not obstacles.references
    assert not obstacles.translations
    unfilled = {
        blank.name
        for slug in library().bundle(bundle).clauses
        for blank in library().clause(slug).blanks
        if not blank.default
    }
    assert {name for part in document.parts for name in document.blanks(part)} == unfilled


def test_taking_a_clause_out_lowers_exactly_its_codes(session, negotiator, at):
    agreement = make_agreement(session, negotiator, bundle="animators-complete", at=at)
    before = head(session, negotiator, agreement)
    part = next(each for each in before.document.parts if each.library_path == "training-use")
    operations.remove_unit(session, agreement, part.id, base=before.changeset.id, actor=negotiator, at=at)
    after = head(session, negotiator, agreement)
    assert [fall.code.code for fall in queries.falls(before.document, after.document)] == ["TRN"]
    assert "TRN" in {row.code.code for row in queries.rows(after.document) if row.open}


def test_only_negotiators_begin(session, member, at):
    with pytest.raises(ForbiddenError):
        make_agreement(session, member, at=at)


@pytest.mark.parametrize(
    ("first", "last", "lawful"),
    [
        (date(2027, 4, 1), date(2030, 3, 31), True),
        (date(2027, 4, 1), date(2030, 4, 1), False),
        (date(2028, 2, 29), date(2031, 2, 28), True),
        (date(2028, 2, 29), date(2031, 3, 1), False),
        (date(2027, 4, 1), date(2027, 3, 31), False),
        (None, date(2040, 1, 1), True),
    ],
)
def test_a_term_is_at_most_three_years(session, negotiator, at, first, last, lawful):
    if lawful:
        assert make_agreement(session, negotiator, at=at, term_from=first, term_to=last).term_to == last
        return
    with pytest.raises(operations.TermTooLongError):
        make_agreement(session, negotiator, at=at, term_from=first, term_to=last)


def test_an_unknown_bundle_is_refused(session, negotiator, at):
    with pytest.raises(operations.UnknownClauseError):
        make_agreement(session, negotiator, bundle="no-such", at=at)


# the library -------------------------------------------------------------------------------------------


def test_a_clause_keeps_its_origin_and_finds_its_place(session, negotiator, at):
    agreement = make_agreement(session, negotiator, bundle="interim-memorandum", at=at)
    unit_id = operations.insert_clause(session, agreement, "individual-consent", actor=negotiator, at=at)
    document = head(session, negotiator, agreement).document
    outermost = [part.library_path for part in document.children(None)]
    assert document.by_id[unit_id].library_path == "individual-consent"
    assert outermost.index("individual-consent") < outermost.index("term")
    with pytest.raises(operations.ClauseStandsError):
        operations.insert_clause(session, agreement, "individual-consent", actor=negotiator, at=at)


def test_a_reference_to_a_clause_that_comes_later_resolves(session, negotiator, at):
    agreement = make_agreement(session, negotiator, at=at)
    operations.insert_clause(session, agreement, "training-use", actor=negotiator, at=at)
    assert queries.obstacles(session, head(session, negotiator, agreement).document).references
    operations.insert_clause(session, agreement, "individual-consent", actor=negotiator, at=at)
    assert not queries.obstacles(session, head(session, negotiator, agreement).document).references


def test_inserting_is_refused(session, negotiator, member, at):
    agreement = make_agreement(session, negotiator, at=at)
    with pytest.raises(operations.UnknownClauseError):
        operations.insert_clause(session, agreement, "no-such", actor=negotiator, at=at)
    with pytest.raises(ForbiddenError):
        operations.insert_clause(session, agreement, "term", actor=member, at=at)


def test_blanks_are_filled_in_both_languages_and_the_pair_stays_checked(session, negotiator, at):
    agreement = make_agreement(session, negotiator, at=at)
    operations.insert_clause(session, agreement, "term", actor=negotiator, at=at)
    values = {("term", "effective_date"): {"ja": "2027年4月1日", "en": "April 1, 2027"}}
    operations.fill_blanks(session, agreement, values, actor=negotiator, at=at)
    document = head(session, negotiator, agreement).document
    part = next(each for each in document.parts if each.library_path == "term.1")
    assert "2027年4月1日" in part.texts["ja"]
    assert "April 1, 2027" in part.texts["en"]
    assert not queries.obstacles(session, document)
    assert operations.fill_blanks(session, agreement, values, actor=negotiator, at=at) is None


def test_filling_blanks_is_refused_to_members(session, negotiator, member, at):
    agreement = make_agreement(session, negotiator, at=at)
    with pytest.raises(ForbiddenError):
        operations.fill_blanks(session, agreement, {}, actor=member, at=at)


# adding, moving, removing ------------------------------------------------------------------------------


def test_units_are_added_where_they_may_stand(session, draft, negotiator, at):
    agreement, (first, one, second, _two) = draft
    between = add(session, agreement, negotiator, "定義", "Definitions", after=first, at=at)
    document = head(session, negotiator, agreement).document
    assert [part.id for part in document.children(None)] == [first, between, second]
    item = add(session, agreement, negotiator, "号", "Item", kind=UnitKind.ITEM, parent=one, at=at)
    assert head(session, negotiator, agreement).document.by_id[item].parent == one
    with pytest.raises(operations.MisplacedError):
        add(session, agreement, negotiator, "条", "x", parent=one, at=at)
    with pytest.raises(operations.MisplacedError):
        add(session, agreement, negotiator, "号", "x", kind=UnitKind.ITEM, at=at)


def test_there_is_one_preamble(session, draft, negotiator, at):
    agreement, _ids = draft
    preamble = add(session, agreement, negotiator, "前文", "Preamble", kind=UnitKind.PREAMBLE, at=at)
    assert head(session, negotiator, agreement).document.parts[0].id == preamble
    with pytest.raises(operations.MisplacedError):
        add(session, agreement, negotiator, "前文", "Preamble", kind=UnitKind.PREAMBLE, at=at)


def test_adding_under_what_is_gone_is_refused(session, draft, negotiator, at):
    agreement, (first, *_rest) = draft
    operations.remove_unit(
        session,
        agreement,
        first,
        base=head(session, negotiator, agreement).changeset.id,
        actor=negotiator,
        at=at,
    )
    with pytest.raises(GoneError):
        add(session, agreement, negotiator, "項", "p", kind=UnitKind.PARAGRAPH, parent=first, at=at)


def test_many_units_fit_between_two(session, draft, negotiator, at):
    agreement, (first, *_rest) = draft
    expected = [first]
    for _ in range(40):
        expected.insert(1, add(session, agreement, negotiator, "条", "a", after=first, at=at))
    found = [part.id for part in head(session, negotiator, agreement).document.children(None)]
    assert found[: len(expected)] == expected


def test_moving_changes_numbers_and_references(session, draft, negotiator, at):
    agreement, (first, _one, second, two) = draft
    before = head(session, negotiator, agreement).document
    assert before.read(before.by_id[two], "ja").startswith("第1条第1項の")
    operations.move_unit(session, agreement, second, "up", actor=negotiator, at=at)
    after = head(session, negotiator, agreement).document
    assert [part.id for part in after.children(None)] == [second, first]
    assert after.read(after.by_id[two], "ja").startswith("第2条第1項の")
    assert after.by_id[two].texts == before.by_id[two].texts
    with pytest.raises(operations.StandsAloneError):
        operations.move_unit(session, agreement, second, "up", actor=negotiator, at=at)


def test_removing_takes_what_is_below_and_is_refused_when_it_changed(session, draft, negotiator, at):
    agreement, (first, one, second, two) = draft
    seen = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=seen, ja="会社は通知する。", at=at)
    with pytest.raises(operations.ChangedMeanwhileError):
        operations.remove_unit(session, agreement, first, base=seen.changeset.id, actor=negotiator, at=at)
    newest = head(session, negotiator, agreement).changeset.id
    operations.remove_unit(session, agreement, first, base=newest, actor=negotiator, at=at)
    document = head(session, negotiator, agreement).document
    assert set(document.by_id) == {second, two}
    assert queries.obstacles(session, document).references[0].id == two
    with pytest.raises(NotFoundError):
        operations.remove_unit(session, agreement, first, base=newest, actor=negotiator, at=at)


@pytest.mark.parametrize("verb", ["add", "move", "remove", "save", "assess", "check", "seal"])
def test_members_write_nothing(session, draft, negotiator, member, at, verb):
    agreement, (first, *_rest) = draft
    base = head(session, negotiator, agreement).changeset.id
    written = operations.Edit(base, {"ja": "x", "en": "x"})
    before = changesets(session)
    with pytest.raises(ForbiddenError):
        {
            "add": lambda: add(session, agreement, member, "x", "x"),
            "move": lambda: operations.move_unit(session, agreement, first, "down", actor=member, at=at),
            "remove": lambda: operations.remove_unit(
                session, agreement, first, base=base, actor=member, at=at
            ),
            "save": lambda: operations.save_unit(session, agreement, first, written, actor=member, at=at),
            "assess": lambda: operations.assess(
                session, agreement, first, Assessment("TRN", 1), actor=member, at=at
            ),
            "check": lambda: operations.check_translation(
                session, agreement, first, ("", ""), actor=member, at=at
            ),
            "seal": lambda: operations.seal(session, agreement, base, actor=member, at=at),
        }[verb]()
    assert changesets(session) == before


# writing -----------------------------------------------------------------------------------------------


def test_a_text_is_saved_once(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    seen = head(session, negotiator, agreement)
    saved = edit(session, agreement, negotiator, one, base=seen, ja="会社は通知する。", at=at, message="短く")
    assert isinstance(saved, Saved)
    assert (saved.changeset.deed, saved.changeset.message) == (Deed.CHANGED, "短く")
    newest = head(session, negotiator, agreement)
    assert newest.document.by_id[one].texts["ja"] == "会社は通知する。"
    again = edit(session, agreement, negotiator, one, base=newest, at=at)
    assert again.changeset is None


def test_changes_of_different_words_are_joined_and_said(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    seen = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=seen, ja=THIRTY.replace("三十", "六十"), at=at)
    saved = edit(
        session, agreement, negotiator, one, base=seen, ja=THIRTY.replace("書面", "書面又は電子"), at=at
    )
    assert saved.changeset.deed is Deed.MERGED
    assert saved.changeset.merge_parent_id == seen.changeset.id
    [foreign] = [piece for piece in saved.merges["ja"].pieces if piece.origin == "theirs"]
    assert (foreign.replaced, foreign.text) == ("三十日前", "六十日前")
    text_now = head(session, negotiator, agreement).document.by_id[one].texts["ja"]
    assert text_now == "会社は、六十日前までに組合へ書面又は電子で通知する。"


def test_changes_of_the_same_words_clash_and_store_nothing(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    seen = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=seen, ja=THIRTY.replace("三十", "六十"), at=at)
    before = changesets(session)
    clash = edit(session, agreement, negotiator, one, base=seen, ja=THIRTY.replace("三十", "十四"), at=at)
    assert isinstance(clash, Clash)
    assert changesets(session) == before
    assert (clash.base["ja"], clash.mine["ja"]) == (THIRTY, THIRTY.replace("三十", "十四"))
    assert clash.theirs["ja"] == THIRTY.replace("三十", "六十")
    assert clash.proposal["ja"] == clash.mine["ja"]
    assert [step.deed for step in clash.since] == [Deed.CHANGED]


def test_a_clash_is_settled_on_the_newest_version(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    seen = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=seen, ja=THIRTY.replace("三十", "六十"), at=at)
    clash = edit(session, agreement, negotiator, one, base=seen, ja=THIRTY.replace("三十", "十四"), at=at)
    settled = operations.Edit(clash.head.id, clash.proposal)
    saved = operations.save_unit(session, agreement, one, settled, actor=negotiator, at=at)
    assert saved.changeset.merge_parent_id is None
    assert head(session, negotiator, agreement).document.by_id[one].texts["ja"] == clash.mine["ja"]


def test_two_languages_at_once_do_not_clash_but_are_stale(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    check_all(session, agreement, negotiator, at=at)
    seen = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=seen, ja="会社は通知する。", at=at)
    saved = edit(session, agreement, negotiator, one, base=seen, en="The Company shall notify.", at=at)
    assert isinstance(saved, Saved)
    assert not saved.merges
    texts = head(session, negotiator, agreement).document.by_id[one].texts
    assert dict(texts) == {"ja": "会社は通知する。", "en": "The Company shall notify."}
    assert state_of(session, negotiator, agreement, one).state is TranslationState.STALE


def test_writing_what_was_removed_puts_all_of_it_back(session, draft, negotiator, at):
    agreement, (first, one, second, two) = draft
    seen = head(session, negotiator, agreement)
    operations.remove_unit(session, agreement, first, base=seen.changeset.id, actor=negotiator, at=at)
    clash = edit(session, agreement, negotiator, one, base=seen, ja="会社は通知する。", at=at)
    assert isinstance(clash, Clash)
    assert clash.theirs is None
    assert clash.proposal["ja"] == "会社は通知する。"
    again = operations.Edit(clash.head.id, clash.proposal, restore=True)
    with pytest.raises(NotFoundError):
        operations.save_unit(session, agreement, uuid.uuid4(), again, actor=negotiator, at=at)
    saved = operations.save_unit(session, agreement, one, again, actor=negotiator, at=at)
    assert saved.changeset.deed is Deed.RESTORED
    document = head(session, negotiator, agreement).document
    assert [part.id for part in document.parts] == [first, one, second, two]
    assert document.by_id[one].texts["ja"] == "会社は通知する。"


def test_two_who_put_the_same_unit_back_do_not_overwrite_each_other(session, draft, negotiator, at):
    agreement, (first, one, *_rest) = draft
    seen = head(session, negotiator, agreement)
    operations.remove_unit(session, agreement, first, base=seen.changeset.id, actor=negotiator, at=at)
    gone = head(session, negotiator, agreement).changeset.id
    english = seen.document.by_id[one].texts["en"]
    outcomes = [
        operations.save_unit(
            session,
            agreement,
            one,
            operations.Edit(gone, {"ja": ja, "en": english}, restore=True),
            actor=negotiator,
            at=at,
        )
        for ja in ("会社は通知する。", "会社は通知しない。")
    ]
    assert [type(outcome) for outcome in outcomes] == [Saved, Clash]
    assert outcomes[1].theirs["ja"] == "会社は通知する。"
    assert outcomes[1].mine["ja"] == "会社は通知しない。"


def test_a_version_of_another_agreement_is_no_base(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    other = make_agreement(session, negotiator, at=at)
    foreign = operations.Edit(head(session, negotiator, other).changeset.id, {"ja": "x", "en": "x"})
    with pytest.raises(NotFoundError):
        operations.save_unit(session, agreement, one, foreign, actor=negotiator, at=at)


# translations ------------------------------------------------------------------------------------------


def test_a_changed_japanese_text_makes_the_english_stale_until_checked(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    assert state_of(session, negotiator, agreement, one).state is TranslationState.UNCHECKED
    check_all(session, agreement, negotiator, at=at)
    assert state_of(session, negotiator, agreement, one).state is TranslationState.CHECKED
    seen = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=seen, ja="会社は通知する。", at=at)
    found = state_of(session, negotiator, agreement, one)
    assert (found.state, found.language) == (TranslationState.STALE, "en")
    edit(session, agreement, negotiator, one, base=head(session, negotiator, agreement), ja=THIRTY, at=at)
    assert state_of(session, negotiator, agreement, one).state is TranslationState.CHECKED
    edit(session, agreement, negotiator, one, base=head(session, negotiator, agreement), en="Notice.", at=at)
    found = state_of(session, negotiator, agreement, one)
    assert (found.state, found.language) == (TranslationState.STALE, "ja")


def test_moving_keeps_a_translation_checked(session, draft, negotiator, at):
    agreement, (_first, _one, second, two) = draft
    check_all(session, agreement, negotiator, at=at)
    operations.move_unit(session, agreement, second, "up", actor=negotiator, at=at)
    assert state_of(session, negotiator, agreement, two).state is TranslationState.CHECKED


def test_a_pair_that_changed_meanwhile_is_not_checked(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    seen = head(session, negotiator, agreement)
    compared = tuple(sha.hex() for sha in seen.document.by_id[one].pair)
    edit(session, agreement, negotiator, one, base=seen, ja="会社は通知する。", at=at)
    with pytest.raises(operations.PairChangedError):
        operations.check_translation(session, agreement, one, compared, actor=negotiator, at=at)


def test_one_language_alone_cannot_be_checked(session, draft, negotiator, at):
    agreement, _ids = draft
    unit_id = add(session, agreement, negotiator, "新しい条", "", at=at)
    assert state_of(session, negotiator, agreement, unit_id).state is TranslationState.MISSING
    part = head(session, negotiator, agreement).document.by_id[unit_id]
    compared = tuple(sha.hex() for sha in part.pair)
    with pytest.raises(operations.UntranslatedError):
        operations.check_translation(session, agreement, unit_id, compared, actor=negotiator, at=at)


# protections -------------------------------------------------------------------------------------------


def test_people_judge_levels_and_withdraw_them(session, draft, negotiator, at):
    agreement, (first, _one, second, _two) = draft
    for unit_id, level in ((first, 2), (second, 3)):
        operations.assess(
            session, agreement, unit_id, Assessment("TRN", level, "理由"), actor=negotiator, at=at
        )
    before = head(session, negotiator, agreement).document
    assert before.levels() == {"TRN": 3}
    operations.assess(session, agreement, second, Assessment("TRN", None), actor=negotiator, at=at)
    after = head(session, negotiator, agreement).document
    assert after.levels() == {"TRN": 2}
    assert [(fall.code.code, fall.old, fall.new) for fall in queries.falls(before, after)] == [("TRN", 3, 2)]
    operations.assess(session, agreement, second, Assessment("TRN", -1), actor=negotiator, at=at)
    assert head(session, negotiator, agreement).document.levels() == {"TRN": -1}


@pytest.mark.parametrize(("code", "level"), [("XXX", 1), ("TRN", 5), ("TRN", -2)])
def test_unknown_judgements_are_refused(session, draft, negotiator, at, code, level):
    agreement, (first, *_rest) = draft
    with pytest.raises(operations.UnknownCodeError):
        operations.assess(session, agreement, first, Assessment(code, level), actor=negotiator, at=at)


# sealing -----------------------------------------------------------------------------------------------


def sealed(session, agreement, actor, at):
    base = head(session, actor, agreement).changeset.id
    return operations.seal(session, agreement, base, actor=actor, at=at)


def test_a_sealed_text_is_there_for_every_member_with_its_hash(session, draft, negotiator, member, at):
    agreement, ids = draft
    assert queries.sealed_texts(session, member) == []
    with pytest.raises(NotFoundError):
        queries.agreement_for(session, member, agreement.id)
    check_all(session, agreement, negotiator, at=at)
    text_ = sealed(session, agreement, negotiator, at)
    found = queries.sealed_text_for(session, member, text_.id)
    assert found.sha256 == hashlib.sha256(found.content.encode()).hexdigest()
    content = json.loads(found.content)
    assert hashchain.canonical(content).decode() == found.content
    assert [unit["id"] for unit in content["units"]] == [str(unit_id) for unit_id in ids]
    assert content["units"][3]["text"]["ja"] == "第1条第1項の通知なしに学習に用いてはならない。"
    assert queries.sealed_texts(session, member) == [found]
    tabled = queries.line_of(session, agreement, LineKind.UNION_TABLED)
    version = queries.version_for(session, member, agreement, found.changeset_id)
    assert version.changeset.line_id == tabled.id
    assert queries.sealed_content(agreement, version.document) == found.content
    with pytest.raises(NotFoundError):
        queries.draft_for(session, member, agreement)


def test_the_same_text_is_sealed_once_and_any_change_changes_the_hash(session, draft, negotiator, at):
    agreement, (first, one, second, _two) = draft
    check_all(session, agreement, negotiator, at=at)
    hashes = {sealed(session, agreement, negotiator, at).sha256}
    with pytest.raises(operations.SealedAlreadyError):
        sealed(session, agreement, negotiator, at)
    seen = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=seen, ja=THIRTY.replace("三十", "六十"), at=at)
    check_all(session, agreement, negotiator, at=at)
    hashes.add(sealed(session, agreement, negotiator, at).sha256)
    operations.move_unit(session, agreement, second, "up", actor=negotiator, at=at)
    hashes.add(sealed(session, agreement, negotiator, at).sha256)
    base = head(session, negotiator, agreement).changeset.id
    operations.remove_unit(session, agreement, second, base=base, actor=negotiator, at=at)
    newest = sealed(session, agreement, negotiator, at)
    hashes.add(newest.sha256)
    assert len(hashes) == 4
    version = queries.version_for(session, negotiator, agreement, newest.changeset_id)
    assert [part.id for part in version.document.parts] == [first, one]


def test_sealing_waits_for_translations_blanks_and_references(session, draft, negotiator, at):
    agreement, (first, *_rest) = draft
    with pytest.raises(operations.NotReadyError):
        sealed(session, agreement, negotiator, at)
    check_all(session, agreement, negotiator, at=at)
    blank = add(session, agreement, negotiator, "{{blank:days}}日", "{{blank:days}} days", at=at)
    check_all(session, agreement, negotiator, at=at)
    found = queries.obstacles(session, head(session, negotiator, agreement).document)
    assert ([part.id for part in found.blanks], found.translations) == ([blank], [])
    with pytest.raises(operations.NotReadyError):
        sealed(session, agreement, negotiator, at)
    base = head(session, negotiator, agreement).changeset.id
    operations.remove_unit(session, agreement, blank, base=base, actor=negotiator, at=at)
    base = head(session, negotiator, agreement).changeset.id
    operations.remove_unit(session, agreement, first, base=base, actor=negotiator, at=at)
    with pytest.raises(operations.NotReadyError):
        sealed(session, agreement, negotiator, at)


def test_the_lines_for_signatures_stay_blank(session, negotiator, member, at):
    agreement = make_agreement(session, negotiator, bundle="interim-memorandum", at=at)
    with pytest.raises(operations.NotReadyError):
        sealed(session, agreement, negotiator, at)
    names = [("preamble", "company_name"), ("preamble", "union_name"), ("term", "effective_date")]
    values = {name: {"ja": "架空", "en": "Fictional"} for name in names}
    operations.fill_blanks(session, agreement, values, actor=negotiator, at=at)
    content = json.loads(sealed(session, agreement, negotiator, at).content)
    assert any("［署名又は記名押印の日］" in unit["text"]["ja"] for unit in content["units"])


def test_an_empty_draft_is_not_sealed(session, negotiator, at):
    agreement = make_agreement(session, negotiator, at=at)
    with pytest.raises(operations.NotReadyError):
        sealed(session, agreement, negotiator, at)


def test_only_what_was_read_is_sealed(session, draft, negotiator, at):
    agreement, (first, *_rest) = draft
    check_all(session, agreement, negotiator, at=at)
    old = head(session, negotiator, agreement).changeset.id
    operations.move_unit(session, agreement, first, "down", actor=negotiator, at=at)
    with pytest.raises(operations.TextWentOnError):
        operations.seal(session, agreement, old, actor=negotiator, at=at)


# history -----------------------------------------------------------------------------------------------


def test_history_is_a_chain_of_hashes(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    edit(session, agreement, negotiator, one, base=head(session, negotiator, agreement), ja="x", at=at)
    line = queries.line_of(session, agreement, LineKind.UNION_WORKING)
    steps = list(reversed(queries.changesets_of(session, line)))
    hashchain.verify_chain([(chained(step), step.hash) for step in steps], head=steps[-1].hash)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert len({step.manifest for step in steps}) == len(steps)


def test_any_version_is_read_as_it_was(session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    old = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=old, ja="x", at=at)
    again = queries.version_for(session, negotiator, agreement, old.changeset.id)
    assert again.document.by_id[one].texts["ja"] == THIRTY
    assert {part.id: part.texts for part in again.document.parts} == {
        part.id: part.texts for part in old.document.parts
    }


def test_two_versions_side_by_side(session, draft, negotiator, at):
    agreement, (first, one, second, two) = draft
    old = head(session, negotiator, agreement)
    edit(session, agreement, negotiator, one, base=old, ja=THIRTY.replace("三十", "十四"), at=at)
    operations.move_unit(session, agreement, second, "up", actor=negotiator, at=at)
    new_unit = add(session, agreement, negotiator, "定義", "Definitions", at=at)
    base = head(session, negotiator, agreement).changeset.id
    operations.remove_unit(session, agreement, two, base=base, actor=negotiator, at=at)
    comparison = queries.compare(old.document, head(session, negotiator, agreement).document)
    fates = {unit.part.id: (unit.fate, unit.moved) for unit in comparison.units}
    assert fates[one] == (UnitFate.CHANGED, False)
    assert fates[two] == (UnitFate.REMOVED, False)
    assert fates[new_unit] == (UnitFate.ADDED, False)
    assert fates[first][1] != fates[second][1]
    ops = {unit.part.id: unit for unit in comparison.units}[one].ops["ja"]
    assert ("delete", "三十日前") in ops
    assert ("insert", "十四日前") in ops
    totals = comparison.totals
    assert (totals.changed, totals.added, totals.removed, totals.moved) == (1, 1, 1, 1)
    spoken = queries.spoken_changes({unit.part.id: unit for unit in comparison.units}[one], "ja", str)
    assert any("三十日前" in line and "十四日前" in line for line in spoken)


def test_nothing_changed_is_said(session, draft, negotiator):
    agreement, _ids = draft
    document = head(session, negotiator, agreement).document
    assert queries.compare(document, document).empty


@pytest.mark.parametrize("table", insert_only.TABLES)
@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
def test_the_database_refuses_to_change_history(session, draft, negotiator, at, table, change):
    agreement, (first, *_rest) = draft
    operations.assess(session, agreement, first, Assessment("TRN", 1), actor=negotiator, at=at)
    check_all(session, agreement, negotiator, at=at)
    sealed(session, agreement, negotiator, at)
    column = {"clause_text": "body", "node": "rank", "unit_text": "language", "coverage": "code"}.get(
        table, "id"
    )
    with pytest.raises(DatabaseError, match="insert-only"), session.begin_nested():
        session.execute(text(change.format(table, column)))


def test_the_same_head_is_never_extended_twice(session, draft, negotiator, at):
    agreement, _ids = draft
    newest = head(session, negotiator, agreement).changeset
    twin = {column.key: getattr(newest, column.key) for column in Changeset.__table__.columns}
    for clash in ({"number": newest.number + 1}, {"parent_id": newest.id}):
        row = Changeset(
            **(twin | {"id": new_id(), "hash": hashlib.sha256(str(clash).encode()).digest()} | clash)
        )
        refused = session.begin_nested()
        session.add(row)
        with pytest.raises(IntegrityError):
            session.flush()
        refused.rollback()


def test_the_same_words_are_kept_once(session, draft, negotiator, at):
    agreement, _ids = draft
    for _ in range(2):
        add(session, agreement, negotiator, "同じ言葉", "The same words", at=at)
    assert session.scalar(select(func.count()).where(ClauseText.body == "同じ言葉")) == 1


def test_every_verb_is_in_the_audit_log(session, draft, negotiator, at):
    agreement, (first, one, *_rest) = draft
    edit(session, agreement, negotiator, one, base=head(session, negotiator, agreement), ja="x", at=at)
    operations.move_unit(session, agreement, first, "down", actor=negotiator, at=at)
    operations.assess(session, agreement, first, Assessment("TRN", 1), actor=negotiator, at=at)
    check_all(session, agreement, negotiator, at=at)
    sealed(session, agreement, negotiator, at)
    base = head(session, negotiator, agreement).changeset.id
    operations.remove_unit(session, agreement, first, base=base, actor=negotiator, at=at)
    assert set(events(session)) >= {
        "agreement.created",
        "agreement.sealed",
        "translation.checked",
        "unit.added",
        "unit.assessed",
        "unit.changed",
        "unit.moved",
        "unit.removed",
    }
