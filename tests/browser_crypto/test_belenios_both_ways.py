"""Python and the browser read each other's elections and refuse the same faults."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from tests.browser_crypto.conftest import bytes_for_node
from unionapp.crypto.belenios import conduct
from unionapp.crypto.belenios.archive import Archive
from unionapp.crypto.belenios.ballot import check_ballot, create_ballot
from unionapp.crypto.belenios.canonical import dump
from unionapp.crypto.belenios.credentials import generate_code, public_credential, secret_of
from unionapp.crypto.belenios.decryption import Factors, decrypt_partially, read_partial_decryption
from unionapp.crypto.belenios.election import Election, Question, generate_uuid, make_election
from unionapp.crypto.belenios.errors import InvalidObject, VerificationError
from unionapp.crypto.belenios.groups import Group, group_named
from unionapp.crypto.belenios.tally import Tally
from unionapp.crypto.belenios.trustees import (
    SingleTrustee,
    election_key,
    generate_private_key,
    make_trustee,
    read_trustee,
)
from unionapp.crypto.belenios.verify import verify_archive

Run = Callable[..., list[dict[str, Any]]]

QUESTIONS = (
    Question("規約を改正しますか", ("はい", "いいえ"), 1, 1, blank=True),
    Question("委員", ("青木", "馬場", "千田"), 0, 2),
)
SELECTIONS: list[list[Any]] = [[[0], [0, 1]], ["blank", []], [[1], [2]]]
CHOICES = [[[0, 1, 0], [1, 1, 0]], [[1, 0, 0], [0, 0, 0]], [[0, 0, 1], [0, 0, 1]]]
COUNTS = ((1, 1, 1), (1, 1, 1))


@dataclass
class Poll:
    """An election with its voters' codes and one trustee's private key."""

    election: Election
    trustees: tuple[SingleTrustee, ...]
    private_keys: tuple[int, ...]
    codes: tuple[str, ...]

    @property
    def credentials(self) -> list[str]:
        return [public_credential(self.election.group, self.election.uuid, code) for code in self.codes]

    def open(self) -> Archive:
        return conduct.setup_events(self.election, self.trustees, self.credentials, 1_790_000_000)


def make_poll(group: Group, trustees: tuple[SingleTrustee, ...] = (), keys: tuple[int, ...] = ()) -> Poll:
    key = generate_private_key(group, secrets.randbelow)
    all_trustees = (*trustees, make_trustee(group, key, secrets.randbelow))
    uuid = generate_uuid(secrets.randbelow)
    election = make_election(uuid, "試験", "説明", group, election_key(group, all_trustees), QUESTIONS)
    codes = tuple(generate_code(secrets.randbelow) for _ in range(4))
    return Poll(election, all_trustees, (*keys, key), codes)


@pytest.fixture(params=["Ed25519", "BELENIOS-2048"])
def poll(request: pytest.FixtureRequest) -> Poll:
    return make_poll(group_named(request.param))


def finish(poll: Poll, archive: Archive) -> list[list[int]]:
    tally = conduct.close(archive, poll.election)
    factors = {}
    for owner, (trustee, key) in enumerate(zip(poll.trustees, poll.private_keys, strict=True), 1):
        raw = decrypt_partially(poll.election, tally, key, secrets.randbelow)
        factors[owner] = add_share(poll, archive, tally, trustee, raw)
    return conduct.append_result(archive, poll.election, tally, factors)


def add_share(poll: Poll, archive: Archive, tally: Tally, trustee: SingleTrustee, raw: bytes) -> Factors:
    factors = read_partial_decryption(poll.election, tally, trustee, raw)
    conduct.append_partial_decryption(archive, poll.trustees.index(trustee) + 1, raw)
    return factors


def cast_in_python(poll: Poll, archive: Archive) -> None:
    for code, choices in zip(poll.codes, CHOICES, strict=False):
        secret = secret_of(poll.election.group, poll.election.uuid, code)
        conduct.append_ballot(archive, create_ballot(poll.election, secret, choices, secrets.randbelow))


def verify(raw: bytes) -> tuple[str, dict[str, Any]]:
    return "verify", {"archive": bytes_for_node(raw), "complete": True}


def encrypt(poll: Poll, code: str, selections: list[Any]) -> tuple[str, dict[str, Any]]:
    given = {"election": bytes_for_node(poll.election.raw), "credential": code, "selections": selections}
    return "encrypt", given


def test_a_python_election_is_accepted_by_the_browser(poll: Poll, run_tasks: Run) -> None:
    archive = poll.open()
    cast_in_python(poll, archive)
    finish(poll, archive)
    [answer] = run_tasks(verify(archive.to_bytes()))
    facts = answer["result"]["facts"]
    assert answer["result"]["accepted"]
    assert facts["result"] == [[str(count) for count in row] for row in COUNTS]
    assert facts["fingerprint"] == poll.election.fingerprint
    assert facts["lastEvent"] == archive.last_event_hash


def test_an_election_without_ballots_is_accepted_by_both(run_tasks: Run) -> None:
    poll = make_poll(group_named("Ed25519"))
    archive = poll.open()
    finish(poll, archive)
    verify_archive(archive.to_bytes(), jobs=1)
    [answer] = run_tasks(verify(archive.to_bytes()))
    assert answer["result"]["facts"]["result"] == [["0"] * 3, ["0"] * 3]


def test_ballots_made_in_the_browser_are_counted_by_python(poll: Poll, run_tasks: Run) -> None:
    archive = poll.open()
    made = run_tasks(
        *(encrypt(poll, code, chosen) for code, chosen in zip(poll.codes, SELECTIONS, strict=False))
    )
    for answer in made:
        raw = answer["result"]["ballot"].encode()
        check_ballot(poll.election, poll.credentials, raw)
        conduct.append_ballot(archive, raw)
    finish(poll, archive)
    assert verify_archive(archive.to_bytes(), jobs=1).result == COUNTS


def test_changed_browser_ballots_are_refused_by_python(poll: Poll, run_tasks: Run) -> None:
    [answer] = run_tasks(encrypt(poll, poll.codes[0], SELECTIONS[0]))
    ballot = answer["result"]["ballot"]
    for place in [at for at, letter in enumerate(ballot) if letter.isdigit()][:: len(ballot) // 40]:
        changed = f"{ballot[:place]}{(int(ballot[place]) + 1) % 10}{ballot[place + 1 :]}"
        with pytest.raises(InvalidObject):
            check_ballot(poll.election, poll.credentials, changed.encode())


def test_changed_python_archives_are_refused_by_both(run_tasks: Run) -> None:
    poll = make_poll(group_named("Ed25519"))
    archive = poll.open()
    cast_in_python(poll, archive)
    finish(poll, archive)
    raw = archive.to_bytes()
    changed = [
        raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        for place in range(5, len(raw), len(raw) // 30)
    ]
    for file in changed:
        with pytest.raises(VerificationError):
            verify_archive(file, jobs=1)
    answers = run_tasks(*(verify(file) for file in changed))
    assert [answer["result"]["accepted"] for answer in answers] == [False] * len(changed)


def test_both_refuse_a_result_rewritten_with_its_chain(run_tasks: Run) -> None:
    poll = make_poll(group_named("Ed25519"))
    archive = poll.open()
    cast_in_python(poll, archive)
    finish(poll, archive)
    archive.records.pop()
    archive.append("Result", dump({"result": [[1, 0, 2], [1, 1, 1]]}))
    with pytest.raises(VerificationError):
        verify_archive(archive.to_bytes(), jobs=1)
    [answer] = run_tasks(verify(archive.to_bytes()))
    assert answer["result"]["error"]["code"] == "wrong-result"
    assert answer["result"]["error"]["event"]["type"] == "Result"


def test_a_trustee_in_the_browser_decrypts_with_one_in_python(run_tasks: Run) -> None:
    group = group_named("Ed25519")
    [made] = run_tasks(("makeKey", {"group": group.name}))
    browser_trustee = read_trustee(group, made["result"]["publicKeyFile"].encode())
    poll = make_poll(group, (browser_trustee,))
    archive = poll.open()
    cast_in_python(poll, archive)
    tally = conduct.close(archive, poll.election)
    given = {"election": bytes_for_node(poll.election.raw), "tally": bytes_for_node(tally.raw)}
    [share] = run_tasks(("decrypt", {**given, "privateKeyFile": made["result"]["privateKeyFile"]}))
    raws = [
        share["result"].encode(),
        decrypt_partially(poll.election, tally, poll.private_keys[0], secrets.randbelow),
    ]
    factors = {
        owner: add_share(poll, archive, tally, trustee, raw)
        for owner, (trustee, raw) in enumerate(zip(poll.trustees, raws, strict=True), 1)
    }
    conduct.append_result(archive, poll.election, tally, factors)
    assert verify_archive(archive.to_bytes(), jobs=1).result == COUNTS


def test_credentials_and_trackers_agree(poll: Poll, run_tasks: Run) -> None:
    given = {"election": bytes_for_node(poll.election.raw), "credential": poll.codes[0]}
    [answer] = run_tasks(("identify", given))
    assert answer["result"] == poll.credentials[0]
    [wrong] = run_tasks(("identify", {**given, "credential": "not-a-code"}))
    assert wrong["error"]["code"] == "bad-credential"
