"""The three operations of libsodium that verifying consists of, with as little around them as possible.

PyNaCl's public functions do the same with about a microsecond of argument checks each; a yes/no ballot needs
forty-two of them, together 4 % of its verification (seen with `measure`). Every argument must be exactly 32
bytes, or memory beyond it is read: `groups` is the only caller, and makes no others.
"""

import nacl.bindings  # initialises libsodium
from nacl._sodium import ffi, lib

from unionapp.crypto.belenios.errors import NotInGroup

_POINT = ffi.typeof("unsigned char[32]")
_new, _buffer = ffi.new, ffi.buffer

is_valid_point = nacl.bindings.crypto_core_ed25519_is_valid_point
subtract = nacl.bindings.crypto_core_ed25519_sub


def multiply_point(scalar: bytes, point: bytes) -> bytes:
    """Return the multiple of a point; raises NotInGroup unless it is canonical and of prime order."""
    out = _new(_POINT)
    if lib.crypto_scalarmult_ed25519_noclamp(out, scalar, point):
        raise NotInGroup("a group element is not in Ed25519")
    return bytes(_buffer(out))


def multiply_base(scalar: bytes) -> bytes:
    """Return the multiple of the base point by a scalar other than 0."""
    out = _new(_POINT)
    if lib.crypto_scalarmult_ed25519_base_noclamp(out, scalar):
        raise NotInGroup("a power of the base point is the identity")
    return bytes(_buffer(out))


def add(left: bytes, right: bytes) -> bytes:
    """Return the sum of two points; raises NotInGroup unless both are on the curve."""
    out = _new(_POINT)
    if lib.crypto_core_ed25519_add(out, left, right):
        raise NotInGroup("a group element is not on the curve of Ed25519")
    return bytes(_buffer(out))
