"""A case worker's key bundle: made in the browser, locked there by a passphrase, kept locked by the server.

The bundle is one JSON object; binary values are base64url without padding (RFC 4648, section 5)::

    {
      "v": 1,
      "handler": "...",           the case worker's public id, 1 to 64 of A-Z a-z 0-9 _ -
      "hpke": "...",              X25519 public key, 32 bytes: report keys are sealed to it
      "ed25519": "...",           Ed25519 public key, 32 bytes: signs what the case worker writes
      "kdf": {"name": "argon2id", "t": 2, "m": 19456, "p": 1, "salt": "..."},    m in KiB, salt 16 bytes
      "nonce": "...",             24 random bytes
      "wrapped": "..."            80 bytes
    }

``wrapped`` is XChaCha20-Poly1305 of ``X25519 private key (32) || Ed25519 seed (32)`` under the key half of
the passphrase (module ``passphrase``); its AAD is the canonical JSON (module ``hashchain``) of that object
without ``nonce`` and ``wrapped``. So a server can exchange neither public keys nor costs unnoticed.

Whom a report may be sealed to is said by the committee: an Ed25519 signature over
``"unionapp/handler-statement/v1" || 0 || canonical JSON`` of ``{"v": 1, "handler", "role", "hpke", "ed25519",
"from", "until"}``, days as ``YYYY-MM-DD``, both included. Sealing to an unsigned key means trusting the host.
"""

import base64
import json
import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

from unionapp.crypto import passphrase as passphrases
from unionapp.crypto import sealed_box
from unionapp.crypto.hashchain import JsonValue, canonical
from unionapp.crypto.passphrase import HIGHEST_COST, Argon2Cost

SECRET_BYTES = 64
NONCE_BYTES = 24

_VERSION: Final = 1
_WRAPPED_BYTES = SECRET_BYTES + 16
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MEMBERS = {"v", "handler", "hpke", "ed25519", "kdf", "nonce", "wrapped"}
_KDF_MEMBERS = {"name", "t", "m", "p", "salt"}


class BundleError(ValueError):
    """The text is no key bundle, or asks for a cost outside the allowed range."""


class BundleLockedError(ValueError):
    """The passphrase does not open the bundle, or the bundle was changed."""


@dataclass(frozen=True, repr=False)
class HandlerKeys:
    """The private half of a bundle, 32 bytes each; it exists in the browser and in tests only."""

    private_key: bytes
    signing_seed: bytes

    def __post_init__(self) -> None:
        if (len(self.private_key), len(self.signing_seed)) != (32, 32):
            raise ValueError("a handler's keys have 32 bytes each")

    @property
    def public_key(self) -> bytes:
        """The X25519 public key."""
        return sealed_box.public_key(self.private_key)

    @property
    def verify_key(self) -> bytes:
        """The Ed25519 public key."""
        return Ed25519PrivateKey.from_private_bytes(self.signing_seed).public_key().public_bytes_raw()


@dataclass(frozen=True)
class HandlerBundle:
    """What the server stores of a case worker's keys: the public halves and the locked private ones."""

    handler: str
    public_key: bytes
    verify_key: bytes
    cost: Argon2Cost
    salt: bytes
    nonce: bytes
    wrapped: bytes

    def to_json(self) -> str:
        """Write the bundle in its canonical JSON."""
        locked = {"nonce": _encode(self.nonce), "wrapped": _encode(self.wrapped)}
        return canonical({**self._outside(), **locked}).decode()

    def associated_data(self) -> bytes:
        """Return the canonical JSON that the wrapping authenticates."""
        return canonical(self._outside())

    def _outside(self) -> dict[str, JsonValue]:
        return {
            "v": _VERSION,
            "handler": self.handler,
            "hpke": _encode(self.public_key),
            "ed25519": _encode(self.verify_key),
            "kdf": {
                "name": "argon2id",
                "t": self.cost.passes,
                "m": self.cost.memory_kib,
                "p": self.cost.lanes,
                "salt": _encode(self.salt),
            },
        }


@dataclass(frozen=True, repr=False)
class Lock:
    """What locks a bundle: the passphrase, 16 and 24 random bytes as ``salt`` and ``nonce``, the cost."""

    passphrase: str
    salt: bytes
    nonce: bytes
    cost: Argon2Cost


class StatementError(ValueError):
    """The committee did not sign this statement, or it does not hold on that day."""


@dataclass(frozen=True)
class HandlerStatement:
    """The committee's word that these public keys are a case worker's, in a role, between two days."""

    handler: str
    role: str
    public_key: bytes
    verify_key: bytes
    from_day: date
    until_day: date

    def row(self) -> dict[str, JsonValue]:
        """Return the statement as a row for ``hashchain.link``: the list of statements only ever grows."""
        return {
            "v": _VERSION,
            "handler": self.handler,
            "role": self.role,
            "hpke": _encode(self.public_key),
            "ed25519": _encode(self.verify_key),
            "from": self.from_day.isoformat(),
            "until": self.until_day.isoformat(),
        }

    def _signed(self) -> bytes:
        return b"unionapp/handler-statement/v1\0" + canonical(self.row())

    def sign(self, committee_seed: bytes) -> bytes:
        """Sign as the committee, 64 bytes. Raises ValueError unless the Ed25519 seed has 32 bytes."""
        return Ed25519PrivateKey.from_private_bytes(committee_seed).sign(self._signed())

    def verify(self, committee_key: bytes, signature: bytes, day: date) -> None:
        """Check the committee's signature and that ``day`` lies in the span. Raises StatementError."""
        try:
            Ed25519PublicKey.from_public_bytes(committee_key).verify(signature, self._signed())
        except (InvalidSignature, ValueError) as error:
            raise StatementError("not signed by the committee") from error
        if not self.from_day <= day <= self.until_day:
            raise StatementError("the statement does not hold on that day")


