"""An empty database upgraded to the newest revision has the models' tables; each script runs both ways."""

import pytest
from sqlalchemy import inspect

from tests.conftest import NoQueue
from tests.factories.membership import make_member
from unionapp import config
from unionapp.app import create_app
from unionapp.kernel import audit, db
from unionapp.kernel.access import ANONYMOUS
from unionapp.kernel.unit_of_work import unit_of_work


@pytest.fixture
def empty_app(request, tmp_path):
    if request.config.getoption("--engine") == "sqlite":
        yield make(tmp_path, f"sqlite:///{tmp_path / 'empty.sqlite3'}")
        return
    from tests.postgresql import fresh_database  # noqa: PLC0415  # only where PostgreSQL is asked for

    with fresh_database("migrations") as url:
        app = make(tmp_path, url)
        yield app
        with app.app_context():
            db.database.engine.dispose()


def make(folder, url):
    environ = {"UNIONAPP_DATA_DIR": str(folder), "UNIONAPP_DATABASE_URL": url}
    return create_app(config.from_env(environ), wakener=NoQueue())


def test_models_equal_migrations(empty_app):
    with empty_app.app_context():
        alembic = empty_app.extensions["alembic"]
        alembic.upgrade()
        assert alembic.compare_metadata() == []


def test_every_script_goes_up_and_down_with_data(empty_app, at):
    with empty_app.app_context():
        alembic = empty_app.extensions["alembic"]
        scripts = list(reversed(list(alembic.script_directory.walk_revisions())))
        assert scripts
        for script in scripts:
            alembic.upgrade(script.revision)
            with unit_of_work() as session:
                audit.record(session, audit.Event.MEMBER_CHANGED, subject="x", actor=ANONYMOUS, at=at)
                if script is scripts[-1]:  # the models' own tables: only the newest script has them all
                    make_member(session)
        for script in reversed(scripts[1:]):
            alembic.downgrade(script.down_revision)
            with unit_of_work() as session:
                assert audit.verify(session).length == len(scripts)
            alembic.upgrade(script.revision)
            alembic.downgrade(script.down_revision)
        alembic.downgrade("base")
        with unit_of_work() as session:
            left = set(inspect(session.connection()).get_table_names()) - {"alembic_version"}
        assert left == set()
