"""A report's text, file name, file and words are searched for in everything that the machine has kept.

The reporting site runs as it is run in earnest: gunicorn, its own process, its own temporary folder. While an
upload is half way in, the files its process has open are searched too: werkzeug's own spool would be there.
"""

import base64
import http.client
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import select, text

from tests.conftest import NoQueue
from tests.factories.grievances import answer_of, make_workers, multipart
from unionapp import config
from unionapp.app import create_app
from unionapp.crypto import receipt
from unionapp.grievances.casework import operations as casework
from unionapp.grievances.intake import operations as intake
from unionapp.grievances.intake import queries
from unionapp.grievances.intake.box import Uploads
from unionapp.grievances.intake.forms import read_seed
from unionapp.grievances.intake.models import CaseWrap, SealedMessage
from unionapp.kernel import clock, db, jobs
from unionapp.kernel.unit_of_work import unit_of_work

TEXT = "MARKER-TEXT-7d1e 架空の通報本文"
AGAIN = "MARKER-AGAIN-1c40 追伸"
ANSWER = "MARKER-ANSWER-55aa 返事"
NAME = "MARKER-NAME-90be-証拠.txt"
CONTENT = b"MARKER-CONTENT-3f77 " * 262_144  # 5 MB
CATEGORY = "whistleblowing"


@pytest.fixture
def database(request, tmp_path):
    if request.config.getoption("--engine") == "sqlite":
        yield f"sqlite:///{tmp_path / 'data' / 'unionapp.sqlite3'}"
        return
    from tests.postgresql import fresh_database  # noqa: PLC0415  # only where PostgreSQL is asked for

    with fresh_database("markers") as url:
        yield url


@pytest.fixture
def environ(database, tmp_path):
    (tmp_path / "data").mkdir()
    return {"UNIONAPP_DATA_DIR": str(tmp_path / "data"), "UNIONAPP_DATABASE_URL": database}


@pytest.fixture
def members_app(environ):
    app = create_app(config.from_env(environ), wakener=NoQueue())
    with app.app_context():
        db.Model.metadata.create_all(db.database.engine)
        yield app
        db.database.engine.dispose()


