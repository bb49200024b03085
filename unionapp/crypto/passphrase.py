"""From a passphrase to two independent keys: one to sign in with, one to unlock the key bundle.

Derivation::

    root        = Argon2id v1.3 (RFC 9106) of the UTF-8 of the NFKC form, 16-byte salt, 32 bytes of output
    auth half   = HKDF-SHA256(root, salt = empty, info = "unionapp/passphrase/auth/v1", 32 bytes)
    key half    = HKDF-SHA256(root, salt = empty, info = "unionapp/passphrase/kek/v1", 32 bytes)

The browser sends the auth half; the server keeps only a password hash of it. The key half never leaves the
browser, and neither half tells anything of the other.
"""

import unicodedata
from dataclasses import dataclass

from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

SALT_BYTES = 16


@dataclass(frozen=True)
class Argon2Cost:
    """Argon2id's parameters: ``passes`` (t), ``memory_kib`` (m, in KiB), ``lanes`` (p)."""

    passes: int
    memory_kib: int
    lanes: int

    def at_least(self, other: "Argon2Cost") -> bool:
        """Say whether each parameter reaches the other's."""
        return (
            self.passes >= other.passes and self.memory_kib >= other.memory_kib and self.lanes >= other.lanes
        )


BROWSER_COST = Argon2Cost(passes=2, memory_kib=19_456, lanes=1)
"""OWASP's minimum for Argon2id (Password Storage Cheat Sheet): what a browser bears without WebAssembly."""

HIGHEST_COST = Argon2Cost(passes=16, memory_kib=1_048_576, lanes=8)
"""Above this a stored cost is an attack on the machine that obeys it."""


@dataclass(frozen=True, repr=False)
class PassphraseKeys:
    """The two halves of a passphrase, 32 bytes each."""

    authentication: bytes
    encryption: bytes


def derive(passphrase: str, salt: bytes, cost: Argon2Cost) -> PassphraseKeys:
    """Stretch a passphrase. Takes ``cost.memory_kib`` of memory.

    Raises ValueError on an empty passphrase, one that is no Unicode text, or a salt not 16 bytes long;
    argon2's HashingError on a cost it cannot run.
    """
    if not passphrase:
        raise ValueError("the passphrase is empty")
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a passphrase salt has {SALT_BYTES} bytes")
    secret = unicodedata.normalize("NFKC", passphrase).encode("utf-8")
    root = hash_secret_raw(secret, salt, cost.passes, cost.memory_kib, cost.lanes, hash_len=32, type=Type.ID)
    return PassphraseKeys(
        authentication=_expand(root, b"unionapp/passphrase/auth/v1"),
        encryption=_expand(root, b"unionapp/passphrase/kek/v1"),
    )


def _expand(root: bytes, info: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(root)
