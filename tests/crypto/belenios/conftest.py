"""Elections made for the tests, and the means to spoil one place and mend all that depends on it."""

import random
from dataclasses import dataclass
from typing import Any

import pytest

from unionapp.crypto.belenios import archive as archives
from unionapp.crypto.belenios import conduct
from unionapp.crypto.belenios.archive import Archive
from unionapp.crypto.belenios.ballot import create_ballot
from unionapp.crypto.belenios.canonical import b64_digest, dump, load
from unionapp.crypto.belenios.credentials import generate_code, public_credential, secret_of
from unionapp.crypto.belenios.decryption import decrypt_partially, read_partial_decryption
from unionapp.crypto.belenios.election import Election, Question, generate_uuid, make_election
from unionapp.crypto.belenios.groups import BELENIOS_2048, ED25519
from unionapp.crypto.belenios.proofs import prove_knowledge
from unionapp.crypto.belenios.trustees import (
    SingleTrustee,
    election_key,
    generate_private_key,
    make_trustee,
)

RATIFY = Question("この協約案を承認しますか。", ("賛成", "反対"), 1, 1, blank=True)
BOARD = Question("Board", ("Aoki", "Baba", "Chiba"), 0, 2)


@dataclass
class Made:
    """An election in the making, with every secret at hand."""

    election: Election
    keys: list[int]
    trustees: list[SingleTrustee]
    codes: list[str]
    archive: Archive
    below: Any

    def secret(self, voter):
        return secret_of(self.election.group, self.election.uuid, self.codes[voter])

    def ballot(self, voter, choices):
        return create_ballot(self.election, self.secret(voter), choices, self.below)

    def cast(self, voter, choices):
        raw = self.ballot(voter, choices)
        conduct.append_ballot(self.archive, raw)
        return raw

    def finish(self, tally=None):
        """Close, decrypt by all trustees, publish; a given tally replaces the true one."""
        if tally is None:
            tally = conduct.close(self.archive, self.election)
        else:
            self.archive.append(archives.END_BALLOTS)
            self.archive.append(archives.ENCRYPTED_TALLY, tally.raw, tally.sized_raw)
        factors = {}
        for owner, (key, trustee) in enumerate(zip(self.keys, self.trustees, strict=True), 1):
            raw = decrypt_partially(self.election, tally, key, self.below)
            factors[owner] = read_partial_decryption(self.election, tally, trustee, raw)
            conduct.append_partial_decryption(self.archive, owner, raw)
        return conduct.append_result(self.archive, self.election, tally, factors)

    def resign(self, raw, change):
        """Return the ballot with its content changed and the signature made anew."""
        value = load(raw)
        del value["signature"]
        change(value)
        signed = b64_digest(dump(value))
        voter = next(i for i in range(len(self.codes)) if self.credential(i) == value["credential"])
        proof = prove_knowledge(self.election.group, f"sig|{signed}|", self.secret(voter), self.below)
        return dump({**value, "signature": {"hash": signed, "proof": proof.json()}})

    def credential(self, voter):
        return public_credential(self.election.group, self.election.uuid, self.codes[voter])


def begin(group, questions=(RATIFY, BOARD), *, voters=4, trustees=2, seed=1):
    """Set an election up; the seed makes it the same every time."""
    below = random.Random(seed).randrange
    keys = [generate_private_key(group, below) for _ in range(trustees)]
    public = [make_trustee(group, key, below) for key in keys]
    uuid = generate_uuid(below)
    election = make_election(uuid, "批准投票", "", group, election_key(group, public), tuple(questions))
    codes = [generate_code(below) for _ in range(voters)]
    listed = [public_credential(group, uuid, code) for code in codes]
    archive = conduct.setup_events(election, public, listed, 1_795_408_192)
    return Made(election, keys, public, codes, archive, below)


def hold(group, **options):
    """Hold an election of four voters, one of whom votes twice and one not at all."""
    made = begin(group, **options)
    made.cast(0, [[0, 1, 0], [1, 0, 1]])
    made.cast(1, [[0, 1, 0], [0, 0, 0]])
    made.cast(2, [[1, 0, 0], [1, 1, 0]])
    made.cast(0, [[0, 0, 1], [0, 1, 0]])
    made.finish()
    return made


def contents(made):
    """Return the archive as (type, data files), to be changed and chained again."""
    return [(record.link.type, record.data) for record in made.archive.records]


def chained(items, timestamp=1_795_408_192):
    """Return archive bytes of (type, data files), whatever they hold, with a correct chain."""
    archive = Archive(timestamp)
    for event_type, data in items:
        archive.append(event_type, *data)
    return archive.to_bytes()


def replaced(items, height, index, raw):
    """Replace one data file and mend the hashes that its own event keeps of it."""
    event_type, data = items[height]
    files = [*data]
    files[index] = raw
    if event_type == archives.SETUP and index < 3:
        files[3] = conduct.setup_data(*files[:3])
    if event_type == archives.ENCRYPTED_TALLY and index == 0:
        sized = load(files[1])
        files[1] = dump({**sized, "encrypted_tally": archives.hex_digest(raw)})
    if event_type == archives.PARTIAL_DECRYPTION and index == 0:
        files[1] = conduct.owned(load(files[1])["owner"], raw)
    return [*items[:height], (event_type, tuple(files)), *items[height + 1 :]]


@pytest.fixture
def forge():
    """Return the functions above to tests, which cannot import a conftest."""
    return {"begin": begin, "hold": hold, "contents": contents, "chained": chained, "replaced": replaced}


@pytest.fixture(scope="session")
def held():
    return hold(ED25519)


@pytest.fixture(scope="session")
def held_2048():
    return hold(BELENIOS_2048, seed=2)
