"""Sealing to a public key: HPKE (RFC 9180), base mode, one message.

Suite: DHKEM(X25519, HKDF-SHA256) 0x0020, HKDF-SHA256 0x0001, ChaCha20-Poly1305 0x0003. Keys are the 32 raw
bytes of RFC 7748. A sealed message is ``enc (32 bytes) || ciphertext || tag (16 bytes)``, AAD empty, sequence
number 0: what it is for is bound through ``info``. The ephemeral key comes from the library's random source.
"""

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

KEY_BYTES = 32
OVERHEAD_BYTES = 48

_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


class SealKeyError(ValueError):
    """The key is no usable X25519 key: wrong length, or a point whose shared secret everybody knows."""


class SealOpenError(ValueError):
    """The sealed bytes were not made for this key and this ``info``, or were changed."""


def public_key(private_key: bytes) -> bytes:
    """Return the public half of a raw private key. Raises SealKeyError unless it has 32 bytes."""
    return _private(private_key).public_key().public_bytes_raw()


def seal(public_key: bytes, plaintext: bytes, info: bytes) -> bytes:
    """Encrypt to the holder of ``public_key``; 48 bytes longer than the plaintext. Raises SealKeyError."""
    try:
        recipient = X25519PublicKey.from_public_bytes(public_key)
        return _SUITE.encrypt(plaintext, recipient, info=info)
    except ValueError as error:
        raise SealKeyError("no usable X25519 public key") from error


def open_(private_key: bytes, sealed: bytes, info: bytes) -> bytes:
    """Decrypt what ``seal`` made with the same ``info``. Raises SealKeyError and SealOpenError."""
    key = _private(private_key)
    if len(sealed) < OVERHEAD_BYTES:
        raise SealOpenError("shorter than any sealed message")
    try:
        return _SUITE.decrypt(sealed, key, info=info)
    except (InvalidTag, ValueError) as error:
        raise SealOpenError("not sealed to this key for this purpose, or changed since") from error


def _private(private_key: bytes) -> X25519PrivateKey:
    try:
        return X25519PrivateKey.from_private_bytes(private_key)
    except ValueError as error:
        raise SealKeyError(f"an X25519 private key has {KEY_BYTES} bytes") from error
