"""What every test stands on: both applications, one outer transaction per test, a checking client."""

import os
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from tests.page_client import PageClient
from unionapp import config
from unionapp.app import create_app, create_reporting_app
from unionapp.kernel import clock, db
from unionapp.kernel.access import ANONYMOUS

TESTS = Path(__file__).parent


def pytest_addoption(parser):
    parser.addoption("--engine", choices=["sqlite", "postgresql"], default="sqlite")


LIBRARIES = ("crypto", "roster", "redline", "browser_crypto")  # they touch no database


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.relative_to(TESTS).parts[0] in LIBRARIES:
            item.add_marker(pytest.mark.engine_free)


class NoQueue:
    """Stands where Huey stands: tests run the outbox themselves with jobs.sweep()."""

    def __init__(self):
        self.woken = []

    def wake(self, job_id):
        self.woken.append(job_id)


@pytest.fixture(scope="session")
def database_url(request, tmp_path_factory, worker_id):
    if request.config.getoption("--engine") == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}"
        return
    from tests.postgresql import fresh_database  # noqa: PLC0415  # only where PostgreSQL is asked for

    with fresh_database(worker_id) as url:
        yield url


@pytest.fixture(scope="session")
def worker_id():
    return os.environ.get("PYTEST_XDIST_WORKER", "main")


@pytest.fixture(scope="session")
def settings(database_url, tmp_path_factory):
    return config.from_env(
        {
            "UNIONAPP_DATA_DIR": str(tmp_path_factory.mktemp("data")),
            "UNIONAPP_DATABASE_URL": database_url,
            "UNIONAPP_SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
            "UNIONAPP_MEMBERS_URL": "http://localhost",
            "UNIONAPP_REPORTING_URL": "http://127.0.0.1",
            "UNIONAPP_ARGON2_MEMORY_KIB": "8",  # cheap on purpose: the real cost is in the settings
            "UNIONAPP_ARGON2_ROUNDS": "1",
        }
    )


@pytest.fixture(scope="session")
def app(settings):
    app = create_app(settings, wakener=NoQueue())
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    with app.app_context():
        db.Model.metadata.create_all(db.database.engine)
        yield_app = app
    yield yield_app
    with app.app_context():
        db.database.engine.dispose()


@pytest.fixture(scope="session")
def reporting_app(app, settings):
    reporting = create_reporting_app(settings, wakener=NoQueue())
    reporting.config.update(TESTING=True)
    yield reporting
    with reporting.app_context():
        db.database.engine.dispose()


@pytest.fixture
def connection(app, reporting_app):
    """One connection and one outer transaction for both applications, rolled back after the test."""
    with app.app_context():
        engine = db.database.engine
    with engine.connect() as connection:
        outer = connection.begin()
        for each in (app, reporting_app):
            with each.app_context():
                db.database.sessionmaker.configure(bind=connection, join_transaction_mode="create_savepoint")
        yield connection
        outer.rollback()


@pytest.fixture
def app_context(app, connection):
    with app.app_context():
        yield app


@pytest.fixture
def session(app_context, connection):
    """A session for calling operations and queries directly, in an application context."""
    with Session(bind=connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def at():
    return clock.now()


@pytest.fixture
def client(app, connection):
    """The members' site; ``client.act_as(actor)`` decides who asks."""
    client = PageClient(app)
    yield client
    client.act_as(ANONYMOUS)


@pytest.fixture
def reporting_client(reporting_app, connection):
    return PageClient(reporting_app)
