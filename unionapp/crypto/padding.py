"""Hiding lengths: text in steps of 4 KiB, files by Padmé.

Both append the byte 0x80 and then zero bytes (ISO/IEC 7816-4), inside the encryption. A padded text is the
shortest multiple of 4,096 bytes that holds text and marker. A padded file has ``padded_file_size(size)``
bytes: Padmé of size + 1, never under 4,096 (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files
and Communication with PURBs", PoPETs 2019). Padmé rounds a length L up so that its binary form ends in
E - S zeros, E = floor(log2 L), S = floor(log2 E) + 1; it costs at most 12 %.
"""

from collections.abc import Iterable, Iterator

STEP_BYTES = 4096
SMALLEST_FILE_BYTES = 4096

_MARKER = b"\x80"


class PaddingError(ValueError):
    """The padding is not the one and only padding of its content."""


def pad_text(text: bytes) -> bytes:
    """Pad to the next multiple of 4,096 bytes; at least one byte is added."""
    filler = STEP_BYTES - 1 - len(text) % STEP_BYTES
    return text + _MARKER + bytes(filler)


def unpad_text(padded: bytes) -> bytes:
    """Undo ``pad_text``. Raises PaddingError for anything it cannot have made."""
    text = padded.rstrip(b"\0")
    if not text.endswith(_MARKER):
        raise PaddingError("the marker is missing")
    if len(pad_text(text[:-1])) != len(padded):
        raise PaddingError("the padded length is not the shortest step")
    return text[:-1]


def padded_file_size(size: int) -> int:
    """Return the padded length of a file of ``size`` bytes. Raises ValueError when it is negative."""
    if size < 0:
        raise ValueError("a size is not negative")
    return max(SMALLEST_FILE_BYTES, _padme(size + 1))


def _padme(length: int) -> int:
    exponent = length.bit_length() - 1
    kept_bits = exponent.bit_length()
    step = 1 << max(0, exponent - kept_bits)
    return -(-length // step) * step


def file_filler(size: int) -> bytes:
    """Return the bytes that follow a file of ``size`` bytes: at most 12 % of it, or 4,096."""
    return _MARKER + bytes(padded_file_size(size) - size - 1)


def strip_file(chunks: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Yield the first ``size`` bytes of a padded file and check every byte behind them.

    Raises PaddingError, for a wrong filler only after the content: take nothing for whole before the end.
    """
    taken = 0
    filler = bytearray()
    expected = file_filler(size)
    for chunk in chunks:
        content = chunk[: size - taken]
        taken += len(content)
        filler += chunk[len(content) :]
        if len(filler) > len(expected):
            raise PaddingError("longer than its padded size")
        if content:
            yield content
    if taken != size or filler != expected:
        raise PaddingError("the filler is not the one of this size")
