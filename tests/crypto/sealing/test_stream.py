import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.crypto.stream import (
    CHUNK_BYTES,
    PREFIX_BYTES,
    TAG_BYTES,
    StreamError,
    StreamWriter,
    decrypt,
    encrypt,
    sealed_size,
)

KEY = bytes(range(32))
PREFIX = bytes(range(100, 119))
SEALED_CHUNK = CHUNK_BYTES + TAG_BYTES
SIZES = [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 3 * CHUNK_BYTES + 5]


def sealed_file(size):
    return b"".join(encrypt([bytes(n % 251 for n in range(size))], KEY, PREFIX))


def opened(sealed):
    return b"".join(decrypt([sealed], KEY))


def chunks_of(sealed):
    body = sealed[PREFIX_BYTES:]
    return sealed[:PREFIX_BYTES], [body[at : at + SEALED_CHUNK] for at in range(0, len(body), SEALED_CHUNK)]


@pytest.mark.parametrize("size", SIZES)
def test_a_file_comes_back(size):
    sealed = sealed_file(size)
    assert len(sealed) == sealed_size(size)
    assert opened(sealed) == bytes(n % 251 for n in range(size))


@given(st.integers(0, 200_000), st.integers(1, 150_000), st.integers(1, 150_000))
def test_how_input_is_cut_changes_nothing(size, written, read):
    plaintext = bytes(size)
    parts = [plaintext[at : at + written] for at in range(0, size, written)]
    sealed = b"".join(encrypt(parts, KEY, PREFIX))
    assert sealed == b"".join(encrypt([plaintext], KEY, PREFIX))
    assert b"".join(decrypt((sealed[at : at + read] for at in range(0, len(sealed), read)), KEY)) == plaintext


@given(st.lists(st.binary(max_size=70_000), max_size=5))
def test_the_writer_writes_what_the_iterator_yields(parts):
    sink = io.BytesIO()
    with StreamWriter(sink, KEY, PREFIX) as writer:
        for part in parts:
            assert writer.write(part) == len(part)
    assert writer.size == sum(map(len, parts))
    assert sink.getvalue() == b"".join(encrypt(parts, KEY, PREFIX))


def test_the_writer_never_hands_plaintext_to_its_sink():
    sink = io.BytesIO()
    with StreamWriter(sink, KEY, PREFIX) as writer:
        for _ in range(5000):
            writer.write(b"the marker of this test. ")
    assert b"marker" not in sink.getvalue()


def test_a_writer_left_by_an_error_leaves_a_file_that_is_refused():
    sink = io.BytesIO()

    def broken_upload():
        with StreamWriter(sink, KEY, PREFIX) as writer:
            writer.write(bytes(200_000))
            raise ConnectionError

    with pytest.raises(ConnectionError):
        broken_upload()
    with pytest.raises(StreamError):
        opened(sink.getvalue())


def test_a_finished_writer_takes_nothing_more():
    writer = StreamWriter(io.BytesIO(), KEY, PREFIX)
    writer.finish()
    with pytest.raises(ValueError, match="finished"):
        writer.write(b"more")
    with pytest.raises(ValueError, match="finished"):
        writer.finish()


@pytest.mark.parametrize("size", [0, 1, 40])
def test_every_changed_byte_of_a_small_file_is_refused(size):
    sealed = sealed_file(size)
    for at in range(len(sealed)):
        changed = bytearray(sealed)
        changed[at] ^= 0x80
        with pytest.raises(StreamError):
            opened(bytes(changed))


@pytest.mark.parametrize("size", [0, 1, 40])
def test_every_shorter_file_is_refused(size):
    sealed = sealed_file(size)
    for length in range(len(sealed)):
        with pytest.raises(StreamError):
            opened(sealed[:length])


@pytest.mark.parametrize("size", SIZES[3:])
def test_a_file_cut_between_chunks_is_refused(size):
    prefix, chunks = chunks_of(sealed_file(size))
    for kept in range(len(chunks)):
        with pytest.raises(StreamError):
            opened(prefix + b"".join(chunks[:kept]))


def test_moved_doubled_missing_and_added_chunks_are_refused():
    prefix, (first, second, third, last) = chunks_of(sealed_file(SIZES[-1]))
    tampered = [
        [second, first, third, last],
        [first, first, second, third, last],
        [first, third, last],
        [first, second, third, last, last],
        [first, second, third, last + b"\0"],
        [first, second, last],
    ]
    for chunks in tampered:
        with pytest.raises(StreamError):
            opened(prefix + b"".join(chunks))


def test_an_empty_last_chunk_behind_full_ones_is_refused():
    prefix, (full,) = chunks_of(sealed_file(CHUNK_BYTES))
    writer = StreamWriter(sink := io.BytesIO(), KEY, PREFIX)
    writer._sink.write(writer._sealer.seal(bytes(n % 251 for n in range(CHUNK_BYTES)), last=False))
    writer.finish()
    assert len(sink.getvalue()) == len(prefix) + len(full) + TAG_BYTES
    with pytest.raises(StreamError, match="chunk 1 is cut off"):
        opened(sink.getvalue())


def test_another_key_is_refused():
    with pytest.raises(StreamError):
        list(decrypt([sealed_file(10)], bytes(32)))


def test_a_file_of_more_chunks_than_the_counter_holds_is_refused():
    writer = StreamWriter(io.BytesIO(), KEY, PREFIX)
    writer._sealer._index = 2**32
    with pytest.raises(StreamError, match="counter"):
        writer.finish()


def test_wrong_lengths_are_refused_at_once():
    with pytest.raises(ValueError, match="key"):
        encrypt([], bytes(31), PREFIX)
    with pytest.raises(ValueError, match="prefix"):
        encrypt([], KEY, bytes(18))
    with pytest.raises(ValueError, match="key"):
        decrypt([], bytes(33))
    with pytest.raises(ValueError, match="prefix"):
        StreamWriter(io.BytesIO(), KEY, b"")
