import json

import pytest
from sqlalchemy import select

from tests.factories.membership import make_actor, make_application, make_member
from unionapp.kernel.audit import AuditEvent
from unionapp.kernel.errors import ForbiddenError
from unionapp.kernel.jobs import OutboxJob
from unionapp.membership import operations, queries
from unionapp.membership.models import Application, ApplicationState, Member, Office, Particulars
from unionapp.membership.operations.applying import ApplicationDecidedError
from unionapp.membership.operations.deciding import AddressTakenError, ReasonMissingError

HANA = Particulars(
    legal_name="髙橋 花子",
    reading="タカハシ ハナコ",
    pen_name="はな",
    email="Hana@example.jp",
    job_categories=("key_animation", "in_between"),
    employment_form="freelance",
    language="ja",
)


def letters(session):
    session.flush()
    found = session.scalars(select(OutboxJob).where(OutboxJob.name == "mail.deliver"))
    return [json.loads(job.payload) for job in found]


def templates(session):
    return [letter["template"].rpartition("/")[2] for letter in letters(session)]


def events(session):
    return list(session.scalars(select(AuditEvent.event).order_by(AuditEvent.seq)))


@pytest.fixture
def officer(session):
    return make_actor(session, Office.MEMBERSHIP_OFFICER, legal_name="山 一")


@pytest.fixture
def waiting(session, at):
    return make_application(session, state=ApplicationState.CONFIRMED, confirmed_at=at)


def test_an_application_is_kept_and_its_address_asked_to_confirm(session, at):
    operations.submit(session, HANA, consent_version="v1", at=at)
    application = session.scalars(select(Application)).one()
    assert application.state is ApplicationState.SUBMITTED
    assert (application.consent_version, application.consent_at) == ("v1", at)
    assert application.job_categories == ["key_animation", "in_between"]
    [letter] = letters(session)
    assert (letter["template"], letter["to"]) == ("membership/mail/confirm", "Hana@example.jp")
    assert events(session) == ["application.submitted"]


def test_a_member_s_address_gets_another_letter_and_no_application(session, at):
    make_member(session, email="hana@EXAMPLE.jp")
    operations.submit(session, HANA, consent_version="v1", at=at)
    assert session.scalars(select(Application)).all() == []
    assert templates(session) == ["already_known"]


def test_a_second_application_from_one_address_is_not_kept(session, at):
    operations.submit(session, HANA, consent_version="v1", at=at)
    session.flush()
    operations.submit(session, HANA, consent_version="v1", at=at)
    application = session.scalars(select(Application)).one()
    operations.confirm(session, application, at=at)
    session.flush()
    operations.submit(session, HANA, consent_version="v1", at=at)
    assert sorted(templates(session)) == ["already_applied", "confirm", "confirm", "received"]


def test_confirming_lets_the_application_wait_and_happens_once(session, at):
    application = make_application(session)
    operations.confirm(session, application, at=at)
    assert (application.state, application.confirmed_at) == (ApplicationState.CONFIRMED, at)
    with pytest.raises(ApplicationDecidedError):
        operations.confirm(session, application, at=at)
    assert templates(session) == ["received"]


def test_withdrawing_erases_what_was_told(session, at, waiting):
    operations.withdraw(session, waiting, at=at)
    assert waiting.state is ApplicationState.WITHDRAWN
    assert (waiting.legal_name, waiting.email, waiting.email_key, waiting.name_key) == ("", None, None, "")
    assert (waiting.job_categories, waiting.erased_at) == ([], at)
    with pytest.raises(ApplicationDecidedError):
        operations.withdraw(session, waiting, at=at)


def test_a_refused_application_is_erased_on_demand_once(session, at, waiting, officer):
    with pytest.raises(ApplicationDecidedError):
        operations.erase(session, waiting, at=at)
    operations.refuse(session, waiting, "Kein Platz", actor=officer, at=at)
    operations.erase(session, waiting, at=at)
    assert (waiting.state, waiting.legal_name, waiting.reason) == (ApplicationState.REFUSED, "", "")
    with pytest.raises(ApplicationDecidedError):
        operations.erase(session, waiting, at=at)


def test_what_nobody_confirms_is_forgotten_and_nothing_else(session, at, waiting):
    unconfirmed = make_application(session)
    operations.forget_unconfirmed(session, unconfirmed, at=at)
    operations.forget_unconfirmed(session, waiting, at=at)
    assert (unconfirmed.state, unconfirmed.legal_name) == (ApplicationState.WITHDRAWN, "")
    assert waiting.state is ApplicationState.CONFIRMED


def test_admission_makes_a_member_with_a_vote_and_a_letter(session, at, waiting, officer):
    address = waiting.email
    member = operations.admit(session, waiting, actor=officer, at=at)
    session.flush()
    assert (waiting.state, waiting.member_id, waiting.decided_by) == (
        ApplicationState.ADMITTED,
        member.id,
        officer.member_id,
    )
    assert waiting.legal_name == ""
    assert member.legal_name == "髙橋 太郎"
    assert queries.member_by_email(session, address) is member
    assert queries.actor_for(session, member.id, at=at).permissions
    [letter] = letters(session)
    assert (letter["template"], letter["to"]) == ("membership/mail/admitted", address)
    assert events(session) == ["application.admitted"]


def test_admission_needs_a_waiting_application_the_right_and_a_free_address(session, at, waiting, officer):
    with pytest.raises(ApplicationDecidedError):
        operations.admit(session, make_application(session), actor=officer, at=at)
    with pytest.raises(ForbiddenError):
        operations.admit(session, waiting, actor=make_actor(session, Office.ORGANISER), at=at)
    make_member(session, email=waiting.email.upper())
    with pytest.raises(AddressTakenError):
        operations.admit(session, waiting, actor=officer, at=at)
    assert waiting.state is ApplicationState.CONFIRMED
    assert events(session) == []


def test_refusal_tells_its_reason_to_the_applicant(session, at, waiting, officer):
    operations.refuse(session, waiting, " 会社側の役員のため ", actor=officer, at=at)
    assert (waiting.state, waiting.reason) == (ApplicationState.REFUSED, "会社側の役員のため")
    [letter] = letters(session)
    assert (letter["template"], letter["facts"]["reason"]) == ("membership/mail/refused", waiting.reason)


def test_refusal_needs_a_reason_the_right_and_a_waiting_application(session, at, waiting, officer):
    with pytest.raises(ReasonMissingError):
        operations.refuse(session, waiting, "  ", actor=officer, at=at)
    with pytest.raises(ForbiddenError):
        operations.refuse(session, waiting, "no", actor=make_actor(session), at=at)
    operations.refuse(session, waiting, "no", actor=officer, at=at)
    with pytest.raises(ApplicationDecidedError):
        operations.refuse(session, waiting, "no", actor=officer, at=at)


def test_enrolling_puts_a_person_on_the_roll_with_offices(session, at, officer):
    member = operations.enrol(session, HANA, actor=officer, at=at, offices=[Office.TRUSTEE, Office.MEMBER])
    session.flush()
    assert queries.holders(session, Office.TRUSTEE, at=at) == [member]
    with pytest.raises(AddressTakenError):
        operations.enrol(session, HANA, actor=officer, at=at)
    with pytest.raises(ForbiddenError):
        operations.enrol(session, HANA, actor=make_actor(session), at=at)
    assert session.scalars(select(Member).where(Member.email_key == "hana@example.jp")).one() is member
