"""Case workers: keys, answers, states, readers, digests; and who may do none of it."""

import secrets
import uuid
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from tests.factories.grievances import answer_of, make_bundle, make_case, make_worker, make_workers
from tests.factories.membership import actor_of, make_actor, make_member
from unionapp.crypto import case_format, handler_keys
from unionapp.crypto.passphrase import BROWSER_COST, Argon2Cost
from unionapp.grievances.casework import operations, queries
from unionapp.grievances.casework.operations import (
    BadBundleError,
    BadMessageError,
    KeyExistsError,
    MeanwhileError,
    OnlyReaderError,
    WrongMoveError,
)
from unionapp.grievances.intake import operations as intake
from unionapp.grievances.intake.box import Uploads
from unionapp.grievances.intake.models import CASE_MOVES, CaseState
from unionapp.kernel import jobs
from unionapp.kernel.audit import AuditEvent
from unionapp.kernel.errors import ConflictError, ForbiddenError, NotFoundError
from unionapp.kernel.jobs import OutboxJob
from unionapp.membership.models import Office, OfficeHolding


@pytest.fixture
def workers(session):
    return make_workers(session, 2)


@pytest.fixture
def mailbox(session, workers, tmp_path, at):
    return make_case(session, tmp_path, at=at)[0]


@pytest.fixture
def newcomer(session):
    return make_actor(session, Office.CASE_WORKER)


def events(session):
    return [row.event for row in session.scalars(select(AuditEvent).order_by(AuditEvent.seq))]


def publish(session, actor, at, handler=None, **changes):
    keys, bundle = make_bundle(handler or secrets.token_urlsafe(15), **changes)
    key = operations.publish_handler_key(session, bundle, public_name="担当", actor=actor, at=at)
    return keys, key


# keys ------------------------------------------------------------------------------------------------------


def test_a_key_is_published_with_its_locked_bundle(session, newcomer, at):
    keys, key = publish(session, newcomer, at)
    assert (key.public_key, key.verify_key) == (keys.public_key, keys.verify_key)
    bundle = handler_keys.parse_bundle(key.bundle, lowest=BROWSER_COST)
    assert bundle.handler == key.handler
    assert events(session) == ["handler_key.published"]


def test_a_second_key_is_refused(session, newcomer, at):
    publish(session, newcomer, at)
    with pytest.raises(KeyExistsError):
        publish(session, newcomer, at)


def test_of_two_tabs_publishing_at_once_one_wins(session, newcomer, at, monkeypatch):
    publish(session, newcomer, at)
    monkeypatch.setattr(operations.queries, "key_of", lambda *_: None)
    with pytest.raises(KeyExistsError):
        publish(session, newcomer, at)


def test_only_case_workers_publish_keys(session, at):
    with pytest.raises(ForbiddenError):
        publish(session, make_actor(session, Office.SERVER_OFFICER), at)


def test_a_handler_id_serves_once(session, newcomer, workers, at):
    with pytest.raises(BadBundleError):
        publish(session, newcomer, at, handler=workers[0].key.handler)
    with pytest.raises(BadBundleError):
        publish(session, newcomer, at, handler="reporter")


def test_a_cheaply_locked_or_broken_bundle_is_refused(session, newcomer, at):
    with pytest.raises(BadBundleError):
        publish(session, newcomer, at, cost=Argon2Cost(1, 8, 1))
    for text in ("", "{}", "[]", "x" * 10_000, '{"v":1}'):
        with pytest.raises(BadBundleError):
            operations.publish_handler_key(session, text, public_name="担当", actor=newcomer, at=at)


def test_revoking_destroys_wraps_and_bundle(session, workers, mailbox, tmp_path, at):
    third = make_worker(session, "相談担当C")
    shared = seal_to(third, mailbox)
    operations.share(session, mailbox.case, third.key.handler, shared, actor=workers[0].actor, at=at)
    operations.revoke_handler_key(session, workers[0].key, actor=workers[0].actor, at=at)
    session.flush()
    session.expire_all()
    assert workers[0].key.bundle == ""
    assert workers[0].key.handler not in {wrap.recipient for wrap in mailbox.case.wraps}
    assert queries.inbox_for(session, workers[0].actor) == []
    assert events(session)[-1] == "handler_key.revoked"


