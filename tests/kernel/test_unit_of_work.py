import pytest
from sqlalchemy import select

from unionapp.kernel import audit, db, jobs
from unionapp.kernel.access import ANONYMOUS
from unionapp.kernel.audit import AuditEvent, Event
from unionapp.kernel.unit_of_work import unit_of_work


def test_a_block_that_ends_well_is_stored(app_context, at):
    with unit_of_work() as session:
        audit.record(session, Event.MEMBER_CHANGED, subject="a", actor=ANONYMOUS, at=at)
    assert db.session().scalar(select(AuditEvent.subject)) == "a"


def test_a_block_that_raises_stores_nothing(app_context, at):
    def failing():
        with unit_of_work() as session:
            audit.record(session, Event.MEMBER_CHANGED, subject="a", actor=ANONYMOUS, at=at)
            raise KeyError

    with pytest.raises(KeyError):
        failing()
    assert db.session().scalar(select(AuditEvent.subject)) is None


def test_the_chain_holds_and_a_page_is_drawn(client, session, at):
    for number in range(3):
        audit.record(session, Event.MEMBER_CHANGED, subject=number, actor=ANONYMOUS, at=at, n=number)
    assert audit.verify(session).length >= 3
    assert client.get("/").status_code == 200
    assert jobs.due(session, at) == []
