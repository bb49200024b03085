import uuid
from datetime import date, timedelta

import pytest

from tests.factories.membership import LONG_AGO, make_actor, make_application, make_member
from unionapp.kernel.access import ANONYMOUS, Permission
from unionapp.kernel.errors import NotFoundError
from unionapp.membership import access, queries
from unionapp.membership.models import ApplicationState, MemberStatus, Office, OfficeHolding

LONG_GONE = uuid.UUID(int=7)


def test_an_active_member_acts_with_the_rights_of_the_offices_held_now(session, at):
    member = make_member(session, offices=[Office.NEGOTIATOR], pen_name="", legal_name="佐藤 花子")
    ended = OfficeHolding(
        member_id=member.id, office=Office.TRUSTEE, since=LONG_AGO, until=at - timedelta(days=1)
    )
    session.add(ended)
    actor = queries.actor_for(session, member.id, at=at)
    assert actor.permissions == {
        Permission.AGREEMENT_READ,
        Permission.AGREEMENT_DRAFT,
        Permission.BALLOT_VOTE,
    }
    assert (actor.name, actor.language) == ("佐藤 花子", "ja")


@pytest.mark.parametrize("status", [MemberStatus.SUSPENDED, MemberStatus.LEFT])
def test_nobody_acts_who_is_not_active(session, status):
    member = make_member(session, status=status)
    assert queries.actor_for(session, member.id) is None


def test_the_table_of_offices_names_every_office_and_gives_the_server_no_reports():
    assert set(access.OFFICES) == set(Office)
    assert access.OFFICES[Office.SERVER_OFFICER] == {Permission.SERVER_READ, Permission.AUDIT_READ}
    assert [office for office in Office if Permission.CASE_WORK in access.OFFICES[office]] == [
        Office.CASE_WORKER
    ]


def test_a_mail_address_finds_its_member_in_any_case(session):
    member = make_member(session, email="Hana@Example.jp")
    assert queries.member_by_email(session, " hana@example.JP ") is member
    assert queries.member_by_email(session, "other@example.jp") is None
    assert queries.member_by_email(session, "") is None


def test_voters_are_the_active_members_who_have_joined(session):
    make_member(session, status=MemberStatus.SUSPENDED)
    make_member(session, joined_on=date(2026, 12, 1))
    voter = make_member(session, email=None, joined_on=None, pen_name="P", language="en")
    assert queries.eligible_voters(session, date(2026, 11, 23)) == [queries.Voter(voter.id, None, "P", "en")]


def test_holders_of_an_office_are_listed_unless_it_ended(session, at):
    keeper = make_member(session, offices=[Office.TRUSTEE])
    gone = make_member(session, offices=[Office.TRUSTEE], status=MemberStatus.LEFT)
    assert queries.holders(session, Office.TRUSTEE, at=at) == [keeper]
    assert queries.member_name(session, gone.id) == "はなこ"
    assert queries.holders(session, Office.NEGOTIATOR, at=at) == []


@pytest.mark.parametrize(
    "search",
    [
        "高橋",
        "髙橋",
        "たかはし",
        "ﾀｶﾊｼ",
        "takahashi",
        "Takahasi",
        "ほたる",
        "hotaru",
        "HOTARU@",
        "A-77",
        "高橋 恵",
    ],
)
def test_a_search_finds_kanji_kana_latin_letters_pen_name_mail_and_number(session, search):
    officer = make_actor(
        session,
        Office.MEMBERSHIP_OFFICER,
        legal_name="山 一",
        reading="",
        pen_name="",
        email="y@example.jp",
    )
    found = make_member(
        session,
        legal_name="髙橋 恵",
        reading="タカハシ ケイ",
        pen_name="ほたる",
        email="hotaru@example.jp",
        member_number="A-77",
    )
    assert queries.members_for(session, officer, search).members == [found]


@pytest.mark.parametrize("search", ["%", "_", "\\", "'", "--", "・ ・"])
def test_a_search_for_marks_finds_nobody(session, search):
    officer = make_actor(session, Office.MEMBERSHIP_OFFICER)
    assert queries.members_for(session, officer, search).total == 0
    assert queries.members_for(session, officer, " ").total == 1