def test_the_last_reader_cannot_revoke(session, workers, mailbox, at):
    operations.revoke_handler_key(session, workers[0].key, actor=workers[0].actor, at=at)
    session.flush()
    with pytest.raises(OnlyReaderError):
        operations.revoke_handler_key(session, workers[1].key, actor=workers[1].actor, at=at)


def test_nobody_revokes_anothers_key_or_twice(session, workers, at):
    with pytest.raises(ForbiddenError):
        operations.revoke_handler_key(session, workers[0].key, actor=workers[1].actor, at=at)
    operations.revoke_handler_key(session, workers[0].key, actor=workers[0].actor, at=at)
    with pytest.raises(ConflictError):
        operations.revoke_handler_key(session, workers[0].key, actor=workers[0].actor, at=at)


def test_after_revoking_a_new_key_can_be_made(session, workers, at):
    operations.revoke_handler_key(session, workers[0].key, actor=workers[0].actor, at=at)
    _, key = publish(session, workers[0].actor, at)
    assert queries.key_of(session, workers[0].actor) is key


def test_keys_of_former_case_workers_are_retired(session, workers, mailbox, at):
    holding = session.scalars(
        select(OfficeHolding).where(
            OfficeHolding.member_id == workers[0].member.id, OfficeHolding.office == Office.CASE_WORKER
        )
    ).one()
    assert operations.retire_keys(session, at=at) == 0
    holding.until = at
    session.flush()
    assert operations.retire_keys(session, at=at) == 1
    assert workers[0].key.revoked_on is not None
    session.flush()
    session.expire_all()
    assert {wrap.recipient for wrap in mailbox.case.wraps} == {"reporter", workers[1].key.handler}


def test_a_retired_key_keeps_what_nobody_else_can_open(session, workers, mailbox, at):
    operations.revoke_handler_key(session, workers[0].key, actor=workers[0].actor, at=at)
    for holding in session.scalars(
        select(OfficeHolding).where(OfficeHolding.office == Office.CASE_WORKER)
    ).all():
        holding.until = at
    session.flush()
    assert operations.retire_keys(session, at=at) == 1
    session.flush()
    session.expire_all()
    assert workers[1].key.bundle
    assert {wrap.recipient for wrap in mailbox.case.wraps} == {"reporter", workers[1].key.handler}
    assert queries.inbox_for(session, workers[1].actor) == []


# cases -----------------------------------------------------------------------------------------------------


def test_the_inbox_holds_what_is_sealed_to_the_actor(session, workers, mailbox, newcomer):
    assert [row.case for row in queries.inbox_for(session, workers[0].actor)] == [mailbox.case]
    assert queries.inbox_for(session, newcomer) == []
    assert queries.inbox_for(session, make_actor(session)) == []


def test_a_case_is_there_only_for_its_readers(session, workers, mailbox, newcomer, at):
    case_id = mailbox.case.id
    assert queries.case_for(session, workers[0].actor, case_id) is mailbox.case
    publish(session, newcomer, at)
    others = [newcomer, make_actor(session), make_actor(session, Office.SERVER_OFFICER)]
    for stranger in [*others, actor_of(workers[0].member)]:
        with pytest.raises(NotFoundError):
            queries.case_for(session, stranger, case_id)
    with pytest.raises(NotFoundError):
        queries.case_for(session, workers[0].actor, uuid.uuid4())


def test_opening_counts_as_reading_and_is_recorded(session, workers, mailbox, at):
    assert queries.inbox_for(session, workers[0].actor)[0].unseen == 2
    operations.open_case(session, mailbox.case, actor=workers[0].actor, at=at)
    session.flush()
    assert queries.inbox_for(session, workers[0].actor)[0].unseen == 0
    assert queries.inbox_for(session, workers[1].actor)[0].unseen == 2
    assert events(session) == ["case.opened"]


