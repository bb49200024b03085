"""Laws that hold for all numbers: of groups, proofs, logarithms, archives, voting codes and JSON."""

import random
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unionapp.crypto.belenios import archive as archives
from unionapp.crypto.belenios import libsodium
from unionapp.crypto.belenios.archive import Archive
from unionapp.crypto.belenios.ballot import check_ballot, create_ballot
from unionapp.crypto.belenios.canonical import dump, load, load_canonical
from unionapp.crypto.belenios.ciphertext import encrypt
from unionapp.crypto.belenios.credentials import generate_code, is_code, public_credential, secret_of
from unionapp.crypto.belenios.discrete_log import DiscreteLog
from unionapp.crypto.belenios.election import Question, generate_uuid, make_election
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.groups import BELENIOS_2048, ED25519
from unionapp.crypto.belenios.proofs import (
    Proof,
    Statement,
    Witness,
    check_equal_exponents,
    check_knowledge,
    check_one_of,
    prove_equal_exponents,
    prove_knowledge,
    prove_one_of,
)
from unionapp.crypto.belenios.trustees import generate_private_key

groups = pytest.mark.parametrize("group", [ED25519, BELENIOS_2048], ids=lambda group: group.name)
exponents = st.one_of(st.integers(0, 3), st.integers(0, 2**256), st.integers(-5, -1))
few = settings(max_examples=25, deadline=None)
Y = {group.name: group.base_power(987_654_321) for group in (ED25519, BELENIOS_2048)}


@groups
@few
@given(a=exponents, b=exponents)
def test_powers_obey_the_laws_of_a_group_of_order_q(group, a, b):
    left, right = group.base_power(a), group.base_power(b)
    assert group.multiply(left, right) == group.base_power(a + b) == group.multiply(right, left)
    assert group.power(left, b) == group.base_power(a * b)
    assert group.multiply(left, group.invert(left)) == group.identity
    assert group.power(left, group.q) == group.identity
    assert group.multiply(left, group.identity) == left
    assert group.is_member(left)
    assert group.multiply(group.base_power(a + 7), group.shift(7)) == left
    assert group.decode(group.encode(left), identity=True) == left


@groups
def test_the_constants_are_a_generator_of_prime_order(group):
    assert group.power(group.g, group.q) == group.identity != group.g
    assert group.base_power(1) == group.g
    assert pow(2, group.q - 1, group.q) == 1
    assert group.product([]) == group.identity
    assert group.encode(group.identity) == group.identity_text
    with pytest.raises(InvalidObject, match="identity"):
        group.decode(group.identity_text)


def test_libsodium_refuses_what_the_group_answers_itself():
    with pytest.raises(InvalidObject, match="is the identity"):
        libsodium.multiply_base(bytes(32))
    with pytest.raises(InvalidObject, match="not in Ed25519"):
        libsodium.multiply_point(bytes(32), ED25519.g)


def test_elements_are_written_as_the_specification_says():
    assert ED25519.encode(ED25519.g) == "66" * 31 + "58"
    assert BELENIOS_2048.encode(BELENIOS_2048.g).startswith("24023526775018522")
    p = int(BELENIOS_2048._p)
    for bad in ("0", str(p), str(p - 1), str(p + int(BELENIOS_2048.g)), "007", "-1", 5, None, "9" * 618):
        with pytest.raises(InvalidObject):
            BELENIOS_2048.decode(bad)
    for bad in ("66" * 31 + "5g", "66" * 31 + "5", "AB" * 32, 5, None, ""):
        with pytest.raises(InvalidObject):
            ED25519.decode(bad)
    with pytest.raises(InvalidObject, match="not on the curve"):
        ED25519.multiply(ED25519.g, b"\x02" + bytes(31))


@groups
@few
@given(secret=st.integers(1, 2**250), seed=st.integers())
def test_knowledge_is_proved_by_those_who_have_it_and_only_for_that_key(group, secret, seed):
    below = random.Random(seed).randrange
    public = group.base_power(secret)
    proof = prove_knowledge(group, "p|", secret, below)
    assert check_knowledge(group, "p|", public, proof)
    assert not check_knowledge(group, "q|", public, proof)
    assert not check_knowledge(group, "p|", group.multiply(public, group.g), proof)
    assert not check_knowledge(group, "p|", public, Proof(proof.challenge, (proof.response + 1) % group.q))


@groups
@few
@given(secret=st.integers(1, 2**250), base=st.integers(1, 2**250), seed=st.integers())
def test_equal_exponents_are_proved_and_unequal_ones_are_not(group, secret, base, seed):
    below = random.Random(seed).randrange
    alpha = group.base_power(base)
    proof = prove_equal_exponents(group, "d|", alpha, secret, below)
    public, factor = group.base_power(secret), group.power(alpha, secret)
    assert check_equal_exponents(group, "d|", ((group.g, public), (alpha, factor)), proof)
    wrong = group.multiply(factor, group.g)
    assert not check_equal_exponents(group, "d|", ((group.g, public), (alpha, wrong)), proof)
    lie = prove_equal_exponents(group, "d|", alpha, secret + 1, below)
    assert not check_equal_exponents(group, "d|", ((group.g, public), (alpha, factor)), lie)