def test_the_roll_goes_on_after_a_page_in_the_order_of_the_fifty_sounds(session, monkeypatch):
    monkeypatch.setattr("unionapp.membership.queries.roll.PAGE", 2)
    officer = make_actor(session, Office.ORGANISER, reading="ア", legal_name="officer")
    for reading in ("ハハ", "コーヒー", "ガトウ", "カトウ"):
        make_member(session, legal_name="同じ", reading=reading)
    pages, after = [], None
    while True:
        page = queries.members_for(session, officer, after=after)
        assert page.total == 5
        pages.append([member.reading for member in page.members])
        after = page.after
        if after is None:
            break
    assert pages == [["ア", "カトウ"], ["ガトウ", "コーヒー"], ["ハハ"]]


def test_strangers_find_no_roll_no_record_and_no_applications(session):
    stranger = make_actor(session)
    other = make_member(session)
    application = make_application(session, state=ApplicationState.CONFIRMED)
    for ask in (
        lambda: queries.members_for(session, stranger),
        lambda: queries.member_for(session, stranger, other.id),
        lambda: queries.member_for(session, ANONYMOUS, other.id),
        lambda: queries.holdings_of(session, stranger, other),
        lambda: queries.status_changes_of(session, stranger, other),
        lambda: queries.waiting_for(session, stranger),
        lambda: queries.waiting_count(session, stranger),
        lambda: queries.application_for(session, stranger, application.id),
        lambda: queries.possible_duplicates(session, stranger, application),
        lambda: queries.imports_for(session, stranger),
        lambda: queries.import_for(session, stranger, other.id),
    ):
        with pytest.raises(NotFoundError):
            ask()
    assert queries.member_for(session, stranger, stranger.member_id).id == stranger.member_id


def test_only_confirmed_applications_wait_the_oldest_first(session):
    officer = make_actor(session, Office.MEMBERSHIP_OFFICER)
    make_application(session)
    later = make_application(
        session, state=ApplicationState.CONFIRMED, confirmed_at=LONG_AGO + timedelta(days=2)
    )
    earlier = make_application(session, state=ApplicationState.CONFIRMED, confirmed_at=LONG_AGO)
    assert queries.waiting_for(session, officer) == [earlier, later]
    assert queries.waiting_count(session, officer) == 2


def test_what_was_never_confirmed_is_nobodys_to_read(session):
    officer = make_actor(session, Office.MEMBERSHIP_OFFICER)
    application = make_application(session)
    with pytest.raises(NotFoundError):
        queries.application_for(session, officer, application.id)


def test_possible_duplicates_share_name_mail_or_telephone(session):
    officer = make_actor(session, Office.MEMBERSHIP_OFFICER, legal_name="山 一")
    by_name = make_member(session, legal_name="高橋　太郎", reading="ア")
    by_phone = make_member(session, legal_name="別人", reading="イ", phone="+819012345678")
    make_member(session, legal_name="無関係")
    application = make_application(session, legal_name="髙橋 太郎", phone="+819012345678")
    found = queries.possible_duplicates(session, officer, application)
    assert [(each.member, each.same) for each in found] == [(by_name, ["name"]), (by_phone, ["phone"])]


def test_a_studio_of_one_or_two_is_not_offered_to_strangers(session):
    for studio in ("大手", "大手", "大手", "一人"):
        make_member(session, studio=studio)
    assert queries.studios(session) == ["大手"]


def test_an_erased_application_is_nobody_s_duplicate_and_data_go_to_their_owner(session):
    officer = make_actor(session, Office.MEMBERSHIP_OFFICER)
    member = make_member(session, legal_name="", email=None)
    erased = make_application(session, state=ApplicationState.REFUSED, erased_at=LONG_AGO, legal_name="")
    assert queries.possible_duplicates(session, officer, erased) == []
    with pytest.raises(NotFoundError):
        queries.export_of(session, officer, member)
    with pytest.raises(NotFoundError):
        queries.obstacles_to_undoing(session, make_actor(session), None)


def test_a_page_goes_on_from_the_start_when_its_last_member_is_gone(session):
    officer = make_actor(session, Office.ORGANISER)
    page = queries.members_for(session, officer, "...", after=officer.member_id)
    assert page.members == []
    assert queries.members_for(session, officer, after=LONG_GONE).total == 1
