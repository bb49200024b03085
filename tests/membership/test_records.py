import pytest
from sqlalchemy import select

from tests.factories.membership import actor_of, make_actor, make_member
from tests.membership.test_applying import events, letters, templates
from unionapp.kernel.errors import ForbiddenError
from unionapp.kernel.tokens import read
from unionapp.membership import mail, operations, queries
from unionapp.membership.models import (
    MEMBER_MOVES,
    MemberStatus,
    Office,
    OfficeHolding,
    Particulars,
    StatusChange,
)
from unionapp.membership.operations.deciding import AddressTakenError, ReasonMissingError
from unionapp.membership.operations.offices import (
    LastOfficerError,
    MembershipIsNoOfficeError,
    NotActiveError,
    OfficeEndedError,
    OfficeHeldError,
)
from unionapp.membership.operations.records import (
    NoAddressError,
    NotLeftError,
    SameAddressError,
    StaleLinkError,
    StatusUnreachableError,
)


@pytest.fixture
def officer(session):
    return make_actor(session, Office.MEMBERSHIP_OFFICER, legal_name="山 一")


def holding(session, member, office):
    return session.scalars(
        select(OfficeHolding).where(OfficeHolding.member_id == member.id, OfficeHolding.office == office)
    ).one()


def test_a_member_changes_their_own_facts_and_is_found_by_the_new_name(session, at, officer):
    member = make_member(session)
    facts = Particulars(legal_name="新 名前", reading="アタラシ ナマエ", language="en")
    changed = operations.change_own(session, member, facts, actor=actor_of(member), at=at)
    assert {"legal_name", "reading", "language", "studio"} <= set(changed)
    assert "email" not in changed
    assert member.changed_at == at
    session.flush()
    assert queries.members_for(session, officer, "atarashi").members == [member]
    assert events(session) == ["member.changed"]
    assert operations.change_own(session, member, facts, actor=actor_of(member), at=at) == []


def test_nobody_else_changes_a_member_s_facts(session, at, officer):
    member = make_member(session)
    with pytest.raises(ForbiddenError):
        operations.change_own(session, member, Particulars("x"), actor=officer, at=at)
    assert member.legal_name == "佐藤 花子"


def test_a_new_mail_address_counts_once_its_link_is_followed(session, at):
    member = make_member(session, email="old@example.jp")
    operations.ask_mail_change(session, member, "New@example.jp", actor=actor_of(member), at=at)
    assert member.email == "old@example.jp"
    [letter] = letters(session)
    assert letter["to"] == "New@example.jp"
    told = read(mail.MAIL_CHANGE, letter["facts"]["token"], max_age=mail.MAIL_CHANGE_AGE)
    assert told == f"{member.id}\nold@example.jp\nNew@example.jp"
    operations.confirm_mail_change(session, member.id, "old@example.jp", "New@example.jp", at=at)
    assert (member.email, member.email_key) == ("New@example.jp", "new@example.jp")
    told = [letter for letter in letters(session) if letter["template"].endswith("mail_changed")]
    assert [letter["to"] for letter in told] == ["old@example.jp"]
    with pytest.raises(StaleLinkError):
        operations.confirm_mail_change(session, member.id, "old@example.jp", "New@example.jp", at=at)


def test_asking_for_another_s_address_answers_alike_and_confirming_it_fails(session, at):
    make_member(session, email="taken@example.jp")
    member = make_member(session, email="own@example.jp")
    operations.ask_mail_change(session, member, "Taken@example.jp", actor=actor_of(member), at=at)
    assert templates(session) == ["already_known"]
    with pytest.raises(AddressTakenError):
        operations.confirm_mail_change(session, member.id, "own@example.jp", "taken@example.jp", at=at)
    with pytest.raises(SameAddressError):
        operations.ask_mail_change(session, member, "OWN@example.jp", actor=actor_of(member), at=at)
    with pytest.raises(ForbiddenError):
        operations.ask_mail_change(session, member, "x@example.jp", actor=make_actor(session), at=at)


@pytest.mark.parametrize("before", list(MemberStatus))
@pytest.mark.parametrize("after", list(MemberStatus))
def test_every_move_of_the_life_cycle_and_no_other(session, at, officer, before, after):
    member = make_member(session, status=before)
    if (before, after) not in MEMBER_MOVES:
        with pytest.raises(StatusUnreachableError):
            operations.change_status(session, member, after, "because", actor=officer, at=at)
        return
    operations.change_status(session, member, after, "because", actor=officer, at=at)
    session.flush()
    assert member.status is after
    change = session.scalars(select(StatusChange)).one()
    assert (change.before, change.after, change.reason) == (before, after, "because")
    assert letters(session)[0]["facts"]["reason"] == "because"
    assert (member.left_on is not None) is (after is MemberStatus.LEFT)


def test_a_change_of_status_needs_a_reason_the_right_and_another_person(session, at, officer):
    member = make_member(session)
    own = queries.member_for(session, officer, officer.member_id)
    with pytest.raises(ReasonMissingError):
        operations.change_status(session, member, MemberStatus.SUSPENDED, " ", actor=officer, at=at)
    with pytest.raises(ForbiddenError):
        operations.change_status(session, own, MemberStatus.SUSPENDED, "x", actor=officer, at=at)
    with pytest.raises(ForbiddenError):
        operations.change_status(
            session, member, MemberStatus.LEFT, "x", actor=make_actor(session, Office.ORGANISER), at=at
        )
    assert member.status is MemberStatus.ACTIVE
    assert events(session) == []


