"""The steps of an election, in the order in which a server takes them; each checks what it adds."""

from collections.abc import Iterable, Sequence

from unionapp.crypto.belenios.archive import (
    BALLOT,
    ENCRYPTED_TALLY,
    END_BALLOTS,
    PARTIAL_DECRYPTION,
    RESULT,
    SETUP,
    Archive,
    Record,
)
from unionapp.crypto.belenios.ballot import read_ballot, unread_credential
from unionapp.crypto.belenios.canonical import dump, hex_digest
from unionapp.crypto.belenios.credentials import check_credential, dump_credentials
from unionapp.crypto.belenios.decryption import Factors, combine, dump_result
from unionapp.crypto.belenios.election import Election
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.tally import Tally, last_of_each, sum_ballots
from unionapp.crypto.belenios.trustees import SingleTrustee, dump_trustees, election_key


def setup_events(
    election: Election, trustees: Sequence[SingleTrustee], credentials: Iterable[str], timestamp: int
) -> Archive:
    """Return a new archive with its Setup event. Raises InvalidObject when the parts do not fit together."""
    listed = list(credentials)
    for credential in listed:
        check_credential(election.group, credential)
    if len(set(listed)) != len(listed):
        raise InvalidObject("the credential list holds a credential twice")
    if election.public_key != election_key(election.group, trustees):
        raise InvalidObject("the election's key is not the product of the trustees' keys")
    archive = Archive(timestamp)
    files = (election.raw, dump_trustees(election.group, trustees), dump_credentials(listed))
    archive.append(SETUP, *files, setup_data(*files))
    return archive


def setup_data(election_raw: bytes, trustees_raw: bytes, credentials_raw: bytes) -> bytes:
    """Return the object that names the three files of a Setup event."""
    names = ("election", "trustees", "credentials")
    files = (election_raw, trustees_raw, credentials_raw)
    return dump({name: hex_digest(raw) for name, raw in zip(names, files, strict=True)})


def append_ballot(archive: Archive, raw: bytes) -> Record:
    """Add a ballot that `ballot.check_ballot` has accepted."""
    return archive.append(BALLOT, raw)


def tally_of(archive: Archive, election: Election) -> Tally:
    """Add up the last ballot of each voter. The ballots have been checked when they were cast."""
    ballots = {height: record.data[0] for height, record in enumerate(archive.records) if _is_ballot(record)}
    counted = last_of_each({height: unread_credential(raw) for height, raw in ballots.items()})
    return sum_ballots(election, (read_ballot(election, ballots[height]) for height in sorted(counted)))


def close(archive: Archive, election: Election) -> Tally:
    """Add EndBallots and EncryptedTally; return the tally that the trustees are to decrypt."""
    tally = tally_of(archive, election)
    archive.append(END_BALLOTS)
    archive.append(ENCRYPTED_TALLY, tally.raw, tally.sized_raw)
    return tally


def owned(owner: int, raw: bytes) -> bytes:
    """Return the object that says which trustee (from 1) made a partial decryption."""
    return dump({"owner": owner, "payload": hex_digest(raw)})


def append_partial_decryption(archive: Archive, owner: int, raw: bytes) -> Record:
    """Add a partial decryption that `read_partial_decryption` has accepted; owners count from 1."""
    return archive.append(PARTIAL_DECRYPTION, raw, owned(owner, raw))


def append_result(
    archive: Archive, election: Election, tally: Tally, factors: dict[int, Factors]
) -> list[list[int]]:
    """Decrypt with the factors of all trustees, add the Result event, return the counts."""
    counts = combine(election, tally, factors)
    archive.append(RESULT, dump_result(counts))
    return counts


def _is_ballot(record: Record) -> bool:
    return record.link.type == BALLOT
