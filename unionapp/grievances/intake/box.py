"""Where uploads fall: ciphertext from the first byte, on a disk that never holds them in clear.

A file arrives under a key made for this one request (``attachment_key`` of a random report key). If that key
becomes the case's, the file stays as it is; if the case has a key already, the file is sealed again, chunk
by chunk in memory. Files that no case claims are removed; without their key nobody can read them anyway.
"""

import io
import os
import secrets
import uuid
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO, NoReturn

from unionapp.crypto import stream
from unionapp.crypto.case_format import REPORT_KEY_BYTES, attachment_key
from unionapp.crypto.padding import file_filler, strip_file

READ_BYTES = 1 << 20
MOST_FILES = 3
MOST_BYTES_A_FILE = 20 * 1024 * 1024
STALE_SECONDS = 24 * 60 * 60
UNTIMED = (0, 0)  # a kept file says nothing of when it came


class SealedUpload(io.RawIOBase):
    """A file while it arrives: write-only, and all that reaches the disk is sealed.

    Nothing is created before the first byte. Over the limit the file is removed and the rest is dropped, so
    that the form's other fields can still be read.
    """

    def __init__(self, folder: Path, report_key: bytes, limit: int) -> None:
        super().__init__()
        self.id = uuid.uuid4()
        self.path = folder / self.id.hex
        self.size = 0
        self.too_large = False
        self.kept = False
        self._key = attachment_key(report_key, self.id.hex)
        self._limit = limit
        self._file: BinaryIO | None = None
        self._writer: stream.StreamWriter | None = None

    def write(self, data: object, /) -> int:
        """Take the next bytes of the upload."""
        taken = bytes(data)  # type: ignore[call-overload]  # the buffer protocol has no name in 3.11
        self.size += len(taken)
        if self.size > self._limit:
            self.too_large = True
            self.discard()
        elif taken:
            self._opened().write(taken)
        return len(taken)

    def seek(self, offset: int, whence: int = 0, /) -> int:  # noqa: ARG002  # the reader's only call is seek(0)
        """Mark the end of the upload; what was written cannot be read back from here."""
        self._finish()
        return 0

    def read(self, _size: int = -1, /) -> NoReturn:
        """Raise: the plaintext is gone."""
        raise io.UnsupportedOperation("an upload is sealed as it arrives")

    def keep(self) -> None:
        """Leave the file to the case that claimed it."""
        self.kept = True
        os.utime(self.path, UNTIMED)

    def discard(self) -> None:
        """Remove what was written, unless a case keeps it."""
        if self._file is not None:
            self._file.close()
            self._file = self._writer = None
        if not self.kept:
            self.path.unlink(missing_ok=True)

    def reseal(self, old_key: bytes, new_key: bytes) -> None:
        """Seal the finished file again, from one report key to another."""
        fresh = self.path.with_suffix(".fresh")
        plain = stream.decrypt(_pieces(self.path), attachment_key(old_key, self.id.hex))
        with _create(fresh) as file:
            prefix = secrets.token_bytes(stream.PREFIX_BYTES)
            for sealed in stream.encrypt(plain, attachment_key(new_key, self.id.hex), prefix):
                file.write(sealed)
        fresh.replace(self.path)

    def _opened(self) -> stream.StreamWriter:
        if self._writer is None:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._file = _create(self.path)
            self._writer = stream.StreamWriter(
                self._file, self._key, secrets.token_bytes(stream.PREFIX_BYTES)
            )
        return self._writer

    def _finish(self) -> None:
        if self._writer is None or self._file is None:
            return
        self._writer.write(file_filler(self.size))
        self._writer.finish()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        self._file = self._writer = None


class Uploads:
    """The files of one request, sealed under one random report key."""

    def __init__(self, folder: Path, *, most: int = MOST_FILES, limit: int = MOST_BYTES_A_FILE) -> None:
        self.report_key = secrets.token_bytes(REPORT_KEY_BYTES)
        self._folder = folder
        self._most = most
        self._limit = limit
        self._files: list[SealedUpload] = []

    def open(self) -> SealedUpload:
        """Return the stream for one more file; beyond the most that are taken it only counts bytes."""
        limit = self._limit if len(self._files) < self._most + 1 else 0
        upload = SealedUpload(self._folder, self.report_key, limit)
        self._files.append(upload)
        return upload

    def discard(self) -> None:
        """Remove every file that no case has claimed."""
        for upload in self._files:
            upload.discard()


def opened(
    path: Path, report_key: bytes, attachment_id: uuid.UUID, size: int
) -> Callable[[], Iterator[bytes]]:
    """Return how to read a sealed file: each call yields its bytes from the start.

    The whole file is checked here, so that nothing is handed out of a changed one. Raises
    crypto.stream.StreamError, crypto.padding.PaddingError, FileNotFoundError.
    """
    key = attachment_key(report_key, attachment_id.hex)

    def content() -> Iterator[bytes]:
        return strip_file(stream.decrypt(_pieces(path), key), size)

    for _ in content():
        pass
    return content


def remove(folder: Path, ids: Collection[uuid.UUID]) -> None:
    """Remove the files of a deleted case."""
    for each in ids:
        (folder / each.hex).unlink(missing_ok=True)


def sweep(folder: Path, known: Collection[uuid.UUID], *, now: float) -> int:
    """Remove what crashed requests left behind: files of no case, but none that may still be arriving.

    ``now`` is in seconds since 1970. Returns how many files were removed.
    """
    names = {each.hex for each in known}
    horizon = now - STALE_SECONDS
    lost = [
        path
        for path in (folder.iterdir() if folder.is_dir() else ())
        if path.name not in names and (path.stat().st_mtime == 0 or path.stat().st_mtime < horizon)
    ]
    for path in lost:
        path.unlink(missing_ok=True)
    return len(lost)


def _create(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(READ_BYTES):
            yield piece