def test_an_answer_reaches_the_thread(session, workers, mailbox, at):
    operations.answer(
        session, mailbox.case, answer_of(workers[0], mailbox, "はい"), actor=workers[0].actor, at=at
    )
    assert mailbox.case.messages[-1].role == workers[0].key.handler
    assert mailbox.case.state is CaseState.ACKNOWLEDGED
    assert events(session) == ["case.answered"]


def test_an_answer_leaves_the_state_of_work_as_it_is(session, workers, mailbox, at):
    mailbox.case.state = CaseState.CLOSED
    said = answer_of(workers[0], mailbox, "はい")
    operations.answer(session, mailbox.case, said, actor=workers[0].actor, at=at)
    assert mailbox.case.state is CaseState.CLOSED


def test_an_answer_to_a_place_taken_meanwhile_is_refused(session, workers, mailbox, tmp_path, at):
    said = answer_of(workers[0], mailbox, "はい")
    intake.write_again(session, mailbox, "追伸", [], Uploads(tmp_path), at=at)
    with pytest.raises(MeanwhileError):
        operations.answer(session, mailbox.case, said, actor=workers[0].actor, at=at)


def test_changed_answers_are_refused(session, workers, mailbox, at):
    whole = answer_of(workers[0], mailbox, "はい")
    flipped = bytes([whole.sealed[0] ^ 1]) + whole.sealed[1:]
    foreign = answer_of(workers[1], mailbox, "はい")
    for changes in (
        {"sealed": flipped},
        {"sealed": whole.sealed[:-1]},
        {"sealed": b""},
        {"sealed": bytes(40 + 4096 * 65)},
        {"signature": bytes(64)},
        {"signature": b""},
        {"signature": foreign.signature},
    ):
        said = answer_of(
            workers[0], mailbox, "", **{"sealed": whole.sealed, "signature": whole.signature, **changes}
        )
        with pytest.raises(BadMessageError):
            operations.answer(session, mailbox.case, said, actor=workers[0].actor, at=at)
    assert len(mailbox.case.messages) == 2


def test_nobody_answers_as_a_colleague(session, workers, mailbox, at):
    with pytest.raises(BadMessageError):
        operations.answer(
            session, mailbox.case, answer_of(workers[1], mailbox, "はい"), actor=workers[0].actor, at=at
        )


@pytest.mark.parametrize(("before", "after"), [(a, b) for a in CaseState for b in CaseState])
def test_states_change_only_along_the_table(session, workers, mailbox, at, before, after):
    mailbox.case.state = before
    if (before, after) in CASE_MOVES:
        operations.move(session, mailbox.case, after, actor=workers[0].actor, at=at)
        assert mailbox.case.state is after
        assert events(session) == ["case.closed" if after is CaseState.CLOSED else "case.moved"]
    else:
        with pytest.raises(WrongMoveError):
            operations.move(session, mailbox.case, after, actor=workers[0].actor, at=at)
        assert mailbox.case.state is before


def test_strangers_do_nothing_to_a_case(session, workers, mailbox, newcomer, at):
    publish(session, newcomer, at)
    case = mailbox.case
    with pytest.raises(ForbiddenError):
        operations.open_case(session, case, actor=newcomer, at=at)
    with pytest.raises(ForbiddenError):
        operations.answer(session, case, answer_of(workers[0], mailbox, "x"), actor=newcomer, at=at)
    with pytest.raises(ForbiddenError):
        operations.move(session, case, CaseState.ACKNOWLEDGED, actor=newcomer, at=at)
    handler = queries.key_of(session, newcomer).handler
    with pytest.raises(ForbiddenError):
        operations.share(session, case, handler, bytes(80), actor=newcomer, at=at)


