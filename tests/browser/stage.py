"""The real program, running: members' site, reporting site and worker on free loopback ports."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor

from tests.browser.letters import Letters
from unionapp import config
from unionapp.accounts.operations.passwords import Hasher
from unionapp.accounts.operations.signing_in import set_password
from unionapp.app import create_app
from unionapp.kernel import clock, db
from unionapp.kernel.access import SYSTEM, Actor
from unionapp.kernel.queue import Wakener
from unionapp.kernel.unit_of_work import unit_of_work
from unionapp.membership.models import Office, Particulars
from unionapp.membership.operations import deciding

PASSWORD = "線画が動きだす瞬間が好き"
PATIENCE_SECONDS = 40.0
GRACE_SECONDS = 15.0


class Stage:
    """Three processes, their data folder, and a door to their database for setting the scene."""

    def __init__(self, folder):
        self.folder = folder
        members, reporting = _free_ports(2)
        self.environ = {
            "UNIONAPP_DATA_DIR": str(folder),
            "UNIONAPP_DATABASE_URL": f"sqlite:///{folder / 'unionapp.sqlite3'}",
            "UNIONAPP_QUEUE_URL": f"sqlite:///{folder / 'queue.sqlite3'}",
            "UNIONAPP_MEMBERS_URL": f"http://localhost:{members}",
            "UNIONAPP_REPORTING_URL": f"http://127.0.0.1:{reporting}",
            "UNIONAPP_SWEEP_SECONDS": "1",
            "UNIONAPP_ARGON2_MEMORY_KIB": "8",  # cheap on purpose: the real cost is in the settings
            "UNIONAPP_ARGON2_ROUNDS": "1",
        }
        self.settings = config.from_env(self.environ)
        self.members_url, self.reporting_url = self.settings.members_url, self.settings.reporting_url
        self.letters = Letters(self.settings.letters_dir)
        self._wakener = Wakener(self.settings)
        self._thread = ThreadPoolExecutor(1)
        self.app = self._in_thread(lambda: create_app(self.settings, wakener=self._wakener))
        self._children = []

    def prepare_database(self):
        """Bring the tables as an officer of the server does."""
        done = self.run("db", "upgrade")
        assert done.returncode == 0, done.stderr

    def start(self):
        """Start all three and wait until both sites answer."""
        ports = [url.rpartition(":")[2] for url in (self.members_url, self.reporting_url)]
        self._spawn("members", "serve", "--site", "members", "--port", ports[0], "--workers", "1")
        self._spawn("reporting", "serve", "--site", "reporting", "--port", ports[1], "--workers", "1")
        self._spawn("worker", "work")
        end = time.monotonic() + PATIENCE_SECONDS
        for url in (self.members_url, self.reporting_url):
            while not _answers(url):
                assert time.monotonic() < end, f"{url} does not answer\n{self.logs()}"
                assert all(child.poll() is None for child in self._children), self.logs()
                time.sleep(0.05)

    def stop(self):
        """End the processes by their own ids; what they complained about fails the tests."""
        for child in self._children:
            child.terminate()
        for child in self._children:
            try:
                child.wait(GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        self._in_thread(self._let_go)
        self._thread.shutdown()
        assert "Traceback" not in self.logs(), self.logs()

    def run(self, *arguments, stdin=None):
        """Run a ``unionapp`` command on this data folder and return the finished process."""
        return subprocess.run(
            [sys.executable, "-m", "unionapp", *arguments],
            env=self._whole_environ(),
            input=stdin,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def logs(self):
        """Return what the processes have written."""
        return "\n".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    def act(self, deed):
        """Run ``deed(session)`` on the same database, commit, and return what it returns.

        In a thread of its own: Playwright keeps an event loop running in the test's thread, and there
        Flask-SQLAlchemy-Lite cannot close its sessions.
        """

        def work():
            with self.app.app_context(), unit_of_work() as session:
                return deed(session)

        return self._in_thread(work)

    def person(self, email, *offices, name="架空 花子", pen_name="", language="ja"):
        """Put somebody with these offices and a password on the roll, and return the address."""
        particulars = Particulars(
            legal_name=name,
            reading="カクウ ハナコ",
            pen_name=pen_name,
            email=email,
            studio="架空スタジオ一番",
            job_categories=("key_animation",),
            employment_form="freelance",
            language=language,
        )
        at = clock.now()

        def enrol(session):
            member = deciding.enrol(
                session, particulars, offices=[Office(each) for each in offices], actor=SYSTEM, at=at
            )
            own = Actor(member_id=member.id)
            set_password(session, Hasher(self.settings), member.id, PASSWORD, actor=own, at=at)

        self.act(enrol)
        return email

    def _in_thread(self, work):
        return self._thread.submit(work).result()

    def _let_go(self):
        with self.app.app_context():
            db.database.engine.dispose()
        self._wakener.close()

    def _spawn(self, name, *arguments):
        with (self.folder / f"{name}.log").open("wb") as log:
            command = [sys.executable, "-m", "unionapp", *arguments]
            self._children.append(
                subprocess.Popen(command, env=self._whole_environ(), stdout=log, stderr=log)
            )

    def _whole_environ(self):
        own = {name: value for name, value in os.environ.items() if not name.startswith("UNIONAPP_")}
        return own | self.environ | {"PYTHONUNBUFFERED": "1"}


def _free_ports(number):
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(number)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        raise AssertionError(f"{url}: {error.code} {error.read().decode()[:2000]}") from error
    except OSError:
        return False
