"""JSON as the protocol writes it (compact, UTF-8 unescaped, keys in fixed order), and strict reading."""

import base64
import hashlib
import json
from typing import Any, Final

from unionapp.crypto.belenios.errors import InvalidObject

_ENCODER: Final = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def dump(value: Any) -> bytes:
    """Return the one serialization of `value`. Raises InvalidObject for text that is not Unicode."""
    try:
        return _ENCODER.encode(value).encode()
    except (ValueError, RecursionError) as error:
        raise InvalidObject(f"cannot be written as JSON: {str(error)[:80]!r}") from error


def load(raw: bytes) -> Any:
    """Read JSON whatever its spacing; refuses a key that stands twice. Raises InvalidObject."""
    try:
        return json.loads(raw.decode(), object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        raise InvalidObject(f"not JSON in UTF-8: {str(error)[:80]!r}") from error


def load_canonical(raw: bytes) -> Any:
    """Read JSON that must be byte for byte what `dump` writes (key order is `fields`' affair)."""
    value = load_loosely(raw)
    if dump(value) != raw:
        raise InvalidObject("not in canonical form")
    return value


def load_loosely(raw: bytes) -> Any:
    """Read JSON that the caller will write again and compare with `raw`."""
    try:
        return json.loads(raw.decode())
    except (ValueError, RecursionError) as error:
        raise InvalidObject(f"not JSON in UTF-8: {str(error)[:80]!r}") from error


def fields(value: Any, names: tuple[str, ...], what: str) -> Any:
    """Return the values of an object that must have exactly these keys, in this order."""
    if not isinstance(value, dict) or tuple(value) != names:
        raise InvalidObject(f"{what}: expected the fields {', '.join(names)}")
    return value.values()


def sequence(value: Any, length: int, what: str) -> list[Any]:
    """Return a list that must have exactly `length` items."""
    if not isinstance(value, list) or len(value) != length:
        raise InvalidObject(f"{what}: expected a list of {length}")
    return value


def whole(value: Any, what: str) -> int:
    """Return a whole number from 0 up that is a JSON number and not a truth value."""
    if type(value) is not int or value < 0:
        raise InvalidObject(f"{what}: expected a whole number")
    return value


def hex_digest(raw: bytes) -> str:
    """Return SHA-256 in lower-case hexadecimal: the name of a file in the archive."""
    return hashlib.sha256(raw).hexdigest()


def b64_digest(raw: bytes) -> str:
    """Return SHA-256 in base64 without padding, 43 characters: fingerprints and trackers."""
    return base64.b64encode(hashlib.sha256(raw).digest()).decode().rstrip("=")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found
