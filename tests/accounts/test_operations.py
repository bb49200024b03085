from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import event, select

from tests.factories.accounts import PASSWORD, credentials, give_password
from tests.factories.membership import actor_of, make_member
from unionapp.accounts import queries
from unionapp.accounts.models import ABSOLUTE, IDLE, UserSession
from unionapp.accounts.operations import signing_in
from unionapp.accounts.operations.passwords import Hasher, WeakPasswordError
from unionapp.accounts.operations.signing_in import LinkUsedUpError
from unionapp.kernel import tokens
from unionapp.kernel.access import Actor
from unionapp.kernel.errors import InvalidInputError, NotFoundError, TooManyError
from unionapp.kernel.jobs import OutboxJob
from unionapp.membership.models import MemberStatus

NEW = "撮影台の上の四季折々"


@pytest.fixture
def hasher(settings):
    return Hasher(settings)


@pytest.fixture
def member(session, settings, at):
    member = make_member(session)
    give_password(session, settings, member, at=at)
    return member


def letters(session):
    return session.scalars(select(OutboxJob).where(OutboxJob.name == "mail.deliver")).all()


def test_the_right_password_opens_a_session_of_which_only_a_hash_is_kept(session, hasher, member, at):
    row, secret = signing_in.sign_in(session, hasher, credentials(member), at=at)
    assert secret.encode() not in row.secret_hash
    assert queries.live_session(session, row.id, secret, at=at) is row
    assert queries.live_session(session, row.id, secret + "x", at=at) is None


@pytest.mark.parametrize("wrong", ["password", "address", "status"])
def test_anything_wrong_gives_the_same_answer(session, hasher, member, at, wrong):
    given = credentials(member)
    if wrong == "password":
        given = replace(given, password=PASSWORD + "x")
    elif wrong == "address":
        given = replace(given, email="nobody@example.jp")
    else:
        member.status = MemberStatus.SUSPENDED
    assert signing_in.sign_in(session, hasher, given, at=at) is None
    assert session.scalars(select(UserSession)).all() == []


def test_a_member_without_a_password_cannot_sign_in(session, hasher, at):
    assert signing_in.sign_in(session, hasher, credentials(make_member(session)), at=at) is None


def test_an_old_hash_is_renewed_at_sign_in(session, settings, member, at):
    dearer = Hasher(replace(settings, argon2_rounds=2))
    before = queries.account_of(session, member.id).password_hash
    assert signing_in.sign_in(session, dearer, credentials(member), at=at)
    assert queries.account_of(session, member.id).password_hash != before


def test_guessing_is_stopped_and_the_right_password_with_it(session, hasher, member, at):
    wrong = replace(credentials(member), password="wrong")
    for _attempt in range(signing_in.SIGN_IN_BY_ADDRESS.times):
        assert signing_in.sign_in(session, hasher, wrong, at=at) is None
    with pytest.raises(TooManyError):
        signing_in.sign_in(session, hasher, credentials(member), at=at)
    later = at + signing_in.SIGN_IN_BY_ADDRESS.within + timedelta(seconds=1)
    if later.date() == at.date():
        assert signing_in.sign_in(session, hasher, credentials(member), at=later)


def test_a_session_ends_by_idleness_and_by_age(session, hasher, member, at):
    row, secret = signing_in.sign_in(session, hasher, credentials(member), at=at)
    assert queries.live_session(session, row.id, secret, at=at + IDLE - timedelta(seconds=1))
    assert queries.live_session(session, row.id, secret, at=at + IDLE) is None
    moment = at
    while moment < at + ABSOLUTE:
        signing_in.touch(session, row.id, at=moment)
        session.expire_all()
        assert queries.live_session(session, row.id, secret, at=moment)
        moment += IDLE / 2
    assert queries.live_session(session, row.id, secret, at=at + ABSOLUTE) is None


def test_sessions_are_listed_and_ended(session, hasher, member, at):
    first, _secret = signing_in.sign_in(session, hasher, credentials(member), at=at)
    second, _secret = signing_in.sign_in(session, hasher, credentials(member), at=at)
    actor = replace(actor_of(member), session_id=first.id)
    assert {row.id for row in queries.sessions_of(session, member.id, at=at)} == {first.id, second.id}
    signing_in.revoke_others(session, actor=actor, at=at)
    assert [row.id for row in queries.sessions_of(session, member.id, at=at)] == [first.id]
    signing_in.sign_out(session, actor=actor, at=at)
    assert queries.sessions_of(session, member.id, at=at) == []


