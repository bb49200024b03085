"""Errors are pages in both languages that keep what was typed."""

import io
import re

import pytest
from flask import request
from sqlalchemy import event, func, select

from tests.conftest import NoQueue
from tests.factories.membership import make_actor
from tests.page_client import XHTML, PageClient, parse
from unionapp.app import create_app
from unionapp.kernel import audit, clock, db, pages, throttle
from unionapp.kernel.access import ANONYMOUS, PUBLIC, SIGNED_IN
from unionapp.kernel.audit import AuditEvent, Event
from unionapp.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TooManyError,
)
from unionapp.kernel.unit_of_work import after_commit, record_anyway
from unionapp.kernel.web import Blueprint
from unionapp.membership.models import Office

bp = Blueprint("planted", __name__)
DETAIL = "a detail that nobody may read"
RAISED = {
    "403": ForbiddenError(),
    "404": NotFoundError(),
    "409": ConflictError(),
    "422": InvalidInputError(),
    "429": TooManyError(60),
    "500": ZeroDivisionError("a detail that nobody may read"),
}


@bp.post("/kept/<way>", access=PUBLIC)
def kept(way):
    """Write a row, or fail in the way asked for, at the end of the request."""
    session = db.session()
    audit.record(session, Event.MEMBER_CHANGED, subject="kept", actor=ANONYMOUS, at=clock.now())
    if way == "commit":
        event.listen(session, "before_commit", _raise_detail)
    elif way == "after":
        after_commit(session, lambda: _raise_detail(session))
    elif way == "anyway":
        record_anyway(_raise_detail)
    record_anyway(lambda own: own.add(throttle.Attempt(bucket=way, at=clock.now())))
    return {"stored": True}


def _raise_detail(_session):
    raise LookupError(DETAIL)


@bp.post("/members-only", access=SIGNED_IN)
def members_only():
    return "never"


@bp.post("/planted/<status>", access=PUBLIC)
def planted(status):
    raise RAISED[status]


@pytest.fixture
def failing(settings, connection):
    app = create_app(settings, wakener=NoQueue(), more=[bp])
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        db.database.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield PageClient(app)
        db.database.engine.dispose()


@pytest.mark.parametrize("status", RAISED)
@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_error_keeps_what_was_typed(failing, status, language):
    typed = {"story": "三日かけて書いた文章", "password": "not-to-be-shown", "words": "ひみつ"}
    response = failing.post(f"/planted/{status}?lang={language}", data=typed)
    assert response.status_code == int(status)
    assert "三日かけて書いた文章" in response.text
    assert "not-to-be-shown" not in response.text
    assert "ひみつ" not in response.text
    assert "a detail" not in response.text
    assert f'lang="{language}"' in response.text
    if status == "429":
        assert response.headers["Retry-After"] == "60"


def test_an_unknown_address_is_a_page(failing):
    assert failing.get("/no-such-page").status_code == 404


def test_a_huge_request_is_a_page(failing):
    response = failing.post("/planted/404", data={"story": "x" * (5 * 1024 * 1024)})
    assert response.status_code in {404, 413}


@pytest.fixture
def careless(failing, monkeypatch):
    """Errors are answered as in production, not raised into the test."""
    monkeypatch.setitem(failing.application.config, "TESTING", False)  # noqa: FBT003  # a setting's value
    return failing


@pytest.mark.parametrize(
    ("way", "status", "stored"), [("commit", 500, 0), ("after", 200, 1), ("anyway", 200, 1)]
)
def test_what_fails_at_the_end_of_a_request_never_turns_stored_into_refused(
    careless, caplog, session, way, status, stored
):
    response = careless.post(f"/kept/{way}?lang=en", data={"story": "kept"})
    assert response.status_code == status
    assert session.scalar(select(func.count()).select_from(AuditEvent)) == stored
    assert session.scalar(select(throttle.Attempt.bucket)) == way
    assert "LookupError" in caplog.text
    assert DETAIL not in caplog.text
    assert DETAIL not in response.text


