import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from unionapp.crypto.hashchain import GENESIS, ChainBrokenError
from unionapp.kernel import audit
from unionapp.kernel.access import ANONYMOUS
from unionapp.kernel.audit import AuditEvent, Event

REFUSED = "insert-only"


def record(session, at, number):
    return audit.record(session, Event.MEMBER_CHANGED, subject=number, actor=ANONYMOUS, at=at, n=number)


def test_each_event_carries_the_hash_of_the_one_before(session, at):
    assert audit.head(session).hash == GENESIS
    rows = [record(session, at, number) for number in range(3)]
    assert [row.previous for row in rows] == [GENESIS, rows[0].hash, rows[1].hash]
    assert audit.verify(session).hash == rows[2].hash


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_database_refuses_changes(session, at, verb):
    record(session, at, 1)
    statement = update(AuditEvent).values(subject="x") if verb == "update" else delete(AuditEvent)
    with pytest.raises(DBAPIError, match=REFUSED), session.begin_nested():
        session.execute(statement)
    assert session.scalars(select(AuditEvent.subject)).all() == ["1"]


def test_a_changed_row_is_found(session, at):
    for number in range(3):
        record(session, at, number)
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("DROP TRIGGER audit_event_no_update")
    else:
        connection.exec_driver_sql("ALTER TABLE audit_event DISABLE TRIGGER audit_event_insert_only")
    session.execute(update(AuditEvent).where(AuditEvent.subject == "1").values(facts='{"n":7}'))
    session.expire_all()
    with pytest.raises(ChainBrokenError) as caught:
        audit.verify(session)
    assert caught.value.index == 1


def test_the_length_counts_rows_not_numbers_given_out(session, at):
    before = audit.head(session).length
    for number in range(3):
        attempt = session.begin_nested()
        audit.record(session, Event.MEMBER_CHANGED, subject=number, actor=ANONYMOUS, at=at)
        if number == 1:
            attempt.rollback()  # PostgreSQL does not give its number again
    assert audit.head(session).length == audit.verify(session).length == before + 2