def test_nobody_ends_another_persons_session(session, hasher, member, at):
    row, _secret = signing_in.sign_in(session, hasher, credentials(member), at=at)
    stranger = actor_of(make_member(session))
    with pytest.raises(NotFoundError):
        signing_in.revoke(session, row.id, actor=stranger, at=at)
    signing_in.revoke(session, row.id, actor=actor_of(member), at=at)
    assert queries.sessions_of(session, member.id, at=at) == []


def test_a_reset_link_goes_only_to_a_known_address(session, member, at):
    before = len(letters(session))
    signing_in.send_reset_link(session, email="nobody@example.jp", at=at)
    assert len(letters(session)) == before
    signing_in.send_reset_link(session, email=member.email.upper(), at=at)
    assert len(letters(session)) == before + 1


def test_who_asks_for_a_link_waits_for_the_same_work_known_or_not(session, member, at, connection):
    written = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        if "SAVEPOINT" not in statement:  # the test's own, numbered
            written.append(statement)

    event.listen(connection, "before_cursor_execute", note)
    did = []
    for email in (member.email, "nobody@example.jp"):
        written.clear()
        signing_in.ask_reset(session, email=email, network="192.0.2.7", at=at)
        session.flush()
        did.append(list(written))
    event.remove(connection, "before_cursor_execute", note)
    assert did[0] == did[1]
    waiting = session.scalars(select(OutboxJob).where(OutboxJob.name == "accounts.send_reset_link")).all()
    assert len(waiting) == 2


def test_reset_links_are_not_sent_without_end(session, member, at):
    for _time in range(signing_in.RESET_BY_ADDRESS.times):
        signing_in.ask_reset(session, email=member.email, network="192.0.2.7", at=at)
    with pytest.raises(TooManyError):
        signing_in.ask_reset(session, email=member.email, network="192.0.2.7", at=at)


def link(session, member, purpose="reset-password"):
    mark = queries.fingerprint(queries.account_of(session, member.id))
    return tokens.sign(purpose, f"{member.id}:{mark}")


def test_a_reset_link_works_once_and_ends_all_sessions(session, hasher, member, at):
    signing_in.sign_in(session, hasher, credentials(member), at=at)
    token = link(session, member)
    arguments = {"purpose": "reset-password", "token": token, "password": NEW, "at": at}
    assert signing_in.set_password_by_link(session, hasher, **arguments) == member.id
    session.expire_all()
    assert queries.sessions_of(session, member.id, at=at) == []
    assert signing_in.sign_in(session, hasher, credentials(member, NEW), at=at)
    with pytest.raises(LinkUsedUpError):
        signing_in.set_password_by_link(session, hasher, **arguments)


def test_a_forged_old_or_foreign_link_is_refused(session, hasher, member, at):
    good = link(session, member)
    for purpose, token in (
        ("reset-password", good[:-2] + "xx"),
        ("first-password", good),
        ("reset-password", link(session, member, "confirm-application")),
    ):
        with pytest.raises(LinkUsedUpError):
            signing_in.member_of_link(session, purpose, token)
    with time_machine.travel(at + timedelta(hours=2)), pytest.raises(LinkUsedUpError):
        signing_in.member_of_link(session, "reset-password", good)


def test_the_first_password_link_works_only_before_there_is_one(session, settings, hasher, at):
    member = make_member(session)
    token = tokens.sign("first-password", str(member.id))
    assert signing_in.member_of_link(session, "first-password", token) == member.id
    give_password(session, settings, member, at=at)
    with pytest.raises(LinkUsedUpError):
        signing_in.member_of_link(session, "first-password", token)


def test_a_suspended_member_cannot_use_a_link(session, member, at):
    token = link(session, member)
    member.status = MemberStatus.SUSPENDED
    session.flush()
    with pytest.raises(LinkUsedUpError):
        signing_in.member_of_link(session, "reset-password", token)


def test_a_password_is_changed_by_who_knows_it(session, hasher, member, at):
    row, secret = signing_in.sign_in(session, hasher, credentials(member), at=at)
    other, other_secret = signing_in.sign_in(session, hasher, credentials(member), at=at)
    actor = Actor(member_id=member.id, session_id=row.id)
    with pytest.raises(InvalidInputError) as caught:
        signing_in.change_password(session, hasher, old="wrong", password=NEW, actor=actor, at=at)
    assert caught.value.field == "old"
    with pytest.raises(WeakPasswordError):
        signing_in.change_password(session, hasher, old=PASSWORD, password="password", actor=actor, at=at)
    signing_in.change_password(session, hasher, old=PASSWORD, password=NEW, actor=actor, at=at)
    session.expire_all()
    assert queries.live_session(session, row.id, secret, at=at)
    assert queries.live_session(session, other.id, other_secret, at=at) is None