def test_who_leaves_loses_the_offices_and_who_comes_back_has_a_vote_again(session, at, officer):
    member = make_member(session, offices=[Office.TRUSTEE])
    operations.leave(session, member, actor=actor_of(member), at=at)
    session.flush()
    assert holding(session, member, Office.TRUSTEE).until == at
    assert templates(session) == ["left"]
    with pytest.raises(StatusUnreachableError):
        operations.leave(session, member, actor=actor_of(member), at=at)
    operations.change_status(session, member, MemberStatus.ACTIVE, "back", actor=officer, at=at)
    session.flush()
    assert len(queries.actor_for(session, member.id, at=at).permissions) == 2


def test_nobody_is_made_to_leave_by_another_and_the_last_officer_stays(session, at, officer):
    with pytest.raises(ForbiddenError):
        operations.leave(session, make_member(session), actor=officer, at=at)
    own = queries.member_for(session, officer, officer.member_id)
    with pytest.raises(LastOfficerError):
        operations.leave(session, own, actor=officer, at=at)


def test_an_office_is_granted_by_another_and_withdrawn(session, at, officer):
    member = make_member(session)
    operations.grant_office(session, member, Office.NEGOTIATOR, actor=officer, at=at)
    session.flush()
    assert queries.holders(session, Office.NEGOTIATOR, at=at) == [member]
    with pytest.raises(OfficeHeldError):
        operations.grant_office(session, member, Office.NEGOTIATOR, actor=officer, at=at)
    held = holding(session, member, Office.NEGOTIATOR)
    operations.withdraw_office(session, held, actor=officer, at=at)
    session.flush()
    assert queries.holders(session, Office.NEGOTIATOR, at=at) == []
    with pytest.raises(OfficeEndedError):
        operations.withdraw_office(session, held, actor=officer, at=at)
    assert events(session) == ["office.granted", "office.withdrawn"]


def test_offices_are_refused_to_oneself_to_the_absent_and_by_strangers(session, at, officer):
    own = queries.member_for(session, officer, officer.member_id)
    with pytest.raises(ForbiddenError):
        operations.grant_office(session, own, Office.TRUSTEE, actor=officer, at=at)
    gone = make_member(session, status=MemberStatus.LEFT)
    with pytest.raises(NotActiveError):
        operations.grant_office(session, gone, Office.TRUSTEE, actor=officer, at=at)
    with pytest.raises(ForbiddenError):
        operations.grant_office(
            session, make_member(session), Office.TRUSTEE, actor=make_actor(session), at=at
        )
    assert queries.holders(session, Office.TRUSTEE, at=at) == []


def test_withdrawing_respects_membership_the_right_and_the_last_officer(session, at, officer):
    member = make_member(session, offices=[Office.TRUSTEE])
    with pytest.raises(MembershipIsNoOfficeError):
        operations.withdraw_office(session, holding(session, member, Office.MEMBER), actor=officer, at=at)
    trusted = holding(session, member, Office.TRUSTEE)
    with pytest.raises(ForbiddenError):
        operations.withdraw_office(session, trusted, actor=make_actor(session), at=at)
    operations.withdraw_office(session, trusted, actor=actor_of(member), at=at)
    own = queries.member_for(session, officer, officer.member_id)
    last = holding(session, own, Office.MEMBERSHIP_OFFICER)
    with pytest.raises(LastOfficerError):
        operations.withdraw_office(session, last, actor=officer, at=at)
    make_member(session, offices=[Office.MEMBERSHIP_OFFICER])
    operations.withdraw_office(session, last, actor=officer, at=at)


def test_an_invitation_goes_to_active_members_with_an_address(session, at, officer):
    member = make_member(session)
    operations.invite(session, member, actor=officer, at=at)
    [letter] = letters(session)
    assert read("first-password", letter["facts"]["token"], max_age=60) == str(member.id)
    with pytest.raises(NoAddressError):
        operations.invite(session, make_member(session, email=None), actor=officer, at=at)
    gone = make_member(session, status=MemberStatus.LEFT)
    with pytest.raises(StatusUnreachableError):
        operations.invite(session, gone, actor=officer, at=at)
    with pytest.raises(ForbiddenError):
        operations.invite(session, member, actor=make_actor(session), at=at)


def test_the_record_of_somebody_who_left_is_erased_on_demand(session, at, officer):
    member = make_member(session, notes="n", member_number="A-1")
    with pytest.raises(NotLeftError):
        operations.erase_member(session, member, actor=officer, at=at)
    operations.change_status(session, member, MemberStatus.LEFT, "secret", actor=officer, at=at)
    session.flush()
    with pytest.raises(ForbiddenError):
        operations.erase_member(session, member, actor=make_actor(session), at=at)
    operations.erase_member(session, member, actor=officer, at=at)
    assert (member.legal_name, member.email, member.email_key, member.notes) == ("", None, None, "")
    assert (member.member_number, member.search_text, member.left_on is not None) == (None, "", True)
    assert session.scalars(select(StatusChange.reason)).all() == [""]
    with pytest.raises(NotLeftError):
        operations.erase_member(session, member, actor=officer, at=at)
    with pytest.raises(StatusUnreachableError):
        operations.change_status(session, member, MemberStatus.ACTIVE, "x", actor=officer, at=at)


def test_a_member_without_an_address_changes_status_leaves_and_gets_one_without_letters(session, at, officer):
    member = make_member(session, email=None)
    operations.change_status(session, member, MemberStatus.SUSPENDED, "x", actor=officer, at=at)
    operations.change_status(session, member, MemberStatus.ACTIVE, "x", actor=officer, at=at)
    operations.confirm_mail_change(session, member.id, "", "new@example.jp", at=at)
    assert member.email == "new@example.jp"
    other = make_member(session, email=None)
    operations.leave(session, other, actor=actor_of(other), at=at)
    assert letters(session) == []
