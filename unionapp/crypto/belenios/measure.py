"""How fast ballots are verified, against libsodium's cost of the same multiplications in the same run."""

import random
import secrets
import time
from collections.abc import Callable
from typing import Any

from nacl.bindings import (
    crypto_core_ed25519_add,
    crypto_scalarmult_ed25519_base_noclamp,
    crypto_scalarmult_ed25519_noclamp,
)

from unionapp.crypto.belenios.ballot import create_ballot
from unionapp.crypto.belenios.conduct import (
    append_ballot,
    append_partial_decryption,
    append_result,
    close,
    setup_events,
)
from unionapp.crypto.belenios.credentials import generate_code, public_credential, secret_of
from unionapp.crypto.belenios.decryption import decrypt_partially, read_partial_decryption
from unionapp.crypto.belenios.election import Question, generate_uuid, make_election
from unionapp.crypto.belenios.groups import ED25519
from unionapp.crypto.belenios.trustees import generate_private_key, make_trustee
from unionapp.crypto.belenios.verify import verify_archive

# A yes/no ballot has 5 disjuncts (two bits of 2, one sum of 1): 3·5+1 variable and 5+1 fixed multiplications.
_VARIABLE, _FIXED = 16, 6
_ADDITIONS = 16
_FLOOR_SAMPLE = 100  # ballots' worth of multiplications timed before and after each round; the cost is linear
_ROUNDS, _FEW = 3, 2000  # up to this many ballots the best of so many rounds counts


def measure_verify(ballots: int, jobs: int) -> dict[str, Any]:
    """Time the whole verification of an election of `ballots` yes/no ballots, with `jobs` processes.

    Returns seconds: `verify_seconds`; `floor_seconds`, what libsodium takes on one processor for the
    multiplications of those ballots alone; `additions_seconds`, for their additions, which are not in the
    floor. `ratio` is verify / floor; `ratio_with_additions` counts them into the floor.

    Each time is the best of the rounds. With one process all are processor time, so that other work on the
    machine counts little; with more they are time on the wall.
    """
    raw = _election_of(ballots)
    clock = time.process_time if jobs == 1 else time.perf_counter
    floors, verifications = [_floor_per_ballot(clock)], []
    for _ in range(_ROUNDS if ballots <= _FEW else 1):
        verifications.append(_timed(clock, lambda: verify_archive(raw, jobs)))
        floors.append(_floor_per_ballot(clock))
    seconds = min(verifications)
    floor, additions = (ballots * min(column) for column in zip(*floors, strict=True))
    return {
        "ballots": ballots,
        "jobs": jobs,
        "verify_seconds": seconds,
        "floor_seconds": floor,
        "additions_seconds": additions,
        "ratio": seconds / floor,
        "ratio_with_additions": seconds / (floor + additions),
    }


def _election_of(ballots: int) -> bytes:
    group, below = ED25519, secrets.randbelow
    key = generate_private_key(group, below)
    trustee = make_trustee(group, key, below)
    uuid = generate_uuid(below)
    codes = [generate_code(below) for _ in range(ballots)]
    question = Question("?", ("yes", "no"), 1, 1)
    election = make_election(uuid, "measurement", "", group, trustee.public_key, (question,))
    archive = setup_events(election, [trustee], [public_credential(group, uuid, code) for code in codes], 0)
    for number, code in enumerate(codes):
        bits = [number % 2, 1 - number % 2]
        append_ballot(archive, create_ballot(election, secret_of(group, uuid, code), [bits], below))
    tally = close(archive, election)
    decryption = decrypt_partially(election, tally, key, below)
    append_partial_decryption(archive, 1, decryption)
    append_result(
        archive, election, tally, {1: read_partial_decryption(election, tally, trustee, decryption)}
    )
    return archive.to_bytes()


def _floor_per_ballot(clock: Callable[[], float]) -> tuple[float, float]:
    scalars = [random.SystemRandom().randrange(1, ED25519.q).to_bytes(32, "little") for _ in range(64)]
    points = [crypto_scalarmult_ed25519_base_noclamp(scalar) for scalar in scalars]

    def multiplications() -> None:
        for i in range(_FLOOR_SAMPLE):
            scalar, point = scalars[i % 64], points[i * 7 % 64]
            for _ in range(_VARIABLE):
                crypto_scalarmult_ed25519_noclamp(scalar, point)
            for _ in range(_FIXED):
                crypto_scalarmult_ed25519_base_noclamp(scalar)

    def additions() -> None:
        for i in range(_FLOOR_SAMPLE * _ADDITIONS):
            crypto_core_ed25519_add(points[i % 64], points[i * 7 % 64])

    return _timed(clock, multiplications) / _FLOOR_SAMPLE, _timed(clock, additions) / _FLOOR_SAMPLE


def _timed(clock: Callable[[], float], work: Callable[[], object]) -> float:
    start = clock()
    work()
    return clock() - start
