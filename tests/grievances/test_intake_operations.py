"""Reports come in once, are read by the right words only, and are destroyed when their sender says so."""

import secrets

import pytest
from sqlalchemy import func, select

from tests.factories.grievances import answer_of, make_case, make_report, make_workers, send
from unionapp.crypto import receipt
from unionapp.grievances.casework import operations as casework
from unionapp.grievances.intake import operations, queries
from unionapp.grievances.intake.access import MOST_OF_ALL, MOST_OF_ONE, WrongWords
from unionapp.grievances.intake.box import Uploads
from unionapp.grievances.intake.models import (
    Case,
    CaseAttachment,
    CaseState,
    CaseWrap,
    Category,
    SealedBy,
    SealedMessage,
)
from unionapp.grievances.intake.operations import TooFewReadersError
from unionapp.grievances.intake.queries import BrokenFileError
from unionapp.kernel import clock
from unionapp.kernel.audit import AuditEvent
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.jobs import OutboxJob


@pytest.fixture
def workers(session):
    return make_workers(session, 3)


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def texts(session, mailbox):
    return [said.payload.text for said in queries.thread(session, mailbox) if said.seq]


def test_a_report_is_sealed_to_every_reader_and_to_the_words(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at, category=Category.AI_USE, language="en")
    case = mailbox.case
    assert {wrap.recipient for wrap in case.wraps} == {"reporter", *(w.key.handler for w in workers)}
    assert case.sealed_by is SealedBy.SERVER
    assert case.state is CaseState.NEW
    assert case.received_on == clock.today(at)
    label, report = queries.thread(session, mailbox)
    assert (label.payload.category, label.payload.answers) == ("ai_use", {"language": "en"})
    assert report.payload.text == make_report().text


def test_excluded_handlers_get_no_key(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at, without={workers[0].key.handler})
    assert workers[0].key.handler not in {wrap.recipient for wrap in mailbox.case.wraps}


def test_one_reader_is_too_few(session, workers, tmp_path, at):
    with pytest.raises(TooFewReadersError):
        make_case(session, tmp_path, at=at, without={w.key.handler for w in workers[1:]})
    assert count(session, Case) == 0


def test_the_same_form_sent_twice_makes_one_case(session, workers, tmp_path, at):
    _, entropy = make_case(session, tmp_path, at=at)
    make_case(session, tmp_path, at=at, entropy=entropy)
    assert count(session, Case) == 1
    assert count(session, SealedMessage) == 2


def test_the_same_form_with_another_text_loses_nothing(session, workers, tmp_path, at):
    _, entropy = make_case(session, tmp_path, at=at)
    mailbox, _ = make_case(
        session, tmp_path, at=at, entropy=entropy, text="書き直した。", files=[("a.txt", b"abc")]
    )
    assert count(session, Case) == 1
    assert texts(session, mailbox) == [make_report().text, "書き直した。"]


def test_two_copies_of_a_form_at_once_make_one_case(session, workers, tmp_path, at, monkeypatch):
    _, entropy = make_case(session, tmp_path, at=at)
    real, answers = queries.mailbox, [None]

    def not_there_yet(*args, **kwargs):
        return answers.pop() if answers else real(*args, **kwargs)

    monkeypatch.setattr(operations.queries, "mailbox", not_there_yet)
    mailbox, _ = make_case(session, tmp_path, at=at, entropy=entropy, text="別の文")
    assert count(session, Case) == 1
    assert texts(session, mailbox) == [make_report().text, "別の文"]


def test_the_seed_of_a_form_decides_the_words():
    seed = operations.new_seed()
    assert operations.entropy_of(seed) == operations.entropy_of(seed)
    assert operations.entropy_of(seed) != operations.entropy_of(operations.new_seed())
    with pytest.raises(ValueError, match="32 bytes"):
        operations.entropy_of(b"short")


def test_other_words_open_nothing(session, workers, tmp_path, at):
    make_case(session, tmp_path, at=at)
    assert queries.mailbox(session, secrets.token_bytes(16)) is None


def test_a_key_exchanged_in_the_database_does_not_open(session, workers, tmp_path, at):
    first, entropy = make_case(session, tmp_path, at=at)
    second, _ = make_case(session, tmp_path, at=at)
    wrap = session.get(CaseWrap, (first.case.id, "reporter"))
    wrap.sealed = session.get(CaseWrap, (second.case.id, "reporter")).sealed
    with pytest.raises(queries.BrokenCaseError):
        queries.mailbox(session, entropy)
    assert queries.case_of(session, entropy).id == first.case.id


def test_writing_again_adds_once_and_reopens(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at)
    mailbox.case.state = CaseState.CLOSED
    uploads = Uploads(tmp_path)
    files = [send(uploads, "後から.txt", b"later" * 50_000)]
    assert operations.write_again(session, mailbox, "追伸", files, uploads, at=at)
    assert mailbox.case.state is CaseState.IN_WORK
    again = Uploads(tmp_path)
    resent = [send(again, "後から.txt", b"later" * 50_000)]
    assert not operations.write_again(session, mailbox, "追伸", resent, again, at=at)
    assert texts(session, mailbox)[1:] == ["追伸"]
    about, content = queries.file_of(session, mailbox, files[0].upload.id.hex, tmp_path)
    assert about.name == "後から.txt"
    assert b"".join(content()) == b"later" * 50_000