def keys_from(randomness: bytes) -> HandlerKeys:
    """Cut 64 random bytes into the two private keys. Raises ValueError on another length."""
    if len(randomness) != SECRET_BYTES:
        raise ValueError(f"a handler's keys take {SECRET_BYTES} random bytes")
    return HandlerKeys(randomness[:32], randomness[32:])


def wrap(handler: str, keys: HandlerKeys, lock: Lock) -> HandlerBundle:
    """Lock the private keys under a passphrase.

    Raises ValueError for an empty passphrase or a salt or nonce of the wrong length, BundleError for a
    handler id outside the alphabet.
    """
    if not _ID.fullmatch(handler):
        raise BundleError("a handler id is 1 to 64 of A-Z a-z 0-9 _ -")
    if len(lock.nonce) != NONCE_BYTES:
        raise ValueError(f"a bundle nonce has {NONCE_BYTES} bytes")
    halves = passphrases.derive(lock.passphrase, lock.salt, lock.cost)
    outside = HandlerBundle(
        handler, keys.public_key, keys.verify_key, lock.cost, lock.salt, lock.nonce, wrapped=b""
    )
    secret = keys.private_key + keys.signing_seed
    wrapped = crypto_aead_xchacha20poly1305_ietf_encrypt(
        secret, outside.associated_data(), lock.nonce, halves.encryption
    )
    return replace(outside, wrapped=bytes(wrapped))


def unwrap(bundle: HandlerBundle, passphrase: str) -> HandlerKeys:
    """Unlock the private keys. Raises BundleLockedError, also when they do not fit the public ones."""
    halves = passphrases.derive(passphrase, bundle.salt, bundle.cost)
    try:
        secret = crypto_aead_xchacha20poly1305_ietf_decrypt(
            bundle.wrapped, bundle.associated_data(), bundle.nonce, halves.encryption
        )
    except CryptoError as error:
        raise BundleLockedError("the passphrase does not open this bundle") from error
    keys = keys_from(bytes(secret))
    if (keys.public_key, keys.verify_key) != (bundle.public_key, bundle.verify_key):
        raise BundleLockedError("the private keys do not fit the public ones")
    return keys


def parse_bundle(
    text: str | bytes, *, lowest: Argon2Cost, highest: Argon2Cost = HIGHEST_COST
) -> HandlerBundle:
    """Read a bundle's JSON and check every member.

    A cost under ``lowest`` would let a dishonest server guess the passphrase from the auth half, one over
    ``highest`` would stop the machine. Raises BundleError.
    """
    try:
        bundle = _read(json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise BundleError(f"no key bundle: {error}") from error
    if not (bundle.cost.at_least(lowest) and highest.at_least(bundle.cost)):
        raise BundleError("the passphrase cost is outside the allowed range")
    return bundle


def _read(found: object) -> HandlerBundle:
    members = _object(found, _MEMBERS)
    kdf = _object(members["kdf"], _KDF_MEMBERS)
    if _integer(members["v"]) != _VERSION or kdf["name"] != "argon2id":
        raise ValueError("another version")
    if not _ID.fullmatch(_string(members["handler"])):
        raise ValueError("the handler id")
    return HandlerBundle(
        handler=_string(members["handler"]),
        public_key=_decode(members["hpke"], sealed_box.KEY_BYTES),
        verify_key=_decode(members["ed25519"], 32),
        cost=Argon2Cost(_integer(kdf["t"]), _integer(kdf["m"]), _integer(kdf["p"])),
        salt=_decode(kdf["salt"], passphrases.SALT_BYTES),
        nonce=_decode(members["nonce"], NONCE_BYTES),
        wrapped=_decode(members["wrapped"], _WRAPPED_BYTES),
    )


def _object(found: object, members: set[str]) -> dict[str, object]:
    if not isinstance(found, dict) or set(found) != members:
        raise ValueError("missing or unknown members")
    return found


def _string(found: object) -> str:
    if not isinstance(found, str):
        raise TypeError("a string is missing")
    return found


def _integer(found: object) -> int:
    if not isinstance(found, int) or isinstance(found, bool):
        raise TypeError("an integer is missing")
    return found


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _decode(found: object, length: int) -> bytes:
    """Decode base64url strictly: one spelling for one value, no padding, no other alphabet."""
    text = _string(found)
    data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(data) != length or _encode(data) != text:
        raise ValueError("a binary value of the wrong length or spelling")
    return data
