"""ElGamal pairs: (g^r, y^r·g^m), as ballots and tallies write them."""

from typing import Any, NamedTuple

from unionapp.crypto.belenios.canonical import fields
from unionapp.crypto.belenios.groups import Element, Group


class Ciphertext(NamedTuple):
    """A pair and its text `alpha,beta`, kept because every hash needs it again."""

    alpha: Element
    beta: Element
    text: str

    def json(self) -> dict[str, str]:
        alpha, beta = self.text.split(",")
        return {"alpha": alpha, "beta": beta}


def make_ciphertext(group: Group, alpha: Element, beta: Element) -> Ciphertext:
    """Return the pair with its text."""
    return Ciphertext(alpha, beta, f"{group.encode(alpha)},{group.encode(beta)}")


def encrypt(group: Group, public_key: Element, message: int, randomness: int) -> Ciphertext:
    """Encrypt a small number so that products of ciphertexts encrypt sums."""
    beta = group.power(public_key, randomness)
    if message:
        beta = group.multiply(beta, group.base_power(message))
    return make_ciphertext(group, group.base_power(randomness), beta)


def read_ballot_ciphertext(group: Group, value: Any) -> Ciphertext:
    """Read a ballot's pair; the first power of each element proves its membership (`Group.decode_form`).

    The identity is refused: as alpha it would publish the vote, and no honest ballot contains it.
    """
    alpha, beta = fields(value, ("alpha", "beta"), "ciphertext")
    return Ciphertext(group.decode_form(alpha), group.decode_form(beta), f"{alpha},{beta}")
