import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.crypto.padding import (
    PaddingError,
    file_filler,
    pad_text,
    padded_file_size,
    strip_file,
    unpad_text,
)


@given(st.binary(max_size=9000))
def test_padded_text_has_whole_steps_and_unpads(text):
    padded = pad_text(text)
    assert len(padded) % 4096 == 0
    assert 0 < len(padded) - len(text) <= 4096
    assert unpad_text(padded) == text


@pytest.mark.parametrize(
    "padded",
    [
        b"",
        b"\x80",
        bytes(4096),
        b"a" * 4096,
        b"a\x80" + bytes(4093),
        b"a\x80" + bytes(4095),
        b"a\x80" + bytes(8190),
        b"a\x80" + bytes(4093) + b"\x01",
    ],
)
def test_any_other_padding_is_refused(padded):
    with pytest.raises(PaddingError):
        unpad_text(padded)


# E = floor(log2 L), S = floor(log2 E) + 1, the last E - S bits are zero: worked by hand
@pytest.mark.parametrize(
    ("size", "padded"),
    [(0, 4096), (4095, 4096), (4096, 4352), (5000, 5120), (65_535, 65_536), (999_999, 1_015_808)],
)
def test_files_grow_to_the_padme_size(size, padded):
    assert padded_file_size(size) == padded


@given(st.integers(0, 2**40))
def test_a_padded_file_is_at_most_an_eighth_larger_and_never_shrinks(size):
    padded = padded_file_size(size)
    assert size < padded <= max(4096, (size + 1) * 1.12)
    assert padded <= padded_file_size(size + 1)


def test_a_negative_size_is_refused():
    with pytest.raises(ValueError, match="negative"):
        padded_file_size(-1)


@given(st.binary(max_size=6000), st.integers(1, 4000))
def test_a_padded_file_strips_to_itself_however_it_is_cut(content, step):
    padded = content + file_filler(len(content))
    assert len(padded) == padded_file_size(len(content))
    chunks = [padded[at : at + step] for at in range(0, len(padded), step)]
    assert b"".join(strip_file(chunks, len(content))) == content


@pytest.mark.parametrize("change", ["short", "long", "marker", "bit", "size up", "size down"])
def test_a_wrong_filler_is_refused(change):
    content = b"c" * 5000
    padded = bytearray(content + file_filler(5000))
    size = {"size up": 5001, "size down": 4999}.get(change, 5000)
    if change == "short":
        padded.pop()
    elif change == "long":
        padded.append(0)
    elif change == "marker":
        padded[5000] = 0
    elif change == "bit":
        padded[-1] = 1
    with pytest.raises(PaddingError):
        list(strip_file([bytes(padded)], size))