def test_answers_are_shown_with_their_author_only_when_signed(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at)
    said = answer_of(workers[0], mailbox, "お返事します。")
    casework.answer(session, mailbox.case, said, actor=workers[0].actor, at=at)
    shown = queries.thread(session, mailbox)[-1]
    assert (shown.author, shown.by_reporter, shown.payload.text) == ("相談担当A", False, "お返事します。")
    mailbox.case.messages[-1].signature = bytes(64)
    assert queries.thread(session, mailbox)[-1].payload is None
    mailbox.case.messages[-1].role = "nobody"
    assert queries.thread(session, mailbox)[-1].payload is None


def test_a_changed_message_is_not_shown(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at)
    message = mailbox.case.messages[1]
    for place in (0, 30, len(message.sealed) - 1):
        whole = message.sealed
        message.sealed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert queries.thread(session, mailbox)[1].payload is None
        message.sealed = whole
    assert queries.thread(session, mailbox)[1].payload is not None


def test_writing_after_a_changed_message_goes_on(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at)
    mailbox.case.messages[1].sealed = bytes(5000)
    assert operations.write_again(session, mailbox, make_report().text, [], Uploads(tmp_path), at=at)


def test_messages_of_two_places_cannot_be_exchanged(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at)
    label, report = mailbox.case.messages
    label.sealed, report.sealed = report.sealed, label.sealed
    assert [said.payload for said in queries.thread(session, mailbox)] == [None, None]


def test_a_changed_or_foreign_file_is_refused(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at, files=[("a", b"abc")])
    other, _ = make_case(session, tmp_path, at=at, files=[("b", b"abc")])
    mine, theirs = mailbox.case.attachments[0].id.hex, other.case.attachments[0].id.hex
    with pytest.raises(NotFoundError):
        queries.file_of(session, mailbox, theirs, tmp_path)
    with pytest.raises(NotFoundError):
        queries.file_of(session, mailbox, "../../etc/passwd", tmp_path)
    (tmp_path / mine).write_bytes((tmp_path / theirs).read_bytes())
    with pytest.raises(BrokenFileError):
        queries.file_of(session, mailbox, mine, tmp_path)
    (tmp_path / mine).unlink()
    with pytest.raises(BrokenFileError):
        queries.file_of(session, mailbox, mine, tmp_path)


def test_deleting_leaves_nothing(session, workers, tmp_path, at):
    mailbox, entropy = make_case(session, tmp_path, at=at, files=[("a", b"abc")])
    kept, _ = make_case(session, tmp_path, at=at, files=[("b", b"abc")])
    operations.delete(session, mailbox.case, tmp_path)
    session.flush()
    for action in session.info["unionapp_after_commit"]:
        action()
    assert queries.mailbox(session, entropy) is None
    assert count(session, Case) == 1
    assert count(session, CaseAttachment) == 1
    assert {row.case_id for row in session.scalars(select(SealedMessage))} == {kept.case.id}
    assert {row.case_id for row in session.scalars(select(CaseWrap))} == {kept.case.id}
    assert [path.name for path in tmp_path.iterdir()] == [kept.case.attachments[0].id.hex]


def test_a_deleted_form_sent_again_makes_a_fresh_case(session, workers, tmp_path, at):
    mailbox, entropy = make_case(session, tmp_path, at=at)
    old = mailbox.case.id
    operations.delete(session, mailbox.case, tmp_path)
    session.flush()
    again, _ = make_case(session, tmp_path, at=at, entropy=entropy)
    assert again.case.id != old


def test_reporters_leave_no_event_and_no_job(session, workers, tmp_path, at):
    mailbox, _ = make_case(session, tmp_path, at=at)
    operations.write_again(session, mailbox, "追伸", [], Uploads(tmp_path), at=at)
    operations.delete(session, mailbox.case, tmp_path)
    session.flush()
    assert count(session, AuditEvent) == 0
    assert count(session, OutboxJob) == 0


def test_the_tables_of_reports_hold_no_time_and_no_order():
    for table in (Case, SealedMessage, CaseWrap, CaseAttachment):
        kinds = {type(column.type).__name__ for column in table.__table__.columns}
        assert "UTCDateTime" not in kinds
        assert table.__table__.dialect_options["sqlite"]["with_rowid"] is False
        assert not any(column.autoincrement is True for column in table.__table__.columns)


def test_wrong_words_are_counted_by_the_minute_and_forgotten():
    wrong, words = WrongWords(), receipt.derive(bytes(16)).stored_lookup
    assert [wrong.too_many(words, 10.0) for _ in range(MOST_OF_ONE + 1)][-2:] == [False, True]
    assert not wrong.too_many(b"other", 10.0)
    assert not wrong.too_many(words, 70.0)
    tries = [wrong.too_many(str(number).encode(), 70.0) for number in range(MOST_OF_ALL)]
    assert tries[-1]
    assert not tries[0]
