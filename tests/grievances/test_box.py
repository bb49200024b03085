"""Uploads: ciphertext from the first byte, nothing left behind."""

import os
import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.grievances import send
from unionapp.crypto.padding import padded_file_size
from unionapp.crypto.stream import StreamError, sealed_size
from unionapp.grievances.intake import box
from unionapp.grievances.intake.box import Uploads

pytestmark = pytest.mark.engine_free

MARKER = b"MARKER-IN-A-FILE-5c1d"


def test_what_reaches_the_disk_is_sealed_while_it_arrives(tmp_path):
    uploads = Uploads(tmp_path)
    upload = uploads.open()
    for _ in range(40):
        upload.write(MARKER * 1000)
        assert MARKER not in upload.path.read_bytes()
    upload.seek(0)
    assert MARKER not in upload.path.read_bytes()
    content = box.opened(upload.path, uploads.report_key, upload.id, upload.size)
    assert b"".join(content()) == MARKER * 40_000


@given(content=st.binary(min_size=1, max_size=200_000))
def test_files_come_back_whole_and_padded(tmp_path_factory, content):
    uploads = Uploads(tmp_path_factory.mktemp("box"))
    upload = send(uploads, "a", content).upload
    assert b"".join(box.opened(upload.path, uploads.report_key, upload.id, upload.size)()) == content
    assert upload.path.stat().st_size == sealed_size(padded_file_size(len(content)))


def test_an_upload_cannot_be_read_back(tmp_path):
    with pytest.raises(OSError, match="sealed as it arrives"):
        Uploads(tmp_path).open().read()


def test_resealing_changes_the_key_and_nothing_else(tmp_path):
    uploads, other = Uploads(tmp_path), bytes(32)
    upload = send(uploads, "a", MARKER * 9000).upload
    upload.reseal(uploads.report_key, other)
    assert b"".join(box.opened(upload.path, other, upload.id, upload.size)()) == MARKER * 9000
    with pytest.raises(StreamError):
        box.opened(upload.path, uploads.report_key, upload.id, upload.size)
    assert list(tmp_path.iterdir()) == [upload.path]


@pytest.mark.parametrize("place", [0, 19, 30_000, -1])
def test_a_changed_file_is_refused_before_its_first_byte_is_handed_out(tmp_path, place):
    uploads = Uploads(tmp_path)
    upload = send(uploads, "a", MARKER * 9000).upload
    data = bytearray(upload.path.read_bytes())
    data[place] ^= 1
    upload.path.write_bytes(data)
    with pytest.raises(StreamError):
        box.opened(upload.path, uploads.report_key, upload.id, upload.size)


def test_too_large_a_file_is_dropped_while_it_arrives(tmp_path):
    upload = Uploads(tmp_path, limit=1000).open()
    upload.write(b"x" * 900)
    assert upload.path.exists()
    upload.write(b"x" * 900)
    upload.write(b"x" * 900)
    upload.seek(0)
    assert upload.too_large
    assert list(tmp_path.iterdir()) == []


def test_files_beyond_the_number_taken_never_reach_the_disk(tmp_path):
    uploads = Uploads(tmp_path, most=2)
    for number in range(9):
        send(uploads, str(number), b"x")
    assert len(list(tmp_path.iterdir())) == 3  # one more than is taken, so that the form can refuse it


def test_unclaimed_files_go_and_kept_ones_stay_without_a_time(tmp_path):
    uploads = Uploads(tmp_path)
    kept, lost = send(uploads, "a", b"x").upload, send(uploads, "b", b"x").upload
    kept.keep()
    uploads.discard()
    assert list(tmp_path.iterdir()) == [kept.path]
    assert kept.path.stat().st_mtime == 0
    assert not lost.path.exists()
    assert kept.path.stat().st_mode & 0o077 == 0


def test_the_sweep_takes_lost_files_and_leaves_known_and_arriving_ones(tmp_path):
    ids = {name: uuid.uuid4() for name in ("known", "lost", "old", "arriving")}
    for each in ids.values():
        (tmp_path / each.hex).write_bytes(b"x")
    now = 1_800_000_000.0
    for name, time in (("known", 0), ("lost", 0), ("old", now - 90_000), ("arriving", now - 60)):
        os.utime(tmp_path / ids[name].hex, (time, time))
    assert box.sweep(tmp_path, {ids["known"]}, now=now) == 2
    assert {path.name for path in tmp_path.iterdir()} == {ids["known"].hex, ids["arriving"].hex}
    assert box.sweep(tmp_path / "nowhere", set(), now=now) == 0
