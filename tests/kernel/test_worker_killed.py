"""kill -9 of a worker in mid task: the job is run again by the next worker, and only once to its end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from unionapp import config
from unionapp.app import create_app
from unionapp.kernel import clock, db, jobs
from unionapp.kernel.unit_of_work import unit_of_work

pytestmark = pytest.mark.slow

WORKER = """
import os, sys, time
from pathlib import Path
from unionapp import config
from unionapp.app import create_app
from unionapp.kernel import jobs
from unionapp.kernel.queue import Wakener

@jobs.job("test.slow")
def slow(session, payload, at):
    began = Path(payload["folder"], f"began-{payload['n']}-{os.getpid()}")
    began.touch()
    time.sleep(payload["seconds"])
    Path(payload["folder"], f"ended-{payload['n']}-{os.getpid()}").touch()

settings = config.from_env(os.environ)
wakener = Wakener(settings)
wakener.work(create_app(settings, wakener=wakener))
"""


@pytest.fixture
def environ(request, tmp_path):
    common = {
        "UNIONAPP_DATA_DIR": str(tmp_path / "data"),
        "UNIONAPP_JOB_LEASE_SECONDS": "3",
        "UNIONAPP_SWEEP_SECONDS": "0.5",
    }
    if request.config.getoption("--engine") == "sqlite":
        yield {**common, "UNIONAPP_DATABASE_URL": f"sqlite:///{tmp_path / 'jobs.sqlite3'}"}
        return
    from tests.postgresql import fresh_database  # noqa: PLC0415  # only where PostgreSQL is asked for

    with fresh_database("jobs") as url:
        yield {**common, "UNIONAPP_DATABASE_URL": url, "UNIONAPP_QUEUE_URL": url}


def start_worker(environ):
    return subprocess.Popen([sys.executable, "-c", WORKER], env={**os.environ, **environ})


def wait_for(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def test_jobs_survive_kill_9_of_the_worker(environ, tmp_path):
    from unionapp.kernel.queue import Wakener  # noqa: PLC0415  # its queue file lies in this test's folder

    settings = config.from_env(environ)
    wakener = Wakener(settings)
    app = create_app(settings, wakener=wakener)
    jobs.registry.handlers.setdefault("test.slow", lambda *_: None)
    with app.app_context():
        db.Model.metadata.create_all(db.database.engine)
        with unit_of_work() as session:
            for n in range(4):
                payload = {"folder": str(tmp_path), "n": n, "seconds": 1.5}
                jobs.enqueue(session, "test.slow", payload, at=clock.now())
        db.database.engine.dispose()
    wakener.close()

    worker = start_worker(environ)
    try:
        wait_for(lambda: list(Path(tmp_path).glob("began-*")))
        worker.send_signal(signal.SIGKILL)
        worker.wait()
        killed = {path.name.split("-")[1] for path in Path(tmp_path).glob("began-*")}
        ended = {path.name.split("-")[1] for path in Path(tmp_path).glob("ended-*")}
        assert killed - ended, "the kill came too late to prove anything"
        worker = start_worker(environ)
        wait_for(lambda: open_jobs(environ) == 0, seconds=60)
    finally:
        worker.terminate()
        assert worker.wait(timeout=20) in {0, -signal.SIGTERM}
    for n in range(4):
        assert len(list(Path(tmp_path).glob(f"ended-{n}-*"))) == 1
    assert {name.name.split("-")[1] for name in Path(tmp_path).glob("began-*")} == {"0", "1", "2", "3"}


def open_jobs(environ):
    engine = create_engine(environ["UNIONAPP_DATABASE_URL"])
    with engine.connect() as connection:
        count = connection.execute(text("SELECT count(*) FROM outbox_job WHERE done_at IS NULL")).scalar_one()
    engine.dispose()
    return count
