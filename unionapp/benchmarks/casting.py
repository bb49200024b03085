"""A whole cast request through the application, against the check of the same ballots alone."""

import secrets
import tempfile
import time
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask

from unionapp import config
from unionapp.app import create_app
from unionapp.ballots import box, operations, queries
from unionapp.ballots.models import ElectionState
from unionapp.crypto.belenios.archive import BALLOT
from unionapp.crypto.belenios.ballot import check_ballot, create_ballot
from unionapp.crypto.belenios.canonical import b64_digest
from unionapp.crypto.belenios.conduct import setup_events
from unionapp.crypto.belenios.credentials import generate_code, public_credential, secret_of
from unionapp.crypto.belenios.election import Question, make_election
from unionapp.crypto.belenios.groups import ED25519
from unionapp.crypto.belenios.trustees import election_key, generate_private_key, make_trustee
from unionapp.crypto.belenios.verify import verify_so_far
from unionapp.kernel import clock, db
from unionapp.kernel.access import SYSTEM
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.unit_of_work import unit_of_work

_ASKED = Bilingual("測定", "Measurement")
_BITS = ([0, 1, 0], [0, 0, 1], [1, 0, 0])


class WrongBoxError(Exception):
    """The box does not hold exactly what was acknowledged: the measurement counts for nothing."""


@dataclass(frozen=True)
class _Timed:
    seconds: float
    tracker: str


def measure_cast(ballots: int, writers: int, database_url: str = "") -> dict[str, Any]:
    """Cast `ballots` ballots with `writers` threads, each request through the whole WSGI application.

    Times are in milliseconds. `check` is the check of the same ballots, alone and one after another. Without
    `database_url` a SQLite file in a temporary folder is used; a database given must be empty. Raises
    WrongBoxError when a ballot was lost or doubled, VerificationError when the chain does not hold.
    """
    with tempfile.TemporaryDirectory() as folder:
        app = _application(Path(folder), database_url)
        with app.app_context():
            db.Model.metadata.create_all(db.database.engine)
            election_id, cast = _open_election(ballots)
            try:
                return _measure(app, election_id, cast, writers)
            finally:
                db.database.engine.dispose()


def _measure(app: Flask, election_id: uuid.UUID, cast: Sequence[bytes], writers: int) -> dict[str, Any]:
    paper = queries.paper_of(election_id)
    if paper is None:
        raise WrongBoxError
    checks = [_check_seconds(paper, raw) for raw in cast]
    began = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        timed = list(pool.map(lambda raw: _request(app, election_id, raw), cast))
    wall = time.perf_counter() - began
    lost, doubled = _compare(election_id, [each.tracker for each in timed])
    if lost or doubled:
        raise WrongBoxError
    requests = [each.seconds for each in timed]
    return {
        "ballots": len(cast),
        "writers": writers,
        "engine": db.database.engine.dialect.name,
        "check_p50_ms": 1000 * _share(checks, 0.5),
        "check_p95_ms": 1000 * _share(checks, 0.95),
        "cast_p50_ms": 1000 * _share(requests, 0.5),
        "cast_p95_ms": 1000 * _share(requests, 0.95),
        "beyond_check_p95_ms": 1000 * (_share(requests, 0.95) - _share(checks, 0.95)),
        "casts_per_second": len(cast) / wall,
        "lost": lost,
        "doubled": doubled,
    }


def _application(folder: Path, database_url: str) -> Flask:
    environ = {"UNIONAPP_DATA_DIR": str(folder), "UNIONAPP_SECRET_KEY": secrets.token_hex(32)}
    if database_url:
        environ["UNIONAPP_DATABASE_URL"] = database_url
    return create_app(config.from_env(environ))


def _open_election(ballots: int) -> tuple[uuid.UUID, list[bytes]]:
    group, below, at = ED25519, secrets.randbelow, clock.now()
    trustee = make_trustee(group, generate_private_key(group, below), below)
    drafted = operations.Draft(
        _ASKED, _ASKED, at, at + timedelta(days=1), questions=(operations.yes_or_no(_ASKED),)
    )
    codes = [generate_code(below) for _ in range(ballots)]
    with unit_of_work() as session:
        election = operations.draft(session, drafted, actor=SYSTEM, at=at)
        question = Question("?", ("yes", "no"), 1, 1, blank=True)
        key = election_key(group, [trustee])
        paper = make_election(election.belenios_id, "measurement", "", group, key, (question,))
        credentials = [public_credential(group, paper.uuid, code) for code in codes]
        archive = setup_events(paper, [trustee], credentials, int(at.timestamp()))
        session.flush()  # the box refers to the election
        box.set_up(session, election.id, archive, credentials)
        election.state, election.opened_at = ElectionState.OPEN, at
        election_id = election.id
    return election_id, [
        create_ballot(paper, secret_of(group, paper.uuid, code), [_BITS[number % 3]], below)
        for number, code in enumerate(codes)
    ]


def _request(app: Flask, election_id: uuid.UUID, raw: bytes) -> _Timed:
    client = app.test_client(use_cookies=False)
    began = time.perf_counter()
    answer = client.post(f"/ballots/{election_id}/cast", data=raw, content_type="application/json")
    seconds = time.perf_counter() - began
    if answer.status_code != 200 or answer.json is None:  # noqa: PLR2004  # anything else was not acknowledged
        raise WrongBoxError(answer.text)
    return _Timed(seconds, answer.json["tracker"])


def _compare(election_id: uuid.UUID, acknowledged: Sequence[str]) -> tuple[int, int]:
    with queries.reading() as session:
        archive = queries.archive_so_far(session, election_id)
    if archive is None:
        raise WrongBoxError
    verify_so_far(archive)
    kept = [b64_digest(record.data[0]) for record in archive.records if record.link.type == BALLOT]
    return len(set(acknowledged) - set(kept)), len(kept) - len(set(kept))


def _check_seconds(paper: queries.Paper, raw: bytes) -> float:
    began = time.perf_counter()
    check_ballot(paper.election, paper.credentials, raw)
    return time.perf_counter() - began


def _share(values: Sequence[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]
