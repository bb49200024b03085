"""Trustees: their keys, the proof that each knows its own, and the election's key as the product of all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from unionapp.crypto.belenios.canonical import dump, fields, load_canonical
from unionapp.crypto.belenios.errors import InvalidObject, Unsupported
from unionapp.crypto.belenios.groups import Element, Group
from unionapp.crypto.belenios.proofs import Proof, RandomBelow, check_knowledge, prove_knowledge, read_proof


@dataclass(frozen=True)
class SingleTrustee:
    """A trustee without whom nothing is decrypted: a public key and a proof of the private one."""

    public_key: Element
    proof: Proof

    def json(self, group: Group) -> dict[str, Any]:
        return {"pok": self.proof.json(), "public_key": group.encode(self.public_key)}


def generate_private_key(group: Group, random_below: RandomBelow) -> int:
    """Return a private key in 1..q−1; it never leaves the trustee."""
    return 1 + random_below(group.q - 1)


def make_trustee(group: Group, private_key: int, random_below: RandomBelow) -> SingleTrustee:
    """Return the public half of a private key, with its proof."""
    public_key = group.base_power(private_key)
    proof = prove_knowledge(group, _prefix(group, public_key), private_key, random_below)
    return SingleTrustee(public_key, proof)


def dump_trustee(group: Group, trustee: SingleTrustee) -> bytes:
    """Return one trustee's public key file, as trustees hand it in."""
    return dump(trustee.json(group))


def read_trustee(group: Group, raw: bytes) -> SingleTrustee:
    """Read and check a trustee's public key file. Raises InvalidObject."""
    return _checked(group, load_canonical(raw))


def dump_trustees(group: Group, trustees: Sequence[SingleTrustee]) -> bytes:
    """Return the trustees file of the archive; owners of decryptions count from 1 in this order."""
    return dump([["Single", trustee.json(group)] for trustee in trustees])


def read_trustees(group: Group, raw: bytes) -> tuple[SingleTrustee, ...]:
    """Read and check the trustees file. Raises Unsupported for threshold trustees, or InvalidObject."""
    listed = load_canonical(raw)
    if not isinstance(listed, list) or not listed:
        raise InvalidObject("there is no list of trustees")
    trustees = []
    for number, item in enumerate(listed, 1):
        try:
            trustees.append(_read_kind(group, item))
        except InvalidObject as error:
            raise type(error)(f"trustee {number}: {error}") from error
    return tuple(trustees)


def election_key(group: Group, trustees: Sequence[SingleTrustee]) -> Element:
    """Return the key that ballots are encrypted with."""
    return group.product(trustee.public_key for trustee in trustees)


def _read_kind(group: Group, item: Any) -> SingleTrustee:
    match item:
        case ["Single", key]:
            return _checked(group, key)
        case ["Pedersen", _]:
            raise Unsupported("this version does not read threshold (Pedersen) trustees")
        case _:
            raise InvalidObject("unknown kind of trustee")


def _checked(group: Group, value: Any) -> SingleTrustee:
    pok, public_key = fields(value, ("pok", "public_key"), "trustee key")
    trustee = SingleTrustee(group.decode(public_key), read_proof(group, pok))
    if not check_knowledge(group, _prefix(group, trustee.public_key), trustee.public_key, trustee.proof):
        raise InvalidObject("the proof of knowledge of the private key does not hold")
    return trustee


def _prefix(group: Group, public_key: Element) -> str:
    return f"pok|{group.name}|{group.encode(public_key)}|"
