"""All ballots of an archive, checked by several processes; each also adds up the ballots it checked."""

import multiprocessing
import os
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import lru_cache
from typing import NamedTuple

from unionapp.crypto.belenios.archive import BALLOT
from unionapp.crypto.belenios.ballot import check_proofs, read_ballot
from unionapp.crypto.belenios.election import Election, read_election
from unionapp.crypto.belenios.errors import InvalidObject, VerificationError
from unionapp.crypto.belenios.tally import Tally, join_tallies, sum_ballots

_CHUNK = 128  # ballots handed to a process at a time
_WORTH_A_PROCESS = 32  # fewer ballots are checked sooner than a process starts


class Cast(NamedTuple):
    """A ballot at its place in the archive, and whether it counts (no later one of the same voter)."""

    height: int
    raw: bytes
    counts: bool


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def check_ballots(election: Election, cast: Sequence[Cast], jobs: int) -> Tally:
    """Check every ballot and return the tally of those that count.

    Raises VerificationError with the first event at fault. A process that may not have children works alone.
    """
    if jobs == 1 or len(cast) < _WORTH_A_PROCESS or multiprocessing.current_process().daemon:
        return _check_chunk(election, cast)
    size = min(_CHUNK, -(-len(cast) // jobs))
    chunks = [cast[start : start + size] for start in range(0, len(cast), size)]
    try:
        return join_tallies(election, list(_in_processes(election, chunks, jobs)))
    except BrokenProcessPool:  # a process was killed from outside, which says nothing about the ballots
        return _check_chunk(election, cast)


def _in_processes(election: Election, chunks: Sequence[Sequence[Cast]], jobs: int) -> Iterator[Tally]:
    # A copy of a process with threads may copy a held lock, so those start fresh ones.
    method = "fork" if threading.active_count() == 1 and os.name == "posix" else "spawn"
    context = multiprocessing.get_context(method)
    with ProcessPoolExecutor(min(jobs, len(chunks)), mp_context=context) as pool:
        pending = [pool.submit(_check_remotely, election.raw, tuple(chunk)) for chunk in chunks]
        try:
            for future in pending:
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _check_remotely(election_raw: bytes, chunk: Sequence[Cast]) -> Tally:
    return _check_chunk(_election(election_raw), chunk)


@lru_cache(maxsize=1)
def _election(raw: bytes) -> Election:
    return read_election(raw)


def _check_chunk(election: Election, chunk: Sequence[Cast]) -> Tally:
    counted = []
    for height, raw, counts in chunk:
        try:
            ballot = read_ballot(election, raw)
            check_proofs(election, ballot)
        except InvalidObject as error:
            raise VerificationError(BALLOT, height, str(error)) from error
        if counts:
            counted.append(ballot)
    return sum_ballots(election, counted)
