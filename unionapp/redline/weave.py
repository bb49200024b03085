"""Laying two lists of changes over their common base: stretches untouched, changed by one, or by both."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from unionapp.redline.hunks import Hunk


class Shared(NamedTuple):
    """One stretch as (start, end) in the base, in mine and in theirs; together they cover all three."""

    base: tuple[int, int]
    mine: tuple[int, int]
    theirs: tuple[int, int]


def woven(
    sides: tuple[Sequence[Hunk], Sequence[Hunk]], touching: Callable[[int, int], bool], size: int
) -> Iterator[Shared]:
    """Yield the stretches of a base of `size` items in order.

    Changes go into one stretch when `touching(end of one, start of next)` says that too little lies between.
    """
    ends: tuple[int, ...] = (0, 0, 0)
    for start, end in _ranges(sides, touching):
        begins = (start, *(at + start - ends[0] for at in ends[1:]))
        if start > ends[0]:
            yield _shared(ends, begins)
        grown = [_growth(side, start, end) for side in sides]
        ends_after = (end, *(at + end - start + more for at, more in zip(begins[1:], grown, strict=True)))
        yield _shared(begins, ends_after)
        ends = ends_after
    if ends[0] < size:
        yield _shared(ends, (size, *(at + size - ends[0] for at in ends[1:])))


def _ranges(
    sides: tuple[Sequence[Hunk], Sequence[Hunk]], touching: Callable[[int, int], bool]
) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    for start, end in sorted((hunk.old, hunk.old_end) for side in sides for hunk in side):
        if ranges and touching(ranges[-1][1], start):
            ranges[-1] = (ranges[-1][0], max(ranges[-1][1], end))
        else:
            ranges.append((start, end))
    return ranges


def _growth(side: Sequence[Hunk], start: int, end: int) -> int:
    """Return by how many items the changes inside a range of the base made the side longer."""
    return sum(
        (hunk.new_end - hunk.new) - (hunk.old_end - hunk.old)
        for hunk in side
        if start <= hunk.old and hunk.old_end <= end
    )


def _shared(start: tuple[int, ...], end: tuple[int, ...]) -> Shared:
    base, mine, theirs = zip(start, end, strict=True)
    return Shared(base, mine, theirs)
