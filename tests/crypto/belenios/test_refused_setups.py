"""Elections, trustees and credentials that do not fit together, or that this version does not read."""

import json

import pytest

from unionapp.crypto.belenios import conduct
from unionapp.crypto.belenios.canonical import dump, load
from unionapp.crypto.belenios.election import Question, make_election, read_election
from unionapp.crypto.belenios.errors import InvalidObject, Unsupported, VerificationError
from unionapp.crypto.belenios.groups import BELENIOS_2048, ED25519, group_named
from unionapp.crypto.belenios.trustees import dump_trustee, make_trustee, read_trustee
from unionapp.crypto.belenios.verify import verify_archive

QUESTION = Question("?", ("yes", "no"), 1, 1)


def refused(raw, pattern):
    with pytest.raises(VerificationError, match=pattern):
        verify_archive(raw, jobs=1)


@pytest.fixture
def small(forge):
    made = forge["begin"](ED25519, [QUESTION], voters=3)
    made.cast(0, [[1, 0]])
    made.cast(1, [[0, 1]])
    return made


def items_of(made):
    return [(record.link.type, record.data) for record in made.archive.records]


def test_a_trustee_key_needs_its_proof_of_knowledge(held, forge):
    items = items_of(held)
    trustees = load(items[0][1][1])
    trustees[1][1]["pok"] = trustees[0][1]["pok"]
    bad = forge["chained"](forge["replaced"](items, 0, 1, dump(trustees)))
    refused(bad, r"^event 0 \(Setup\): trustee 2: the proof of knowledge .* does not hold")


def test_the_election_key_is_the_product_of_the_trustees_keys(held, forge):
    items = items_of(held)
    trustees = load(items[0][1][1])
    bad = forge["chained"](forge["replaced"](items, 0, 1, dump(trustees[:1])))
    refused(bad, r"^event 0 \(Setup\): the election's key is not the product")
    with pytest.raises(InvalidObject, match="is not the product"):
        conduct.setup_events(held.election, held.trustees[:1], [], 0)


def test_credentials_stand_once_and_in_the_group(held, forge):
    items = items_of(held)
    listed = load(items[0][1][2])
    twice = forge["chained"](forge["replaced"](items, 0, 2, dump([*listed, listed[0]])))
    refused(twice, r"^event 0 \(Setup\): the credential list holds a credential twice")
    stray = forge["chained"](forge["replaced"](items, 0, 2, dump([*listed, "ab" * 32])))
    refused(stray, r"^event 0 \(Setup\): public credential .abab")
    for bad in ([listed[0], listed[0]], ["ab" * 32], [ED25519.identity_text]):
        with pytest.raises(InvalidObject):
            conduct.setup_events(held.election, held.trustees, bad, 0)


UNREAD = {
    "weights": (2, lambda value: [item + ",1" for item in value], "weighted credentials"),
    "threshold": (1, lambda value: [["Pedersen", {}]], "threshold"),
    "version": (0, lambda value: {**value, "version": 2}, "crypto version 1"),
    "group": (
        0,
        lambda value: {**value, "group": "RFC-3526-2048"},
        "does not read the group 'RFC-3526-2048'",
    ),
    "ranked": (
        0,
        lambda value: {**value, "questions": [{"type": "NonHomomorphic"}]},
        "type 'NonHomomorphic'",
    ),
    "lists": (0, lambda value: {**value, "questions": [{"type": "Lists"}]}, "type 'Lists'"),
}


@pytest.mark.parametrize("what", UNREAD)
def test_parts_of_the_protocol_not_read_yet_are_refused_clearly(held, forge, what):
    index, change, message = UNREAD[what]
    items = items_of(held)
    raw = dump(change(load(items[0][1][index])))
    bad = forge["chained"](forge["replaced"](items, 0, index, raw))
    refused(bad, rf"^event 0 \(Setup\): .*{message}")


@pytest.mark.parametrize(
    "change",
    [
        {"min": 2},
        {"max": 3},
        {"min": -1},
        {"min": 0, "max": 0},
        {"max": True},
        {"blank": 1},
        {"answers": []},
        {"answers": [1, 2]},
        {"question": None},
        {"more": 1},
    ],
    ids=str,
)
def test_questions_that_contradict_themselves_are_refused(small, change):
    value = load(small.election.raw)
    value["questions"][0].update(change)
    with pytest.raises(InvalidObject):
        read_election(dump(value))


@pytest.mark.parametrize(
    "change",
    [
        {"uuid": "short"},
        {"uuid": "0OIl0OIl0OIl0OIl"},
        {"uuid": 5},
        {"questions": []},
        {"questions": [5]},
        {"public_key": "1"},
        {"public_key": ED25519.identity_text},
        {"name": ["x"]},
        {"version": True},
        {"group": ["Ed25519"]},
        {"surprise": 1},
    ],
    ids=str,
)
def test_elections_that_are_none_are_refused(small, change):
    with pytest.raises(InvalidObject):
        read_election(dump({**load(small.election.raw), **change}))


def test_an_election_text_keeps_its_own_spelling_but_no_key_twice(small):
    spaced = json.dumps(json.loads(small.election.raw), indent=1).encode()
    assert read_election(spaced).fingerprint != small.election.fingerprint
    assert read_election(spaced).questions == small.election.questions
    with pytest.raises(InvalidObject, match="a key stands twice"):
        read_election(small.election.raw[:-1] + b',"uuid":"x"}')
    with pytest.raises(InvalidObject, match="cannot be written"):
        make_election(small.election.uuid, "\ud800", "", ED25519, small.election.public_key, (QUESTION,))


@pytest.mark.parametrize("group", [ED25519, BELENIOS_2048], ids=lambda group: group.name)
def test_a_trustee_hands_in_a_key_that_is_checked(group, forge):
    below = forge["begin"](ED25519).below
    raw = dump_trustee(group, make_trustee(group, 5, below))
    assert read_trustee(group, raw).public_key == group.base_power(5)
    other = load(raw)
    other["public_key"] = group.encode(group.base_power(6))
    with pytest.raises(InvalidObject, match="proof of knowledge"):
        read_trustee(group, dump(other))


def test_a_group_unknown_here_is_unsupported():
    assert group_named("BELENIOS-2048") is BELENIOS_2048
    for name in ("P-256", None, 5, ["Ed25519"]):
        with pytest.raises(Unsupported):
            group_named(name)