@groups
@few
@given(message=st.integers(0, 4), low=st.integers(0, 3), width=st.integers(0, 2), seed=st.integers())
def test_one_of_several_messages_is_proved_when_it_is_one_of_them(group, message, low, width, seed):
    below = random.Random(seed).randrange
    key, nonce = Y[group.name], below(group.q)
    pair = encrypt(group, key, message, nonce)
    allowed = range(low, low + width + 1)
    witnesses = [Witness(nonce, message - m) for m in allowed]
    statements = [Statement(pair.alpha, pair.beta, m) for m in allowed]
    if message not in allowed:
        with pytest.raises(InvalidObject, match="none of the statements"):
            prove_one_of(group, key, "s|", witnesses, below)
        return
    proofs = prove_one_of(group, key, "s|", witnesses, below)
    assert check_one_of(group, key, "s|", statements, proofs)
    assert not check_one_of(group, key, "t|", statements, proofs)
    assert not check_one_of(group, group.g, "s|", statements, proofs)
    moved = [Statement(pair.alpha, group.multiply(pair.beta, group.g), m) for m in allowed]
    assert not check_one_of(group, key, "s|", moved, proofs)


@few
@given(message=st.integers(2, 9), seed=st.integers(), liar=st.sampled_from([0, 1]))
def test_a_prover_who_lies_about_his_witness_convinces_nobody(message, seed, liar):
    below = random.Random(seed).randrange
    key, nonce = Y["Ed25519"], below(ED25519.q)
    pair = encrypt(ED25519, key, message, nonce)
    witnesses = [Witness(nonce, message), Witness(nonce, message - 1)]
    witnesses[liar] = Witness(nonce, 0)
    proofs = prove_one_of(ED25519, key, "s|", witnesses, below)
    statements = [Statement(pair.alpha, pair.beta, m) for m in (0, 1)]
    assert not check_one_of(ED25519, key, "s|", statements, proofs)


@settings(max_examples=40, deadline=None)
@given(bound=st.integers(0, 400), data=st.data())
def test_logarithms_are_found_up_to_the_bound_and_not_beyond(bound, data):
    logarithm = DiscreteLog(ED25519, bound)
    n = data.draw(st.integers(0, bound))
    assert logarithm.of(ED25519.base_power(n)) == n
    for beyond in (-1, bound + 1, bound + data.draw(st.integers(1, 10**6))):
        with pytest.raises(InvalidObject, match=f"no count from 0 to {bound}"):
            logarithm.of(ED25519.base_power(beyond))


@given(
    timestamp=st.integers(0, 7_999_999_999),
    ballots=st.lists(st.binary(min_size=1, max_size=1100), unique=True, max_size=6),
)
@settings(max_examples=60, deadline=None)
def test_an_archive_read_back_is_the_archive_written(timestamp, ballots):
    archive = Archive(timestamp)
    archive.append(archives.SETUP, b"1", b"2", b"3", b"4 ")
    for ballot in ballots:
        archive.append(archives.BALLOT, b"ballot" + ballot)
    raw = archive.to_bytes()
    assert archives.read(BytesIO(raw), len(raw)) == archive
    assert len(raw) % 512 == 0


@st.composite
def questions_with_votes(draw):
    answers, blank = draw(st.integers(1, 4)), draw(st.booleans())
    maximum = draw(st.integers(1, answers))
    minimum = draw(st.integers(0, maximum))
    if blank and draw(st.booleans()):
        return Question("?", ("x",) * answers, minimum, maximum, blank), [1] + [0] * answers
    count = draw(st.integers(minimum, maximum))
    bits = draw(st.permutations([1] * count + [0] * (answers - count)))
    return Question("?", ("x",) * answers, minimum, maximum, blank), [0] * blank + list(bits)


@settings(max_examples=30, deadline=None)
@given(asked=st.lists(questions_with_votes(), min_size=1, max_size=3), seed=st.integers())
def test_every_vote_that_obeys_its_questions_makes_an_accepted_ballot(asked, seed):
    below = random.Random(seed).randrange
    uuid, code = generate_uuid(below), generate_code(below)
    key = ED25519.base_power(generate_private_key(ED25519, below))
    election = make_election(uuid, "n", "d", ED25519, key, tuple(question for question, _ in asked))
    credential = public_credential(ED25519, uuid, code)
    raw = create_ballot(election, secret_of(ED25519, uuid, code), [bits for _, bits in asked], below)
    ballot = check_ballot(election, {credential}, raw)
    assert ballot.credential == credential
    assert len(ballot.tracker) == 43
    assert load_canonical(raw) == load(raw)


@few
@given(seed=st.integers())
def test_codes_have_one_form_and_one_secret_per_election(seed):
    below = random.Random(seed).randrange
    code = generate_code(below)
    assert is_code(code)
    assert [len(block) for block in code.split("-")] == [5, 6, 5, 6]
    first, second = generate_uuid(below), generate_uuid(below)
    assert secret_of(ED25519, first, code) != secret_of(ED25519, second, code)
    for bad in (code[:-1], code.replace("-", ""), code + "\n", "0" + code[1:], ""):
        assert not is_code(bad)
        with pytest.raises(InvalidObject, match="22 characters"):
            secret_of(ED25519, first, bad)


parts = st.none() | st.booleans() | st.integers() | st.text()


@few
@given(st.recursive(parts, lambda part: st.lists(part) | st.dictionaries(st.text(), part), max_leaves=10))
def test_json_is_written_in_one_way_and_read_back(value):
    raw = dump(value)
    assert load(raw) == load_canonical(raw) == value
    with pytest.raises(InvalidObject, match="canonical"):
        load_canonical(raw + b" ")


def test_json_of_some_depth_is_read_and_of_absurd_depth_refused():
    nested = b"[" * 400 + b"]" * 400
    assert load_canonical(nested) == load(nested)
    absurd = b"[" * 200_000 + b"]" * 200_000
    for read in (load, load_canonical):
        with pytest.raises(InvalidObject, match="not JSON"):
            read(absurd)
