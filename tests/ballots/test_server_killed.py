"""kill -9 of the server while people vote: what was acknowledged is in the box, once, and the chain holds."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from types import SimpleNamespace

import pytest

from tests.factories.ballots import NO, YES, give_shares, make_opening, read_codes
from unionapp import config
from unionapp.app import create_app
from unionapp.ballots import box, operations, queries
from unionapp.ballots.models import Election
from unionapp.crypto.belenios.archive import BALLOT
from unionapp.crypto.belenios.ballot import create_ballot
from unionapp.crypto.belenios.canonical import b64_digest
from unionapp.crypto.belenios.credentials import secret_of
from unionapp.crypto.belenios.election import read_election
from unionapp.crypto.belenios.verify import verify_archive
from unionapp.kernel import clock, db, jobs
from unionapp.kernel.unit_of_work import unit_of_work

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

VOTERS, BALLOTS, KILLS = 500, 2000, (300, 800, 1300)

# Casts each ballot of a file until it is acknowledged, four at a time; writes a line for each one.
CLIENT = """
import http.client, json, sys, time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

port, path, source, target = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
ballots = Path(source).read_bytes().splitlines()
acknowledged = open(target, "a", buffering=1)

def cast_all(ballots):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for ballot in ballots:
        cast(connection, ballot)

def cast(connection, ballot):
    while True:
        try:
            connection.request("POST", path, ballot, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200:
                acknowledged.write(json.loads(body)["tracker"] + "\\n")
                return
            if answer.status < 500:
                sys.exit(f"{answer.status} {body[:200]}")
        except (OSError, http.client.HTTPException, ValueError):
            connection.close()
            time.sleep(0.05)

with ThreadPoolExecutor(4) as pool:
    list(pool.map(cast_all, [ballots[n::4] for n in range(4)]))
"""


def encrypt_all(work):
    raw, votes = work
    paper = read_election(raw)
    return [
        create_ballot(paper, secret_of(paper.group, paper.uuid, code), [bits], secrets.randbelow)
        for code, bits in votes
    ]


@pytest.fixture
def environ(request, tmp_path):
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'box.sqlite3'}"
        if request.config.getoption("--engine") == "postgresql":
            from tests.postgresql import fresh_database  # noqa: PLC0415  # only where it is asked for

            url = stack.enter_context(fresh_database("killed"))
        yield {
            "UNIONAPP_DATA_DIR": str(tmp_path),
            "UNIONAPP_DATABASE_URL": url,
            "UNIONAPP_SECRET_KEY": "only-for-tests-only-for-tests-only-for-tests",
        }


@pytest.fixture
def app(environ):
    made = create_app(config.from_env(environ), wakener=SimpleNamespace(wake=lambda _: None))
    with made.app_context():
        db.Model.metadata.create_all(db.database.engine)
        yield made
        db.database.engine.dispose()


def start_server(environ, port):
    command = [sys.executable, "-m", "unionapp", "serve", "--port", str(port), "--workers", "2"]
    log = open(os.path.join(environ["UNIONAPP_DATA_DIR"], "server.log"), "ab")  # noqa: PTH118, PTH123, SIM115
    with log:
        return subprocess.Popen(
            command, env={**os.environ, **environ}, stdout=log, stderr=log, start_new_session=True
        )


def kill(server):
    os.killpg(server.pid, signal.SIGKILL)  # the server and its workers: a group that this test began
    server.wait()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def acknowledged(files):
    return [line for file in files if file.exists() for line in file.read_text().splitlines()]


def run_alone(name, election_id):
    """Run a job in a transaction of its own, as the worker does."""
    with unit_of_work() as session:
        jobs.registry.handlers[name](session, {"election_id": str(election_id)}, clock.now())


def prepare():
    with unit_of_work() as session:
        made = make_opening(session, clock.now(), voters=VOTERS - 3)
        election_id = made.election.id
    run_alone("ballots.open", election_id)
    with unit_of_work() as session:
        made.election = session.get_one(Election, election_id)
        read_codes(session, made)
    codes = made.codes
    assert len(codes) == VOTERS
    with queries.reading() as session:
        raw = queries.paper_bytes(session, election_id)
    votes = [(codes[n % VOTERS], YES if n % 3 else NO) for n in range(BALLOTS)]
    with ProcessPoolExecutor(2) as pool:
        halves = list(pool.map(encrypt_all, [(raw, votes[0::2]), (raw, votes[1::2])]))
    return made, election_id, halves


def vote_and_kill(environ, election_id, sources, targets):
    port = free_port()
    command = [sys.executable, "-c", CLIENT, str(port), f"/ballots/{election_id}/cast"]
    server = start_server(environ, port)
    clients = [
        subprocess.Popen([*command, str(source), str(target)])
        for source, target in zip(sources, targets, strict=True)
    ]
    try:
        for after in KILLS:
            deadline = time.monotonic() + 60
            while len(acknowledged(targets)) < after:
                assert time.monotonic() < deadline, "voting does not go on"
                time.sleep(0.02)
            kill(server)
            assert len(acknowledged(targets)) < BALLOTS, "the kill came too late to prove anything"
            server = start_server(environ, port)
        assert [client.wait(timeout=90) for client in clients] == [0, 0]
    finally:
        kill(server)
        for client in clients:
            client.kill()
            client.wait()


def verified(made, election_id):
    """Conduct the election to its end; return what the strict verifier says of its archive."""
    with unit_of_work() as session:
        election = session.get_one(Election, election_id)
        operations.close(session, election, actor=made.committee, at=clock.now())
    run_alone("ballots.tally", election_id)
    with unit_of_work() as session:
        made.election = session.get_one(Election, election_id)
        give_shares(session, made, clock.now())
    run_alone("ballots.finish", election_id)
    with queries.reading() as session:
        archive = b"".join(box.file(session, election_id))
    report = verify_archive(archive)
    return report.ballots, report.voters, sum(report.result[0])


def test_acknowledged_ballots_survive(environ, app, tmp_path):
    made, election_id, halves = prepare()
    sources = [tmp_path / "ballots-1", tmp_path / "ballots-2"]
    targets = [tmp_path / "acknowledged-1", tmp_path / "acknowledged-2"]
    for source, ballots in zip(sources, halves, strict=True):
        source.write_bytes(b"\n".join(ballots))
    vote_and_kill(environ, election_id, sources, targets)

    told = acknowledged(targets)
    with queries.reading() as session:
        kept = [
            b64_digest(record.data[0])
            for record in box.archive(session, election_id).records
            if record.link.type == BALLOT
        ]
    assert len(kept) == len(set(kept)) == BALLOTS
    assert set(told) == set(kept) == {b64_digest(raw) for half in halves for raw in half}

    assert verified(made, election_id) == (BALLOTS, VOTERS, VOTERS)
