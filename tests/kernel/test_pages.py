"""Errors are pages in both languages that keep what was typed."""

import pytest

from tests.conftest import NoQueue
from tests.page_client import PageClient
from unionapp.app import create_app
from unionapp.kernel import db
from unionapp.kernel.access import PUBLIC
from unionapp.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    TooManyError,
)
from unionapp.kernel.web import Blueprint

bp = Blueprint("planted", __name__)
RAISED = {
    "403": ForbiddenError(),
    "404": NotFoundError(),
    "409": ConflictError(),
    "422": InvalidInputError(),
    "429": TooManyError(60),
    "500": ZeroDivisionError("a detail that nobody may read"),
}


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


def test_a_missing_token_is_a_page_that_keeps_the_text(settings, connection):
    app = create_app(settings, wakener=NoQueue(), more=[bp])
    with app.app_context():
        db.database.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        response = PageClient(app).post("/planted/404?lang=en", data={"story": "kept"})
        db.database.engine.dispose()
    assert response.status_code == 400
    assert "kept" in response.text
