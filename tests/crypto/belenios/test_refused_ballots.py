"""Ballots that are well made but wrong: each refused for its own reason."""

import pytest

from unionapp.crypto.belenios import archive as archives
from unionapp.crypto.belenios import conduct
from unionapp.crypto.belenios.ballot import check_ballot, read_ballot
from unionapp.crypto.belenios.canonical import b64_digest, dump, load
from unionapp.crypto.belenios.ciphertext import encrypt
from unionapp.crypto.belenios.election import Question, make_election
from unionapp.crypto.belenios.errors import InvalidObject, VerificationError
from unionapp.crypto.belenios.groups import ED25519
from unionapp.crypto.belenios.verify import verify_so_far

QUESTION = Question("?", ("yes", "no"), 1, 1)


@pytest.fixture
def small(forge):
    made = forge["begin"](ED25519, [QUESTION], voters=3)
    made.cast(0, [[1, 0]])
    made.cast(1, [[0, 1]])
    return made


def stuffed(made, raw, bits):
    """Return the ballot with its first choice encrypting `bits`, its proofs left as they were."""

    def change(value):
        group = made.election.group
        pair = encrypt(group, made.election.public_key, bits, made.below(group.q))
        value["answers"][0]["choices"][0] = pair.json()

    return made.resign(raw, change)


def test_a_ballot_that_encrypts_five_votes_is_refused(small):
    small.archive.append(archives.BALLOT, stuffed(small, small.ballot(2, [[1, 0]]), 5))
    refused_so_far(small, r"^event 3 \(Ballot\): answer 1: individual proof 1 does not hold")


def refused_so_far(made, pattern):
    with pytest.raises(VerificationError, match=pattern):
        verify_so_far(made.archive, jobs=1)


def test_two_votes_where_one_is_allowed_are_refused(small, forge):
    lax = make_election(
        small.election.uuid,
        small.election.name,
        "",
        ED25519,
        small.election.public_key,
        (Question("?", ("yes", "no"), 1, 2),),
    )
    strict, small.election = small.election, lax
    raw = small.ballot(2, [[1, 1]])
    small.election = strict

    def change(value):
        value["election_hash"] = strict.fingerprint
        value["answers"][0]["overall_proof"].pop()

    small.archive.append(archives.BALLOT, small.resign(raw, change))
    refused_so_far(small, r"^event 3 \(Ballot\): answer 1: individual proof")


def test_a_wrong_sum_is_refused_although_every_choice_is_a_bit(small):
    first, second = (load(small.ballot(2, [bits])) for bits in ([1, 0], [0, 1]))
    mixed = small.resign(dump(first), lambda value: take_second(value, second))
    with pytest.raises(InvalidObject, match="overall proof does not hold"):
        check_ballot(small.election, {small.credential(2)}, mixed)


def take_second(value, other):
    ours, theirs = value["answers"][0], other["answers"][0]
    ours["choices"][1] = theirs["choices"][1]
    ours["individual_proofs"][1] = theirs["individual_proofs"][1]


def test_blank_together_with_a_choice_is_refused(forge):
    made = forge["begin"](ED25519, [Question("?", ("yes", "no"), 0, 1, blank=True)])
    blank, chosen = (load(made.ballot(0, [bits])) for bits in ([1, 0, 0], [0, 0, 1]))
    mixed = made.resign(dump(blank), lambda value: take_third(value, chosen))
    with pytest.raises(InvalidObject, match="blank proof does not hold"):
        check_ballot(made.election, {made.credential(0)}, mixed)


def take_third(value, other):
    ours, theirs = value["answers"][0], other["answers"][0]
    ours["choices"][2] = theirs["choices"][2]
    ours["individual_proofs"][2] = theirs["individual_proofs"][2]


def test_a_signature_by_another_voter_is_refused(small):
    value = load(small.ballot(2, [[1, 0]]))
    value["signature"] = load(small.ballot(1, [[1, 0]]))["signature"]
    value["signature"]["hash"] = load(small.ballot(2, [[1, 0]]))["signature"]["hash"]
    with pytest.raises(InvalidObject, match="signs another content"):
        check_ballot(small.election, {small.credential(2)}, dump(value))
    forged = load(small.resign(small.ballot(2, [[1, 0]]), lambda value: None))
    forged["signature"]["proof"]["response"] = "1"
    with pytest.raises(InvalidObject, match="signature does not hold"):
        check_ballot(small.election, {small.credential(2)}, dump(forged))


