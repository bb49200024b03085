import time
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.factories import rosters
from tests.factories.membership import actor_of, make_actor, make_application, make_member
from tests.membership.test_applying import events, letters
from unionapp.kernel.errors import ForbiddenError
from unionapp.membership import operations, queries
from unionapp.membership.models import ImportState, Member, Office, OfficeHolding, Particulars
from unionapp.membership.operations.importing import (
    ImportInUseError,
    ImportStateError,
    RollChangedError,
    UnreadableRollError,
)
from unionapp.roster.people import read_people

TODAY = date(2026, 11, 23)
ROLL = """氏名,フリガナ,ペンネーム,メール,会員番号,職種,入会日
髙橋 花子,タカハシ ハナコ,はな,hana@example.jp,A-1,原画・動画,2026-04-01
鈴木 一郎,スズキ イチロウ,,ichiro@example.jp,A-2,撮影,2025-04-01
鈴木 一郎,スズキ イチロウ,,ICHIRO@example.jp,A-3,撮影,2025-04-01
,ナナシ,,nanashi@example.jp,A-4,撮影,2025-04-01
"""


def roster(text=ROLL, name="名簿.csv"):
    return read_people(text.encode("cp932"), name, today=TODAY)


@pytest.fixture
def officer(session):
    return make_actor(session, Office.MEMBERSHIP_OFFICER, legal_name="山 一", email="yama@example.jp")


@pytest.fixture
def staged(session, at, officer):
    batch = operations.stage_import(session, roster(), actor=officer, at=at)
    session.flush()
    return batch


@pytest.fixture
def applied(session, at, officer, staged):
    operations.apply_import(session, staged, actor=officer, at=at)
    session.flush()
    return staged


def members(session):
    return session.scalar(select(func.count()).select_from(Member))


def counts(batch):
    return (batch.rows, batch.valid, batch.invalid, batch.duplicates, batch.known)


def test_staging_counts_and_writes_no_member(session, staged):
    assert counts(staged) == (4, 2, 1, 1, 0)
    assert members(session) == 1
    assert staged.state is ImportState.STAGED
    assert events(session) == ["members.import_staged"]
    lines = queries.problem_lines(staged, "ja")
    assert [(line.row, line.severe) for line in lines] == [(4, False), (5, True)]
    assert all(line.what and line.what_to_do for line in lines)


def test_staging_needs_the_right_and_a_readable_file(session, at, officer):
    with pytest.raises(ForbiddenError):
        operations.stage_import(session, roster(), actor=make_actor(session, Office.ORGANISER), at=at)
    with pytest.raises(UnreadableRollError):
        operations.stage_import(session, roster(""), actor=officer, at=at)


def test_applying_adds_the_people_with_keys_and_the_office_of_member(session, at, officer, applied):
    assert (applied.state, applied.added, applied.people) == (ImportState.APPLIED, 2, [])
    hana = queries.member_by_email(session, "HANA@example.jp")
    assert (hana.legal_name, hana.member_number, hana.joined_on) == ("髙橋 花子", "A-1", date(2026, 4, 1))
    assert hana.job_categories == ["key_animation", "in_between"]
    assert queries.members_for(session, officer, "takahashi hanako").members == [hana]
    assert queries.actor_for(session, hana.id, at=at).permissions
    assert events(session) == ["members.import_staged", "members.imported"]
    with pytest.raises(ImportStateError):
        operations.apply_import(session, applied, actor=officer, at=at)


def test_applying_and_undoing_need_the_right(session, at, staged):
    stranger = make_actor(session)
    with pytest.raises(ForbiddenError):
        operations.apply_import(session, staged, actor=stranger, at=at)
    with pytest.raises(ForbiddenError):
        operations.discard_import(session, staged, actor=stranger, at=at)
    staged.state = ImportState.APPLIED
    with pytest.raises(ForbiddenError):
        operations.undo_import(session, staged, actor=stranger, at=at)


@pytest.mark.parametrize(
    ("facts", "by"),
    [
        ({"email": "Hana@Example.jp"}, "known_email"),
        ({"member_number": "a-1"}, "known_member_number"),
        ({"legal_name": "高橋花子", "reading": "たかはし はなこ", "email": None}, "known_name"),
    ],
)
def test_members_are_recognised_and_left_out(session, at, officer, facts, by):
    make_member(session, **({"legal_name": "別人", "reading": "ベツジン"} | facts))
    batch = operations.stage_import(session, roster(), actor=officer, at=at)
    assert counts(batch) == (4, 1, 1, 1, 1)
    assert [entry["code"] for entry in batch.problems if entry["row"] == 2] == [by]
    assert operations.apply_import(session, batch, actor=officer, at=at) == 1