def test_an_error_page_that_cannot_be_drawn_is_still_a_page(careless, monkeypatch, caplog):
    monkeypatch.setitem(careless.application.jinja_env.globals, "union_name", None)
    response = careless.post("/planted/409?lang=ja")
    assert response.status_code == 500
    assert "エラー" in response.text or "問題" in response.text
    assert response.headers["Content-Security-Policy"]
    assert "could not be drawn" in caplog.text


def test_an_endless_form_makes_no_endless_page(failing):
    endless = {f"field{number}": "" for number in range(pages.MOST_FIELDS + 1)}
    assert len(failing.post("/planted/409", data=endless).data) < 10_000


def test_what_cannot_be_shown_is_replaced(failing):
    body = b"a%00b=c%00%1f"
    response = failing.post("/planted/409", data=body, content_type="application/x-www-form-urlencoded")
    assert "c\ufffd\ufffd" in response.text


def test_files_are_not_kept_and_the_page_says_so(failing):
    sent = {"story": "kept", "proof": (io.BytesIO(b"x"), "scan.png")}
    assert "Files are not kept" in failing.post("/planted/409?lang=en", data=sent).text
    assert "Files are not kept" not in failing.post("/planted/409?lang=en", data={"story": "kept"}).text


def test_sending_again_goes_to_the_same_address_and_nowhere_else(failing):
    response = failing.post("/planted/409?a=1&b=%22%3E", data={"story": "kept"})
    assert 'action="/planted/409?a=1&amp;b=%22%3E"' in response.text
    with failing.application.test_request_context("/", method="POST"):
        request.environ["PATH_INFO"] = request.path = "//evil.example/x"
        assert pages._same_address() == "/evil.example/x"


def test_who_was_signed_out_meanwhile_loses_nothing(failing):
    response = failing.post("/members-only?lang=en", data={"story": "三日かけて書いた文章"})
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Cookie"
    assert "三日かけて書いた文章" in response.text
    assert "Sign in in another tab" in response.text


@pytest.mark.parametrize(
    "query",
    ["endpoint=x", "_scheme=javascript&_external=1", "_anchor=a", "a=1&a=2", "lang=xx&lang=en", "x=%00%ff"],
)
def test_the_way_to_the_other_language_stays_on_the_page(failing, query):
    response = failing.get(f"/account/forgot?{query}")
    assert response.status_code == 200
    links = re.findall(r'href="([^"]*lang=[^"]*)"\s+lang=', response.text)
    assert links
    assert all(link.startswith("?") and link.count("lang=") == 1 for link in links)
    if query == "a=1&a=2":
        assert links[0].startswith("?a=1&amp;a=2&amp;")


def test_a_missing_asset_is_no_page_to_keep(failing):
    response = failing.get("/static/no-such-file.js?v=1")
    assert response.status_code == 404
    assert response.headers["Cache-Control"] == "no-store"
    with failing.get("/static/css/base.css?v=1") as found:
        assert "max-age" in found.headers["Cache-Control"]


def test_one_page_under_two_addresses_has_one_rule():
    double = Blueprint("double", __name__)
    double.add_url_rule("/a", "same", members_only, access=SIGNED_IN)
    double.add_url_rule("/b", "same", members_only, access=SIGNED_IN)
    with pytest.raises(TypeError, match="different access"):
        double.add_url_rule("/c", "same", members_only, access=PUBLIC)


def test_a_missing_token_is_a_page_that_keeps_the_text(settings, connection):
    app = create_app(settings, wakener=NoQueue(), more=[bp])
    with app.app_context():
        db.database.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        response = PageClient(app).post("/planted/404?lang=en", data={"story": "kept"})
        db.database.engine.dispose()
    assert response.status_code == 400
    assert "kept" in response.text


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/membership/members", "Members"),
        ("/membership/applications", "Applications"),
        ("/membership/me", "My record"),
        ("/membership/imports", "Members"),
        ("/", None),
    ],
)
def test_the_menu_shows_one_room(client, session, path, current):
    officer = make_actor(session, Office.MEMBERSHIP_OFFICER)
    client.act_as(officer)
    links = parse(client.get(f"{path}?lang=en").text).getroot().iter(f"{XHTML}a")
    rooms = [link.text for link in links if link.get("aria-current") == "true" and not link.get("hreflang")]
    assert rooms == ([current] if current else [])
