"""What was erased stands no more in SQLite's files, its journal included."""

import sqlite3

import pytest

from unionapp import config
from unionapp.app import create_app
from unionapp.kernel import clock, db
from unionapp.kernel.db import leave_no_remains
from unionapp.kernel.jobs import OutboxJob
from unionapp.kernel.unit_of_work import after_commit, unit_of_work

MARKER = b"REMAINS-OF-SOMEBODY"


@pytest.fixture
def own_app(tmp_path):
    settings = config.from_env({"UNIONAPP_DATA_DIR": str(tmp_path / "data"), "UNIONAPP_SECRET_KEY": "x" * 50})
    app = create_app(settings)
    with app.app_context():
        db.Model.metadata.create_all(db.database.engine)
        yield app
        db.database.engine.dispose()


def job():
    now = clock.now()
    return OutboxJob(name="mail.deliver", payload=MARKER.decode() * 500, created_at=now, not_before=now)


def remains(tmp_path):
    return [p.name for p in (tmp_path / "data").glob("unionapp.sqlite3*") if MARKER in p.read_bytes()]


def write_and_delete(*, tidy):
    with unit_of_work() as session:
        session.add(row := job())
        session.flush()
        row_id = row.id
    with unit_of_work() as session:
        session.delete(session.get(OutboxJob, row_id))
        if tidy:
            after_commit(session, leave_no_remains)


def test_without_it_the_journal_remembers(own_app, tmp_path):
    write_and_delete(tidy=False)
    assert remains(tmp_path)
    leave_no_remains()
    assert remains(tmp_path) == []


def test_nothing_remains_after_the_commit(own_app, tmp_path):
    write_and_delete(tidy=True)
    assert remains(tmp_path) == []


def test_a_reader_at_that_moment_delays_it_and_breaks_nothing(own_app, tmp_path):
    reader = sqlite3.connect(tmp_path / "data" / "unionapp.sqlite3", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM outbox_job").fetchone()
    write_and_delete(tidy=True)
    assert remains(tmp_path)
    reader.execute("COMMIT")
    leave_no_remains()
    assert remains(tmp_path) == []
    reader.close()
