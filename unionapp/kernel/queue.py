"""Huey, only here: it carries wake-ups from the web processes to the workers. The outbox holds the truth."""

import logging
import socket
import threading
import uuid
from pathlib import Path
from typing import Any

from flask import Flask
from huey import Huey, SqliteHuey
from huey.api import PostgresHuey

from unionapp.config import Settings
from unionapp.kernel import db, jobs
from unionapp.kernel.faults import log_fault

log = logging.getLogger(__name__)

WORKERS = 2
NETWORK_PATIENCE = 30.0  # seconds: a mail server that hangs must not hold a worker for ever


def make_huey(settings: Settings) -> Huey:
    """Return the queue the settings name: a SQLite file, or PostgreSQL."""
    url = settings.queue_url
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///"))
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        return SqliteHuey("unionapp", filename=str(path), results=False, fsync=False)
    dsn = url.replace("postgresql+psycopg://", "postgresql://", 1)
    return PostgresHuey("unionapp", dsn=dsn, results=False)


class Wakener:
    """Sends wake-ups, and answers them in a worker."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.huey = make_huey(settings)
        self.app: Flask | None = None

        def run_job(job_id: str) -> None:
            self._run(job_id)

        self.task = self.huey.task(name="run_job")(run_job)

    def wake(self, job_id: str) -> None:
        """Tell a worker that a job waits. A queue that cannot be reached only delays it until the sweep."""
        self.task(job_id)

    def close(self) -> None:
        """Let go of the queue's connection."""
        self.huey.storage.close()

    def _run(self, job_id: str) -> None:
        if self.app is None:
            raise RuntimeError("this process is no worker")
        with self.app.app_context():
            jobs.run(uuid.UUID(job_id))

    def work(self, app: Flask) -> None:
        """Run jobs until the process is told to stop: SIGTERM lets the present jobs end, SIGINT does not."""
        self.app = app
        socket.setdefaulttimeout(NETWORK_PATIENCE)
        with app.app_context():
            db.database.engine.dispose(close=False)
        stop = threading.Event()
        sweeper = threading.Thread(target=self._sweep_until, args=(stop,), daemon=True)
        sweeper.start()
        consumer: Any = self.huey.create_consumer(
            workers=WORKERS, periodic=False, max_delay=1.0, graceful_signal="TERM"
        )
        try:
            consumer.run()
        finally:
            stop.set()
            sweeper.join(timeout=self._settings.job_lease_seconds)

    def _sweep_until(self, stop: threading.Event) -> None:
        if self.app is None:
            raise RuntimeError("this process is no worker")
        while not stop.is_set():
            try:
                with self.app.app_context():
                    jobs.sweep()
                    db.leave_no_remains()
            except Exception as error:  # noqa: BLE001  # a database away for a moment must not end all sweeping
                log_fault(log, "a sweep failed; the next one comes", error)
            stop.wait(self._settings.sweep_seconds)
