"""Zero-knowledge proofs: knowledge of a discrete logarithm, equality of two, "one of these holds".

A proof is (challenge, response); each verifier recomputes the commitments and hashes them. Every challenge
and response has been range-checked by `read_proof` before it comes here.
"""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from unionapp.crypto.belenios.canonical import fields
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.groups import Element, Group

RandomBelow = Callable[[int], int]  # secrets.randbelow, or a test's seeded stand-in


class Proof(NamedTuple):
    """A challenge and a response, both in 0..q−1."""

    challenge: int
    response: int

    def json(self) -> dict[str, str]:
        return {"challenge": str(self.challenge), "response": str(self.response)}


class Statement(NamedTuple):
    """The claim that the ciphertext (alpha, beta) encrypts `message`, as the verifier sees it."""

    alpha: Element
    beta: Element
    message: int


class Witness(NamedTuple):
    """What the prover knows of a statement: the randomness of the ciphertext, and plaintext minus message."""

    randomness: int
    difference: int


def read_proof(group: Group, value: Any) -> Proof:
    """Read `{"challenge", "response"}`; raises InvalidObject for a wrong form or a number out of range."""
    challenge, response = fields(value, ("challenge", "response"), "proof")
    return Proof(group.scalar(challenge), group.scalar(response))


def prove_knowledge(group: Group, prefix: str, secret: int, random_below: RandomBelow) -> Proof:
    """Prove knowledge of the exponent of g^secret (Schnorr)."""
    nonce = random_below(group.q)
    challenge = group.challenge(prefix, [group.base_power(nonce)])
    return Proof(challenge, (nonce - secret * challenge) % group.q)


def check_knowledge(group: Group, prefix: str, public: Element, proof: Proof) -> bool:
    """Whether the prover knew the exponent of `public`; raises NotInGroup when it is outside the group."""
    commitment = group.multiply(group.base_power(proof.response), group.power(public, proof.challenge))
    return group.challenge(prefix, [commitment]) == proof.challenge


def prove_equal_exponents(
    group: Group, prefix: str, base: Element, secret: int, random_below: RandomBelow
) -> Proof:
    """Prove that g^secret and base^secret have the same exponent (Chaum and Pedersen)."""
    nonce = random_below(group.q)
    challenge = group.challenge(prefix, [group.base_power(nonce), group.power(base, nonce)])
    return Proof(challenge, (nonce - secret * challenge) % group.q)


def check_equal_exponents(
    group: Group, prefix: str, pairs: tuple[tuple[Element, Element], tuple[Element, Element]], proof: Proof
) -> bool:
    """Whether one exponent takes the first of each pair to its second."""
    commitments = [
        group.multiply(group.power(base, proof.response), group.power(image, proof.challenge))
        for base, image in pairs
    ]
    return group.challenge(prefix, commitments) == proof.challenge


def prove_one_of(
    group: Group, public_key: Element, prefix: str, witnesses: Sequence[Witness], random_below: RandomBelow
) -> list[Proof]:
    """Prove that at least one statement holds, without telling which.

    The randomness of a false branch's ciphertext is known, so its commitments are two powers and not four.
    Raises InvalidObject when no statement holds.
    """
    true = next((i for i, witness in enumerate(witnesses) if witness.difference == 0), None)
    if true is None:
        raise InvalidObject("none of the statements to prove holds")
    simulated = [Proof(random_below(group.q), random_below(group.q)) for _ in witnesses]
    simulated[true] = Proof(0, simulated[true].response)
    commitments = []
    for witness, (challenge, response) in zip(witnesses, simulated, strict=True):
        nonce = response + witness.randomness * challenge
        blinded = group.power(public_key, nonce)
        if witness.difference * challenge:
            blinded = group.multiply(blinded, group.base_power(witness.difference * challenge))
        commitments += [group.base_power(nonce), blinded]
    rest = sum(proof.challenge for proof in simulated)
    challenge = (group.challenge(prefix, commitments) - rest) % group.q
    response = (simulated[true].response - witnesses[true].randomness * challenge) % group.q
    simulated[true] = Proof(challenge, response)
    return simulated


def check_one_of(
    group: Group, public_key: Element, prefix: str, statements: Sequence[Statement], proofs: Sequence[Proof]
) -> bool:
    """Whether at least one statement holds; raises NotInGroup for elements outside the group."""
    commitments = []
    for (alpha, beta, message), (challenge, response) in zip(statements, proofs, strict=True):
        shifted = group.multiply(beta, group.shift(message)) if message else beta
        commitments.append(group.multiply(group.base_power(response), group.power(alpha, challenge)))
        commitments.append(
            group.multiply(group.power(public_key, response), group.power(shifted, challenge)),
        )
    total = sum(proof.challenge for proof in proofs) % group.q
    return group.challenge(prefix, commitments) == total
