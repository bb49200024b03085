"""Partial decryptions with their proofs, and their combination into the result."""

from collections.abc import Mapping
from typing import Any

from unionapp.crypto.belenios.canonical import dump, fields, load_canonical, sequence
from unionapp.crypto.belenios.discrete_log import DiscreteLog
from unionapp.crypto.belenios.election import Election
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.groups import Element, Group
from unionapp.crypto.belenios.proofs import (
    RandomBelow,
    check_equal_exponents,
    prove_equal_exponents,
    read_proof,
)
from unionapp.crypto.belenios.tally import Tally
from unionapp.crypto.belenios.trustees import SingleTrustee

Factors = tuple[tuple[Element, ...], ...]  # alpha to the private key, in the tally's shape


def decrypt_partially(election: Election, tally: Tally, private_key: int, random_below: RandomBelow) -> bytes:
    """Return one trustee's decryption factors and the proofs that they were made with its key."""
    group = election.group
    prefix = _prefix(election, group.base_power(private_key))
    factors, proofs = [], []
    for slots in tally.sums:
        factors.append([group.encode(group.power(item.alpha, private_key)) for item in slots])
        proofs.append(
            [
                prove_equal_exponents(group, prefix, item.alpha, private_key, random_below).json()
                for item in slots
            ],
        )
    return dump({"decryption_factors": factors, "decryption_proofs": proofs})


def read_partial_decryption(election: Election, tally: Tally, trustee: SingleTrustee, raw: bytes) -> Factors:
    """Read a partial decryption, check every proof, return the factors. Raises InvalidObject."""
    factors, proofs = fields(
        load_canonical(raw), ("decryption_factors", "decryption_proofs"), "partial decryption"
    )
    count = len(tally.sums)
    prefix = _prefix(election, trustee.public_key)
    rows = zip(
        tally.sums,
        sequence(factors, count, "decryption factors"),
        sequence(proofs, count, "decryption proofs"),
        strict=True,
    )
    return tuple(
        tuple(
            _checked(election.group, prefix, (trustee.public_key, item.alpha), pair)
            for item, pair in zip(
                slots,
                zip(
                    sequence(factor_row, len(slots), "decryption factors"),
                    sequence(proof_row, len(slots), "decryption proofs"),
                    strict=True,
                ),
                strict=True,
            )
        )
        for slots, factor_row, proof_row in rows
    )


def combine(election: Election, tally: Tally, factors: Mapping[int, Factors]) -> list[list[int]]:
    """Decrypt the tally with the factors of all trustees (by owner) and return the counts.

    Raises InvalidObject when a decryption is no possible count.
    """
    group = election.group
    logarithm = DiscreteLog(group, tally.counted)
    counts = []
    for number, slots in enumerate(tally.sums):
        row = []
        for slot, item in enumerate(slots):
            factor = group.product(part[number][slot] for part in factors.values())
            row.append(logarithm.of(group.multiply(item.beta, group.invert(factor))))
        counts.append(row)
    return counts


def dump_result(counts: list[list[int]]) -> bytes:
    """Return the result file: per question the count of each slot, blank first where allowed."""
    return dump({"result": counts})


def _checked(group: Group, prefix: str, known: tuple[Element, Element], pair: tuple[Any, Any]) -> Element:
    public_key, alpha = known
    factor = group.decode(pair[0], identity=True)
    proof = read_proof(group, pair[1])
    if not check_equal_exponents(group, prefix, ((group.g, public_key), (alpha, factor)), proof):
        raise InvalidObject("a decryption proof does not hold")
    return factor


def _prefix(election: Election, public_key: Element) -> str:
    return f"decrypt|{election.fingerprint}|{election.group.encode(public_key)}|"
