"""What happens to a session at the edges: signing in over another one, and being used again and again."""

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from tests.accounts.test_pages import sign_in
from tests.factories.accounts import give_password
from tests.factories.membership import make_member
from unionapp.accounts.models import TOUCH, UserSession


@pytest.fixture
def member(session, settings, at):
    member = make_member(session, language="en")
    give_password(session, settings, member, at=at)
    session.flush()
    return member


def test_signing_in_again_ends_the_session_the_browser_had(client, member, session):
    sign_in(client, member.email)
    before = client.get_cookie("members").value
    sign_in(client, member.email)
    assert client.get_cookie("members").value != before
    rows = session.scalars(select(UserSession).order_by(UserSession.created_at)).all()
    assert [row.revoked_at is None for row in rows] == [False, True]
    client.set_cookie("members", before)
    assert client.get("/account/sessions").status_code == 303


def test_a_cookie_planted_before_the_sign_in_is_worth_nothing_after_it(client, member):
    client.get("/account/sign-in")
    planted = client.get_cookie("members").value
    sign_in(client, member.email)
    client.set_cookie("members", planted)
    assert client.get("/account/sessions").status_code == 303


def test_reading_pages_writes_at_most_once_a_minute(client, member, session, connection):
    written = []

    def note(_connection, _cursor, statement, _parameters, _context, _many):
        if statement.startswith("UPDATE"):
            written.append(statement)

    sign_in(client, member.email)
    event.listen(connection, "before_cursor_execute", note)
    client.page("/account/sessions")
    assert written == []
    row = session.scalars(select(UserSession)).one()
    row.last_seen_at -= TOUCH + timedelta(seconds=1)
    session.flush()
    written.clear()
    client.page("/account/sessions")
    client.page("/account/sessions")
    event.remove(connection, "before_cursor_execute", note)
    assert len(written) == 1
