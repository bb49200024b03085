"""Voting codes and the public credentials derived from them (upstream 3.x: no salt, no PBKDF2)."""

import hashlib
import re
from collections.abc import Iterable
from typing import Final

from unionapp.crypto.belenios.canonical import dump, load_canonical
from unionapp.crypto.belenios.errors import InvalidObject, Unsupported
from unionapp.crypto.belenios.groups import Element, Group
from unionapp.crypto.belenios.proofs import RandomBelow

BASE58: Final = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BLOCKS: Final = (5, 6, 5, 6)
_CODE: Final = re.compile("-".join(f"[{BASE58}]{{{size}}}" for size in _BLOCKS), re.ASCII)


def generate_code(random_below: RandomBelow) -> str:
    """Return a fresh voting code: 22 characters of Base58 (128.8 bits), written 5-6-5-6."""
    return "-".join("".join(BASE58[random_below(58)] for _ in range(size)) for size in _BLOCKS)


def is_code(text: str) -> bool:
    """Whether `text` has the form of a voting code."""
    return bool(_CODE.fullmatch(text))


def secret_of(group: Group, uuid: str, code: str) -> int:
    """Return a voting code's signing exponent in the election `uuid`; InvalidObject for a wrong form."""
    if not is_code(code):
        raise InvalidObject("a voting code is 22 characters of Base58, written 5-6-5-6")
    digests = (hashlib.sha256(f"derive_credential|{uuid}|{i}|{code}".encode()).hexdigest() for i in (0, 1))
    return int("".join(digests), 16) % group.q


def public_credential(group: Group, uuid: str, code: str) -> str:
    """Return the public credential of a voting code, as it stands in the credential list and on ballots."""
    return group.encode(group.base_power(secret_of(group, uuid, code)))


def dump_credentials(credentials: Iterable[str]) -> bytes:
    """Return the credential list of the archive, sorted so that its order tells nothing about the roll's."""
    return dump(sorted(credentials))


def read_credentials(raw: bytes) -> frozenset[str]:
    """Read the credential list: distinct strings, canonical JSON. Membership is `check_credential`'s affair.

    Raises Unsupported for weighted credentials, InvalidObject for anything else.
    """
    listed = load_canonical(raw)
    if not isinstance(listed, list) or not all(isinstance(item, str) for item in listed):
        raise InvalidObject("the credential list is not a list of strings")
    if any("," in item for item in listed):
        raise Unsupported("this version does not read weighted credentials")
    found = frozenset(listed)
    if len(found) != len(listed):
        raise InvalidObject("the credential list holds a credential twice")
    return found


def check_credential(group: Group, credential: str) -> Element:
    """Return the element of a listed credential; raises InvalidObject when it is none of the group."""
    try:
        return group.decode(credential)
    except InvalidObject as error:
        raise InvalidObject(f"public credential {credential[:16]!r}…: {error}") from error