@pytest.fixture
def reporting(environ, members_app, tmp_path):
    """The port and process of a running reporting site."""
    (tmp_path / "tmp").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["-m", "unionapp", "serve", "--site", "reporting", "--port", str(port), "--workers", "1"]
    with (tmp_path / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, **environ, "TMPDIR": str(tmp_path / "tmp")},
            stdout=log,
            stderr=log,
        )
        try:
            wait_for(port, process)
            yield port, process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def wait_for(port, process):
    for _ in range(300):
        assert process.poll() is None, "the server ended"
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def ask(port, path, body=None):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        headers = {"Content-Type": body["content_type"]} if body else {}
        connection.request("POST" if body else "GET", path, body["data"] if body else None, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def send_slowly(port, body, look):
    """Send half of a request, look, send the rest."""
    data, half = body["data"], len(body["data"]) // 2
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.putrequest("POST", "/report")
        connection.putheader("Content-Type", body["content_type"])
        connection.putheader("Content-Length", str(len(data)))
        connection.endheaders()
        connection.send(data[:half])
        look()
        connection.send(data[half:])
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def seed_of(port):
    return re.search(r'name="receipt_seed"[^>]*value="([\w-]+)"', ask(port, "/report")[1]).group(1)


def words_of(html):
    return " ".join(re.findall(r"<strong>(\w+)</strong>", html))


def spellings(secret):
    """A secret as it could lie somewhere: as it is, in hexadecimal, in base64 at each of three places."""
    data = secret if isinstance(secret, bytes) else secret.encode()
    yield data
    yield data.hex().encode()
    for shift in range(3):
        inner = base64.b64encode(b"x" * shift + data)
        yield inner[4 if shift else 0 : -4]


def found_in(data, markers):
    return [name for name, secret in markers.items() if any(each in data for each in spellings(secret))]


def files_in(folder):
    return [path for path in folder.rglob("*") if path.is_file()]


def open_files(process):
    """What the server's processes have open, deleted files too."""
    pids = [process.pid, *children(process.pid)]
    for link in (link for pid in pids for link in Path(f"/proc/{pid}/fd").iterdir()):
        target = str(link.readlink())
        if target.startswith("/") and not target.startswith(("/dev", "/proc")):
            yield target, link.read_bytes()


def children(pid):
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def database_bytes(session):
    """Return every value of every table."""
    for table in db.Model.metadata.sorted_tables:
        for row in session.execute(text(f'SELECT * FROM "{table.name}"')):
            for value in row:
                yield bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


FIELDS = [("category", CATEGORY), ("language", "ja"), ("text", TEXT)]
MARKERS = {
    "text": "MARKER-TEXT-7d1e",
    "japanese": "架空の通報本文",
    "again": "MARKER-AGAIN-1c40",
    "answer": "MARKER-ANSWER-55aa",
    "file name": "MARKER-NAME-90be",
    "file": b"MARKER-CONTENT-3f77",
    "category": CATEGORY,
}


def test_the_search_finds_what_is_there():
    for secret in MARKERS.values():
        for each in spellings(secret):
            assert found_in(b"xx" + each + b"yy", MARKERS)
    assert not found_in(secrets.token_bytes(1000), MARKERS)


def report_slowly(port, process, folder):
    """Report with a file of 5 MB; return the seed, the words, and what was open while the file came in."""
    seed = seed_of(port)
    seen = {}

    def look():
        deadline = time.monotonic() + 20
        while not any(path.stat().st_size > 1 << 20 for path in files_in(folder)):
            assert time.monotonic() < deadline, "the upload does not reach the disk while it arrives"
            time.sleep(0.05)
        seen.update(open_files(process))

    status, html = send_slowly(port, multipart([("receipt_seed", seed), *FIELDS], [(NAME, CONTENT)]), look)
    assert status == 200
    return read_seed(seed), words_of(html), seen


def answer_and_tell(worker, entropy):
    """A case worker opens and answers, digests go out; return what only the two sides may know."""
    with unit_of_work() as session:
        session.add(worker.key)
        mailbox = queries.mailbox(session, entropy)
        said = answer_of(worker, mailbox, ANSWER)
        casework.open_case(session, mailbox.case, actor=worker.actor, at=clock.now())
        casework.answer(session, mailbox.case, said, actor=worker.actor, at=clock.now())
        intake.write_again(session, mailbox, AGAIN, [], Uploads(Path("unused")), at=clock.now())
        session.flush()
        assert casework.send_digests(session, at=clock.now()) == 2
    jobs.sweep()
    return mailbox.report_key


def secrets_of(words, seed, report_key):
    entropy = receipt.parse(words)
    keys = receipt.derive(entropy)
    return {
        "words": " ".join(words.split()[:2]),
        "entropy": entropy,
        "seed": seed,
        "receipt key": keys.private_key,
        "lookup id": keys.lookup_id,
        "report key": report_key,
        "address": "127.0.0.1",
    }


def test_nothing_of_a_report_stands_anywhere_in_clear(reporting, members_app, tmp_path, caplog):
    caplog.set_level(0)
    port, process = reporting
    with unit_of_work() as session:
        workers = make_workers(session, 2)
    seed, words, seen = report_slowly(port, process, tmp_path / "data" / "attachments")
    assert any("attachments" in path for path in seen)
    assert not {path: found for path, data in seen.items() if (found := found_in(data, MARKERS))}

    report_key = answer_and_tell(workers[0], receipt.parse(words))
    _, html = ask(port, "/mailbox", multipart([("words", words)]))
    assert all(each in html for each in (TEXT, AGAIN, ANSWER, NAME))

    markers = MARKERS | secrets_of(words, seed, report_key)
    kept = [*files_in(tmp_path / "data"), *files_in(tmp_path / "tmp"), tmp_path / "server.log"]
    assert any(path.suffix == ".eml" for path in kept)
    assert sum(path.stat().st_size for path in kept) > len(CONTENT)
    assert not {str(p): found for p in kept if (found := found_in(p.read_bytes(), markers))}
    with unit_of_work() as session:
        values = list(database_bytes(session))
    assert b"case.answered" in values
    assert not [found for value in values if (found := found_in(value, markers))]
    assert not found_in(caplog.text.encode(), markers)


def test_deleting_destroys_keys_in_the_files_of_the_database(reporting, members_app, tmp_path, request):
    port, _ = reporting
    with unit_of_work() as session:
        make_workers(session, 2)
    fields = [("receipt_seed", seed_of(port)), *FIELDS]
    words = words_of(ask(port, "/report", multipart(fields, [(NAME, b"x" * 10_000)]))[1])
    with unit_of_work() as session:
        sealed = [row.sealed for row in session.scalars(select(CaseWrap))]
        sealed += [row.sealed[:64] for row in session.scalars(select(SealedMessage))]
    assert len(sealed) == 5
    folder = tmp_path / "data" / "attachments"
    assert len(files_in(folder)) == 1
    assert ask(port, "/mailbox/delete", multipart([("words", words), ("confirmed", "yes")]))[0] == 200
    assert files_in(folder) == []
    with unit_of_work() as session:
        assert not [value for value in database_bytes(session) if any(each in value for each in sealed)]
    if request.config.getoption("--engine") == "sqlite":  # PostgreSQL keeps old rows until VACUUM and its log
        files = (tmp_path / "data").glob("unionapp.sqlite3*")
        assert not [path for path in files if any(each in path.read_bytes() for each in sealed)]