def test_one_name_with_other_mail_and_number_is_another_person(session, at, officer):
    make_member(session, legal_name="高橋 花子", reading="タカハシ ハナコ", member_number="B-9")
    batch = operations.stage_import(session, roster(), actor=officer, at=at)
    assert batch.known == 0


def test_who_joined_between_staging_and_applying_is_left_out(session, at, officer, staged):
    operations.enrol(session, Particulars("花", email="hana@example.jp"), actor=officer, at=at)
    session.flush()
    assert operations.apply_import(session, staged, actor=officer, at=at) == 1
    assert counts(staged) == (4, 1, 1, 1, 1)


def test_a_clash_at_the_last_moment_imports_nobody(session, at, officer, staged, monkeypatch):
    make_member(session, legal_name="x", email="hana@example.jp")
    nobody = queries.KnownPeople(frozenset(), frozenset(), {})
    monkeypatch.setattr(queries, "known_people", lambda _session: nobody)
    before = members(session)
    with pytest.raises(RollChangedError):
        operations.apply_import(session, staged, actor=officer, at=at)
    assert members(session) == before


def test_undoing_takes_away_exactly_what_was_added(session, at, officer, applied):
    other = make_member(session)
    assert operations.undo_import(session, applied, actor=officer, at=at) == 2
    session.flush()
    assert applied.state is ImportState.UNDONE
    assert set(session.scalars(select(Member.id))) == {officer.member_id, other.id}
    assert set(session.scalars(select(OfficeHolding.member_id))) == {officer.member_id, other.id}
    assert events(session)[-1] == "members.import_undone"
    with pytest.raises(ImportStateError):
        operations.undo_import(session, applied, actor=officer, at=at)


def _changed(session, member, officer, at):
    facts = Particulars(legal_name=member.legal_name, studio="新しい")
    operations.change_own(session, member, facts, actor=actor_of(member), at=at)


def _granted(session, member, officer, at):
    operations.grant_office(session, member, Office.TRUSTEE, actor=officer, at=at)


def _referred_to(session, member, officer, at):
    make_application(session).decided_by = member.id


@pytest.mark.parametrize("use", [_changed, _granted, _referred_to])
def test_undoing_is_refused_once_a_person_was_changed_or_used(session, at, officer, applied, use):
    hana = queries.member_by_email(session, "hana@example.jp")
    assert queries.obstacles_to_undoing(session, officer, applied) == []
    use(session, hana, officer, at)
    session.flush()
    assert queries.obstacles_to_undoing(session, officer, applied) == [hana]
    with pytest.raises(ImportInUseError):
        operations.undo_import(session, applied, actor=officer, at=at)
    assert members(session) == 3


def test_a_dropped_or_forgotten_roll_is_wiped(session, at, officer, staged):
    operations.discard_import(session, staged, actor=officer, at=at)
    assert (staged.state, staged.people, staged.problems) == (ImportState.DISCARDED, [], [])
    with pytest.raises(ImportStateError):
        operations.discard_import(session, staged, actor=officer, at=at)
    again = operations.stage_import(session, roster(), actor=officer, at=at)
    operations.forget_import(session, again, at=at)
    assert (again.state, again.people, again.problems) == (ImportState.DISCARDED, [], [])


def test_forgetting_an_applied_roll_keeps_its_members(session, at, applied):
    operations.forget_import(session, applied, at=at)
    assert (applied.state, applied.problems) == (ImportState.APPLIED, [])
    assert members(session) == 3


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_messy_roll_of_five_thousand_is_counted_applied_and_undone(session, at, officer, form):
    roll = rosters.messy_roll(5000)
    data = roll.csv() if form == "csv" else roll.xlsx()
    read = read_people(data, f"roll.{form}", today=TODAY)
    batch = operations.stage_import(session, read, actor=officer, at=at)
    assert counts(batch) == (roll.rows_expected, roll.valid, roll.invalid, roll.duplicates, 0)
    started = time.perf_counter()
    assert operations.apply_import(session, batch, actor=officer, at=at) == roll.valid
    assert time.perf_counter() - started < 20  # a few seconds; the bound allows for a busy machine
    session.flush()
    assert members(session) == roll.valid + 1
    again = operations.stage_import(session, read, actor=officer, at=at)
    assert again.valid == 0
    operations.undo_import(session, batch, actor=officer, at=at)
    assert members(session) == 1


def test_people_of_an_import_are_written_to_once(session, at, officer, applied):
    queries.member_by_email(session, "ichiro@example.jp").email = None
    with pytest.raises(ForbiddenError):
        operations.invite_import(session, applied, actor=make_actor(session), at=at)
    operations.invite_import(session, applied, actor=officer, at=at)
    assert operations.write_invitations(session, applied, at=at) == 1
    assert [letter["to"] for letter in letters(session)] == ["hana@example.jp"]
    with pytest.raises(ImportStateError):
        operations.invite_import(session, applied, actor=officer, at=at)
