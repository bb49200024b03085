"""Files encrypted chunk by chunk, so that no plaintext ever waits on a disk.

The STREAM construction (Hoang, Reyhanitabar, Rogaway and Vizár, "Online Authenticated-Encryption and its
Nonce-Reuse Misuse-Resistance", CRYPTO 2015) over XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha)::

    file     = prefix (19 bytes) || chunk 0 || chunk 1 || ... || chunk n
    chunk i  = XChaCha20-Poly1305(key, nonce_i, AAD = empty, plaintext_i), 16-byte tag at the end
    nonce_i  = prefix (19 bytes) || i (4 bytes, big-endian) || last (1 byte)        24 bytes
    last     = 0x01 for chunk n, else 0x00

Every plaintext_i holds 65,536 bytes but the last, which holds 1 to 65,536, or 0 when the file is empty
(n = 0). So one plaintext has one length of ciphertext: 19 + size + 16 * max(1, ceil(size / 65536)). The key
serves one file; the prefix is random. A chunk that is cut off, moved, doubled or added fails its tag.
"""

from collections.abc import Iterable, Iterator
from typing import Protocol, Self

from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
)
from nacl.exceptions import CryptoError

KEY_BYTES = 32
PREFIX_BYTES = 19
CHUNK_BYTES = 65_536
TAG_BYTES = 16

_SEALED_CHUNK_BYTES = CHUNK_BYTES + TAG_BYTES
_MOST_CHUNKS = 2**32


class StreamError(ValueError):
    """The encrypted file was cut, reordered, extended or changed, or the key is another one."""


class Sink(Protocol):
    """Where a ``StreamWriter`` puts ciphertext: a file opened for writing bytes."""

    def write(self, data: bytes, /) -> object: ...


class _Sealer:
    """The running chunk count of one file and direction."""

    def __init__(self, key: bytes, prefix: bytes) -> None:
        if len(key) != KEY_BYTES:
            raise ValueError(f"a stream key has {KEY_BYTES} bytes")
        if len(prefix) != PREFIX_BYTES:
            raise ValueError(f"a stream prefix has {PREFIX_BYTES} bytes")
        self._key = key
        self._prefix = prefix
        self._index = 0

    def _nonce(self, *, last: bool) -> bytes:
        if self._index >= _MOST_CHUNKS:
            raise StreamError("more chunks than the counter holds")
        counter = self._index.to_bytes(4, "big")
        self._index += 1
        return self._prefix + counter + bytes([last])

    def seal(self, chunk: bytes, *, last: bool) -> bytes:
        nonce = self._nonce(last=last)
        return bytes(crypto_aead_xchacha20poly1305_ietf_encrypt(chunk, b"", nonce, self._key))

    def open(self, sealed: bytes, *, last: bool) -> bytes:
        index = self._index
        nonce = self._nonce(last=last)
        if len(sealed) < TAG_BYTES or (index and len(sealed) == TAG_BYTES):
            raise StreamError(f"chunk {index} is cut off")
        try:
            return bytes(crypto_aead_xchacha20poly1305_ietf_decrypt(sealed, b"", nonce, self._key))
        except CryptoError as error:
            raise StreamError(f"chunk {index} is not authentic") from error


def sealed_size(size: int) -> int:
    """Return the length in bytes of the encrypted file for a plaintext of ``size`` bytes."""
    return PREFIX_BYTES + size + TAG_BYTES * max(1, -(-size // CHUNK_BYTES))


def _cut(parts: Iterable[bytes], length: int) -> Iterator[tuple[bytes, bool]]:
    """Regroup ``parts`` into pieces of ``length`` bytes, and say which is the last; one always comes."""
    waiting = bytearray()
    for part in parts:
        waiting += part
        while len(waiting) > length:
            yield bytes(waiting[:length]), False
            del waiting[:length]
    yield bytes(waiting), True


def encrypt(plaintext: Iterable[bytes], key: bytes, prefix: bytes) -> Iterator[bytes]:
    """Yield the encrypted file: the prefix, then each chunk. ``prefix`` is 19 fresh random bytes.

    Raises ValueError on a key or prefix of the wrong length.
    """
    sealer = _Sealer(key, prefix)
    return _encrypted(sealer, plaintext, prefix)


def _encrypted(sealer: _Sealer, plaintext: Iterable[bytes], prefix: bytes) -> Iterator[bytes]:
    yield prefix
    for chunk, last in _cut(plaintext, CHUNK_BYTES):
        yield sealer.seal(chunk, last=last)


def decrypt(sealed: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    """Yield the plaintext chunk by chunk. Each yielded chunk is authentic, the file whole only at the end.

    Raises StreamError when anything was cut, moved, added or changed, ValueError on a key of another length.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a stream key has {KEY_BYTES} bytes")
    return _decrypted(sealed, key)


def _decrypted(sealed: Iterable[bytes], key: bytes) -> Iterator[bytes]:
    parts = iter(sealed)
    head = bytearray()
    while len(head) < PREFIX_BYTES:
        part = next(parts, None)
        if part is None:
            raise StreamError("the prefix is cut off")
        head += part
    opener = _Sealer(key, bytes(head[:PREFIX_BYTES]))
    for piece, last in _cut(_chain(bytes(head[PREFIX_BYTES:]), parts), _SEALED_CHUNK_BYTES):
        yield opener.open(piece, last=last)


def _chain(first: bytes, rest: Iterable[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


class StreamWriter:
    """A file-like object: what is written to it reaches ``sink`` encrypted, at most one chunk behind.

    Use it as a context manager. Leaving by an exception writes no last chunk, so the half file is refused.
    """

    def __init__(self, sink: Sink, key: bytes, prefix: bytes) -> None:
        self._sealer = _Sealer(key, prefix)
        self._sink = sink
        self._waiting = bytearray()
        self._size = 0
        self._closed = False
        sink.write(prefix)

    @property
    def size(self) -> int:
        """The number of plaintext bytes written so far."""
        return self._size

    def write(self, data: bytes) -> int:
        """Take plaintext; return its length. Raises ValueError after ``finish``."""
        if self._closed:
            raise ValueError("the stream is finished")
        self._waiting += data
        self._size += len(data)
        while len(self._waiting) > CHUNK_BYTES:
            self._sink.write(self._sealer.seal(bytes(self._waiting[:CHUNK_BYTES]), last=False))
            del self._waiting[:CHUNK_BYTES]
        return len(data)

    def finish(self) -> None:
        """Write the last chunk; the sink stays open. Raises ValueError when called twice."""
        if self._closed:
            raise ValueError("the stream is finished")
        self._closed = True
        self._sink.write(self._sealer.seal(bytes(self._waiting), last=True))
        self._waiting.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and not self._closed:
            self.finish()
