"""Files that are no archive: refused as such, without a traceback."""

import os
import socket

import pytest

from unionapp.crypto.belenios import archive as archives
from unionapp.crypto.belenios.errors import VerificationError
from unionapp.crypto.belenios.verify import verify_archive, verify_file


def refused(raw, pattern):
    with pytest.raises(VerificationError, match=pattern):
        verify_archive(raw, jobs=1)


@pytest.mark.parametrize(
    "raw", [b"", b"\0", bytes(4096), b"{}", b"\xff" * 3000, os.urandom(5000), b"[" * 100_000]
)
def test_what_is_no_archive_is_refused_as_such(raw, tmp_path):
    refused(raw, r"^archive: ")
    path = tmp_path / "x.bel"
    path.write_bytes(raw)
    with pytest.raises(VerificationError, match=r"^archive: "):
        verify_file(path)


def test_what_is_no_regular_file_is_refused(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe", tmp_path / "none", "/dev/zero", "x\0y", "a" * 5000):
        with pytest.raises(VerificationError, match=r"^archive: "):
            verify_file(path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        with pytest.raises(VerificationError, match=r"^archive: cannot be read"):
            verify_file(tmp_path / "s")


def test_a_file_that_lies_about_its_size_is_refused(held, tmp_path):
    path = tmp_path / "x.bel"
    path.write_bytes(held.archive.to_bytes())
    os.truncate(path, archives.MAX_BYTES + 1)
    with pytest.raises(VerificationError, match=r"^archive: larger than"):
        verify_file(path)
    raw = held.archive.to_bytes()
    lie = raw[: 1024 + 124] + b"77777777777" + raw[1024 + 135 :]
    refused(lie, r"^event 0: the archive is cut off")


def test_the_header_is_read_strictly(held):
    for header in (
        b'{"version":2,"timestamp":"5"}',
        b'{"version":true,"timestamp":"5"}',
        b'{"version":1,"timestamp":5}',
        b'{"version":1,"timestamp":"9999999999"}',
        b'{"version":1,"timestamp":"05"}',
        b'{"version":1, "timestamp":"5"}',
        b'{"timestamp":"5","version":1}',
        b"[" * 400,
    ):
        refused(archives._entry("BELENIOS", header, 5), r"^archive: ")
    refused(
        archives._entry("BELENIOS", b'{"version":1,"timestamp":"5"}', 5),
        r"^archive: the archive holds no event",
    )
    refused(archives._entry("BELENIOS", b'{"version":1,"timestamp":"6"}', 5), r"^archive: the header's entry")
