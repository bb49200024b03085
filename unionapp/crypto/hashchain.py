"""A tamper-evident chain of rows: each hash covers the row and the hash before it.

Format: ``h_0 = GENESIS`` is 32 zero bytes; ``h_i = SHA-256(h_{i-1} || canonical(row_i))``. The previous hash
has a fixed length, so the concatenation has one reading only.

The canonical form is JSON (RFC 8259) in UTF-8, members sorted by code point, separators ``,`` and ``:``
without spaces, nothing escaped beyond what JSON demands. For ASCII keys and values that are strings,
booleans, null and integers within 2**53 these are the bytes of RFC 8785, so a browser computes the same.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

JsonValue: TypeAlias = str | int | float | bool | Sequence["JsonValue"] | Mapping[str, "JsonValue"] | None

HASH_BYTES = 32
GENESIS = bytes(HASH_BYTES)


class CanonicalError(ValueError):
    """A value has no canonical JSON form."""


class ChainBrokenError(Exception):
    """The chain does not hold; ``index`` counts rows from 0, ``reason`` says what differs."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(f"row {index}: {reason}")
        self.index = index
        self.reason = reason


def canonical(row: Mapping[str, JsonValue]) -> bytes:
    """Return the one JSON text of a row, in UTF-8.

    Raises CanonicalError on NaN, infinities, lone surrogates, keys that are no strings and other types.
    """
    try:
        text = json.dumps(
            _plain(row), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return text.encode("utf-8")
    except RecursionError as error:
        raise CanonicalError("nested too deeply") from error
    except ValueError as error:
        raise CanonicalError(str(error)) from error


def _plain(value: JsonValue) -> object:
    """Turn mappings and sequences into dicts and lists; json.dumps would make a key 1 the key "1" unsaid."""
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return {_key(key): _plain(member) for key, member in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(member) for member in value]
    raise CanonicalError(f"{type(value).__name__} is no JSON value")


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise CanonicalError(f"the key {key!r} is no string")
    return key


def link(previous: bytes, row: Mapping[str, JsonValue]) -> bytes:
    """Return the 32-byte hash of ``row`` behind ``previous`` (GENESIS for the first row).

    Raises ValueError when ``previous`` is not 32 bytes long, CanonicalError as ``canonical`` does.
    """
    if len(previous) != HASH_BYTES:
        raise ValueError(f"a link hash has {HASH_BYTES} bytes, not {len(previous)}")
    return hashlib.sha256(previous + canonical(row)).digest()


def verify_chain(
    links: Iterable[tuple[Mapping[str, JsonValue], bytes]],
    *,
    start: bytes = GENESIS,
    head: bytes | None = None,
) -> bytes:
    """Recompute a chain of (row, stored hash) pairs and return its last hash.

    ``start`` is the hash before the first pair. Rows cut off at the end leave a chain that holds: only a
    ``head`` kept elsewhere (a signed, published one) shows them missing. Raises ChainBrokenError at the first
    row that does not fit; for a missing head the index is the number of rows read.
    """
    last, count = start, 0
    for index, (row, stored) in enumerate(links):
        last, count = _checked(index, last, row, stored), index + 1
    if head is not None and not hmac.compare_digest(last, head):
        raise ChainBrokenError(count, "the chain does not end at the expected head")
    return last


def _checked(index: int, previous: bytes, row: Mapping[str, JsonValue], stored: bytes) -> bytes:
    try:
        expected = link(previous, row)
    except CanonicalError as error:
        raise ChainBrokenError(index, f"the row has no canonical form: {error}") from error
    if not hmac.compare_digest(expected, stored):
        raise ChainBrokenError(index, "the stored hash is not the hash of this row and the one before")
    return expected
