import hashlib
import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.crypto.hashchain import GENESIS, CanonicalError, ChainBrokenError, canonical, link, verify_chain

words = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
scalars = st.none() | st.booleans() | st.integers() | words
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(words, inner, max_size=3)
)
rows = st.dictionaries(words, values, max_size=4)


def chained(some_rows):
    hashes = list(itertools.accumulate(some_rows, link, initial=GENESIS))
    return list(zip(some_rows, hashes[1:], strict=True))


def test_the_canonical_form_is_sorted_compact_and_utf8():
    row = {"b": [1, True, None], "a": {"名": "原画", "y": "é\n"}}
    assert canonical(row) == '{"a":{"y":"é\\n","名":"原画"},"b":[1,true,null]}'.encode()


def test_a_link_is_the_hash_of_the_previous_hash_and_the_row():
    first = link(GENESIS, {"a": 1})
    assert first == hashlib.sha256(bytes(32) + b'{"a":1}').digest()
    assert link(first, {"a": 2}) == hashlib.sha256(first + b'{"a":2}').digest()


@pytest.mark.parametrize("value", [math.nan, math.inf, "\ud800", b"bytes", {1: "x"}, {"x": {2}}, [object()]])
def test_a_value_without_canonical_form_is_refused(value):
    with pytest.raises(CanonicalError):
        canonical({"x": value})


def test_bottomless_nesting_is_refused():
    row = {}
    for _ in range(100_000):
        row = {"x": row}
    with pytest.raises(CanonicalError, match="deeply"):
        canonical(row)
    while row:  # taken apart by hand: the interpreter would recurse to free it
        row = row["x"]


def test_a_short_previous_hash_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        link(b"short", {})


@given(rows)
def test_member_order_does_not_matter(row):
    assert canonical(dict(reversed(row.items()))) == canonical(row)


@given(st.lists(rows, max_size=5))
def test_an_untouched_chain_holds_and_returns_its_head(some_rows):
    chain = chained(some_rows)
    head = chain[-1][1] if chain else GENESIS
    assert verify_chain(iter(chain), head=head) == head


@given(st.lists(rows, min_size=1, max_size=5), st.data())
def test_a_changed_row_is_found_at_its_place(some_rows, data):
    chain = chained(some_rows)
    at = data.draw(st.integers(0, len(chain) - 1))
    chain[at] = ({**chain[at][0], "added by a thief": 1}, chain[at][1])
    with pytest.raises(ChainBrokenError) as broken:
        verify_chain(chain)
    assert broken.value.index == at


@given(st.integers(2, 6), st.data())
def test_swapped_and_missing_rows_are_found(count, data):
    chain = chained([{"n": n} for n in range(count)])
    at = data.draw(st.integers(0, count - 2))
    missing = chain[:at] + chain[at + 1 :]
    swapped = [*chain[:at], chain[at + 1], chain[at], *chain[at + 2 :]]
    for tampered in (missing, swapped):
        with pytest.raises(ChainBrokenError) as broken:
            verify_chain(tampered)
        assert broken.value.index == at


def test_rows_cut_off_at_the_end_are_found_with_the_published_head():
    chain = chained([{"n": n} for n in range(3)])
    assert verify_chain(chain[:2]) == chain[1][1]
    with pytest.raises(ChainBrokenError, match="expected head") as broken:
        verify_chain(chain[:2], head=chain[2][1])
    assert broken.value.index == 2


def test_a_chain_can_be_verified_from_the_middle():
    chain = chained([{"n": n} for n in range(4)])
    assert verify_chain(chain[2:], start=chain[1][1]) == chain[3][1]


def test_a_row_that_cannot_be_hashed_breaks_the_chain():
    with pytest.raises(ChainBrokenError, match="canonical form"):
        verify_chain([({"x": math.nan}, bytes(32))])