def test_an_unknown_credential_is_refused(small):
    raw = small.ballot(2, [[1, 0]])
    with pytest.raises(InvalidObject, match="not on the credential list"):
        check_ballot(small.election, {small.credential(0)}, raw)
    archive = conduct.setup_events(small.election, small.trustees, [small.credential(0)], 0)
    conduct.append_ballot(archive, raw)
    with pytest.raises(VerificationError, match=r"^event 1 \(Ballot\): the credential is not on"):
        verify_so_far(archive)


def test_a_ballot_of_another_election_is_refused(small, forge):
    other = forge["begin"](ED25519, [QUESTION], seed=9)
    small.archive.append(archives.BALLOT, other.ballot(0, [[1, 0]]))
    refused_so_far(small, r"^event 3 \(Ballot\): the credential is not")
    with pytest.raises(InvalidObject, match="another election"):
        read_ballot(small.election, other.ballot(0, [[1, 0]]))


@pytest.mark.parametrize(
    "point", ["identity", "small order", "mixed order", "not on the curve", "not reduced"]
)
@pytest.mark.parametrize("place", ["alpha", "beta", "credential"])
def test_points_outside_the_group_are_refused(small, point, place):
    points = {
        "identity": ED25519.identity_text,
        "small order": "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffec",
        "mixed order": ED25519.encode(
            ED25519.multiply(
                ED25519.g, bytes.fromhex("ec" + "ff" * 30 + "7f")
            )  # the point of order 2 added to the base point
        ),
        "not on the curve": "00" * 31 + "02",
        "not reduced": "7f" + "ff" * 30 + "ee",
    }
    value = load(small.ballot(2, [[1, 0]]))
    if place == "credential":
        value["credential"] = points[point]
        value.pop("signature")
        value["signature"] = {"hash": unsigned_hash(value), "proof": {"challenge": "5", "response": "6"}}
        raw = dump(value)
    else:
        raw = small.resign(
            dump(value), lambda it: it["answers"][0]["choices"][0].update({place: points[point]})
        )
    with pytest.raises(InvalidObject):
        check_ballot(small.election, {small.credential(2), points[point]}, raw)


def unsigned_hash(unsigned):
    return b64_digest(dump(unsigned))


def test_a_zero_challenge_does_not_hide_a_point_outside_the_group():
    low = bytes.fromhex("ec" + "ff" * 30 + "7f")
    for exponent in (0, ED25519.q, 1):
        with pytest.raises(InvalidObject):
            ED25519.power(low, exponent)


@pytest.mark.parametrize("number", ["q", "q+1", "leading zero", "negative", "number", "empty", "huge"])
def test_numbers_out_of_range_or_form_are_refused(small, number):
    q = small.election.group.q
    texts = {
        "q": str(q),
        "q+1": str(q + 1),
        "leading zero": "01",
        "negative": "-1",
        "number": 1,
        "empty": "",
        "huge": "9" * 5000,
    }
    value = load(small.ballot(2, [[1, 0]]))
    value["signature"]["proof"]["response"] = texts[number]
    with pytest.raises(InvalidObject, match="number is not"):
        check_ballot(small.election, {small.credential(2)}, dump(value))


def test_deeply_nested_json_is_refused(small):
    small.archive.append(archives.BALLOT, b"[" * 200_000)
    refused_so_far(small, r"^event 3 \(Ballot\)")
    start = small.archive.records[1].data[0].partition(b'"answers"')[0]
    with pytest.raises(InvalidObject, match="not JSON"):
        read_ballot(small.election, start + b'"answers":' + b"[" * 200_000)


def test_wrong_votes_cannot_be_written(held):
    value = load(held.ballot(0, [[0, 1, 0], [0, 0, 0]]))
    with pytest.raises(InvalidObject, match="credential is not a text"):
        read_ballot(held.election, dump({**value, "credential": 5}))
    for choices in ([], [[1, 0, 0]], [[1, 1, 0], [0, 0, 0]], [[0, 0, 0], [0, 0, 0]], [[0, 1, 0], [1, 1, 1]]):
        with pytest.raises(InvalidObject):
            held.ballot(0, choices)
    with pytest.raises(InvalidObject, match="3 bits"):
        held.ballot(0, [[0, 2, 0], [0, 0, 0]])
    with pytest.raises(InvalidObject, match="3 bits"):
        held.ballot(0, [[0, 1], [0, 0, 0]])