def seal_to(worker, mailbox):
    return case_format.wrap_report_key(
        mailbox.report_key, mailbox.case.sealed_id, worker.key.handler, 1, worker.key.public_key
    )


def test_a_colleague_can_be_let_in(session, workers, mailbox, at):
    third = make_worker(session, "相談担当C")
    sealed = seal_to(third, mailbox)
    operations.share(session, mailbox.case, third.key.handler, sealed, actor=workers[0].actor, at=at)
    session.flush()
    assert queries.case_for(session, third.actor, mailbox.case.id) is mailbox.case
    assert events(session) == ["case.shared"]
    with pytest.raises(ConflictError):
        operations.share(session, mailbox.case, third.key.handler, sealed, actor=workers[0].actor, at=at)


def test_only_a_whole_wrap_for_a_published_key_is_taken(session, workers, mailbox, at):
    third = make_worker(session, "相談担当C")
    with pytest.raises(BadMessageError):
        operations.share(session, mailbox.case, third.key.handler, b"", actor=workers[0].actor, at=at)
    with pytest.raises(ConflictError):
        operations.share(session, mailbox.case, "nobody", bytes(80), actor=workers[0].actor, at=at)


# digests ---------------------------------------------------------------------------------------------------


def test_the_first_key_starts_the_daily_digest_once(session, newcomer, at):
    publish(session, newcomer, at)
    publish(session, make_actor(session, Office.CASE_WORKER), at)
    waiting = session.scalars(select(OutboxJob).where(OutboxJob.name == operations.DIGEST)).all()
    assert [job.not_before for job in waiting] == [operations.next_digest(at)]


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (datetime(2026, 11, 22, 23, 59, tzinfo=UTC), datetime(2026, 11, 23, tzinfo=UTC)),
        (datetime(2026, 11, 23, 0, 0, tzinfo=UTC), datetime(2026, 11, 24, tzinfo=UTC)),
        (datetime(2026, 12, 31, 15, 30, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
    ],
)
def test_digests_leave_at_nine_in_the_morning_in_japan(now, due):
    assert operations.next_digest(now) == due


def letters(session):
    return [row.payload for row in session.scalars(select(OutboxJob)) if row.name == "mail.deliver"]


def test_a_digest_says_once_that_there_is_news_and_never_what(session, workers, mailbox, tmp_path, at):
    make_case(session, tmp_path, at=at)
    assert operations.send_digests(session, at=at) == 2
    session.flush()
    sent = letters(session)
    assert len(sent) == 2
    assert not [each for each in sent if mailbox.case.id.hex in each or str(mailbox.case.id) in each]
    assert operations.send_digests(session, at=at + timedelta(days=1)) == 0


def test_news_are_told_again_only_when_more_came_unseen(session, workers, mailbox, tmp_path, at):
    operations.send_digests(session, at=at)
    operations.open_case(session, mailbox.case, actor=workers[0].actor, at=at)
    intake.write_again(session, mailbox, "追伸", [], Uploads(tmp_path), at=at)
    session.flush()
    operations.open_case(session, mailbox.case, actor=workers[0].actor, at=at)
    session.flush()
    assert [news.member for news in queries.news(session, at=at)] == [workers[1].member]


def test_those_without_an_address_get_no_letter(session, workers, mailbox, at):
    for worker in workers:
        worker.member.email = None
    session.flush()
    assert operations.send_digests(session, at=at) == 2
    assert letters(session) == []


def test_the_daily_job_comes_back(session, workers, mailbox, at):
    jobs.registry.handlers[operations.DIGEST](session, {}, at)
    waiting = session.scalars(select(OutboxJob).where(OutboxJob.name == operations.DIGEST)).all()
    assert [job.not_before for job in waiting] == [operations.next_digest(at)]
    assert len(letters(session)) == 2


def test_a_member_without_the_office_is_no_reader_of_news(session, mailbox, at):
    make_member(session)
    assert len(queries.news(session, at=at)) == 2
