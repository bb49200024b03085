"""The strict verifier: accepts an archive only when everything in it follows from the ballots and the keys.

It needs neither the web application nor its database, and trusts nothing but the bytes. What it asks beyond
upstream's tool stands in docs/decisions/0010-belenios-archive-is-the-election.md.
"""

import os
from dataclasses import dataclass
from io import BytesIO

from unionapp.crypto.belenios import archive as archives
from unionapp.crypto.belenios.archive import BALLOT, SETUP, Archive, Record
from unionapp.crypto.belenios.ballot import unread_credential
from unionapp.crypto.belenios.box import Cast, check_ballots, processors
from unionapp.crypto.belenios.canonical import fields, hex_digest, load_canonical, whole
from unionapp.crypto.belenios.chain import at, check_chain
from unionapp.crypto.belenios.conduct import setup_data
from unionapp.crypto.belenios.credentials import check_credential, read_credentials
from unionapp.crypto.belenios.decryption import Factors, combine, dump_result, read_partial_decryption
from unionapp.crypto.belenios.election import Election, Question, read_election
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.tally import Tally, last_of_each
from unionapp.crypto.belenios.trustees import SingleTrustee, election_key, read_trustees


@dataclass(frozen=True)
class Report:
    """What a verified archive says."""

    uuid: str
    name: str
    group: str
    fingerprint: str
    credentials: int  # people who may vote
    ballots: int  # ballots accepted, replaced ones included
    revotes: int  # ballots that a later one of the same voter replaced
    trustees: int
    questions: tuple[Question, ...]
    result: tuple[tuple[int, ...], ...] | None  # per question the count of each slot; None while incomplete
    events: int
    last_event: str  # SHA-256 in hexadecimal; it commits to the whole archive
    checks: tuple[str, ...]

    @property
    def voters(self) -> int:
        """Return how many people's ballots count."""
        return self.ballots - self.revotes


@dataclass(frozen=True)
class _Setup:
    election: Election
    trustees: tuple[SingleTrustee, ...]
    credentials: frozenset[str]


def verify_file(path: str | os.PathLike[str], jobs: int | None = None) -> Report:
    """Verify a complete election in a file, with `jobs` processes (None: all processors).

    Raises VerificationError, and nothing else, whatever the file holds.
    """
    return _verify(archives.read_file(path), jobs, complete=True)


def verify_archive(raw: bytes, jobs: int | None = None) -> Report:
    """Verify a complete election. Raises VerificationError, and nothing else."""
    return _verify(archives.read(BytesIO(raw), len(raw)), jobs, complete=True)


def verify_so_far(archive: Archive, jobs: int | None = None) -> Report:
    """Verify an election that may not have ended, up to its last event. Raises VerificationError."""
    return _verify(archive, jobs, complete=False)


def _verify(archive: Archive, jobs: int | None, *, complete: bool) -> Report:
    check_chain(archive, complete=complete)
    setup = _check_setup(archive.records[0])
    voters = _voters(archive, setup)
    counted = last_of_each(voters)
    cast = [Cast(height, archive.records[height].data[0], height in counted) for height in voters]
    tally = check_ballots(setup.election, cast, processors() if jobs is None else max(1, jobs))
    _check_silent_credentials(setup, frozenset(voters.values()))
    checks = ["archive", "event chain", "election", "trustee keys", "credentials", "ballots"]
    counts = _check_outcome(setup, tally, archive, checks)
    return Report(
        uuid=setup.election.uuid,
        name=setup.election.name,
        group=setup.election.group.name,
        fingerprint=setup.election.fingerprint,
        credentials=len(setup.credentials),
        ballots=len(cast),
        revotes=len(cast) - tally.counted,
        trustees=len(setup.trustees),
        questions=setup.election.questions,
        result=counts,
        events=len(archive.records),
        last_event=archive.last_event_hash,
        checks=tuple(checks),
    )


def _check_setup(record: Record) -> _Setup:
    election_raw, trustees_raw, credentials_raw, named = record.data
    with at(SETUP, 0):
        if named != setup_data(election_raw, trustees_raw, credentials_raw):
            raise InvalidObject("the setup does not name its election, trustees and credentials")
        election = read_election(election_raw)
        trustees = read_trustees(election.group, trustees_raw)
        if election.public_key != election_key(election.group, trustees):
            raise InvalidObject("the election's key is not the product of the trustees' keys")
        return _Setup(election, trustees, read_credentials(credentials_raw))


def _voters(archive: Archive, setup: _Setup) -> dict[int, str]:
    credentials: dict[int, str] = {}
    for height, record in enumerate(archive.records):
        if record.link.type == BALLOT:
            with at(BALLOT, height):
                credentials[height] = unread_credential(record.data[0])
                if credentials[height] not in setup.credentials:
                    raise InvalidObject("the credential is not on the credential list")
    return credentials


def _check_silent_credentials(setup: _Setup, voters: frozenset[str]) -> None:
    # A ballot's signature has proved its credential to be in the group; the others are asked one by one.
    with at(SETUP, 0):
        for credential in setup.credentials - voters:
            check_credential(setup.election.group, credential)


def _check_outcome(
    setup: _Setup, tally: Tally, archive: Archive, checks: list[str]
) -> tuple[tuple[int, ...], ...] | None:
    factors: dict[int, Factors] = {}
    counts = None
    for height, record in enumerate(archive.records):
        with at(record.link.type, height):
            match record.link.type:
                case archives.ENCRYPTED_TALLY:
                    _check_tally(tally, record)
                    checks.append("encrypted tally")
                case archives.PARTIAL_DECRYPTION:
                    owner = _owner(record, setup.trustees, factors)
                    trustee = setup.trustees[owner - 1]
                    factors[owner] = read_partial_decryption(setup.election, tally, trustee, record.data[0])
                case archives.RESULT:
                    counts = _check_result(setup, tally, factors, record)
                    checks += ["decryptions", "result"]
    return counts


def _check_tally(tally: Tally, record: Record) -> None:
    if record.data[0] != tally.raw:
        raise InvalidObject("the encrypted tally is not the product of the ballots that count")
    if record.data[1] != tally.sized_raw:
        raise InvalidObject(f"the tally's figures are not those of {tally.counted} ballots")


def _owner(record: Record, trustees: tuple[SingleTrustee, ...], factors: dict[int, Factors]) -> int:
    owner, payload = fields(load_canonical(record.data[1]), ("owner", "payload"), "owned")
    if not 1 <= whole(owner, "owner") <= len(trustees):
        raise InvalidObject(f"there is no trustee {owner}")
    if payload != hex_digest(record.data[0]):
        raise InvalidObject("the owner's object names another file")
    if owner in factors:
        raise InvalidObject(f"trustee {owner} decrypts twice")
    return int(owner)


def _check_result(
    setup: _Setup, tally: Tally, factors: dict[int, Factors], record: Record
) -> tuple[tuple[int, ...], ...]:
    missing = [str(owner) for owner in range(1, len(setup.trustees) + 1) if owner not in factors]
    if missing:
        raise InvalidObject(f"no partial decryption of trustee {', '.join(missing)}")
    counts = combine(setup.election, tally, factors)
    if record.data[0] != dump_result(counts):
        raise InvalidObject("the result is not what the decryptions give")
    return tuple(tuple(row) for row in counts)
