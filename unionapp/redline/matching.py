"""What two sequences have in common, in order, with work that stays bounded whatever they contain.

Steps: equal ends are set aside; items (then runs of eight, then of twenty-four) that occur exactly once on
both sides become fixed points, as in Bram Cohen's patience diff; what lies between is compared by the longest
common subsequence while it is small enough, and is otherwise left as wholly different.
"""

from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

DIRECT_CELLS: Final = 250_000
"""Up to this product of lengths, the longest common subsequence is taken at once."""
MOST_CELLS: Final = 100_000_000
"""Beyond this product of lengths (12 MB of bits) nothing is compared any more."""
MOST_DEPTH: Final = 6
RUNS: Final = (1, 8, 24)


class Match(NamedTuple):
    """`size` equal items, from `old` in the one sequence and from `new` in the other."""

    old: int
    new: int
    size: int


class Region(NamedTuple):
    """A stretch of both sequences still to be compared."""

    old: int
    old_end: int
    new: int
    new_end: int

    @property
    def size(self) -> int:
        return self.old_end - self.old + self.new_end - self.new

    @property
    def cells(self) -> int:
        return (self.old_end - self.old) * (self.new_end - self.new)


@dataclass
class Work:
    """What a comparison cost: items looked at, table cells (64 to a machine word), regions given up."""

    items: int = 0
    cells: int = 0
    given_up: int = 0


@dataclass
class Numbering:
    """Equal things get equal numbers, so that comparing them costs the same however long they are."""

    numbers: dict[Hashable, int] = field(default_factory=dict)

    def of(self, things: Sequence[Hashable]) -> list[int]:
        numbers = self.numbers
        return [numbers.setdefault(thing, len(numbers)) for thing in things]


def matches(old: list[int], new: list[int], work: Work, direct_cells: int = DIRECT_CELLS) -> list[Match]:
    """Return the common runs of two numbered sequences, ascending, adjacent runs joined."""
    found: list[Match] = []
    pending = [(Region(0, len(old), 0, len(new)), 0)]
    while pending:
        region, depth = pending.pop()
        region, ends = _set_ends_aside(old, new, region)
        found.extend(ends)
        work.items += region.size + sum(end.size for end in ends)
        if not region.cells:
            continue
        searched = region.cells > direct_cells and depth < MOST_DEPTH
        anchors = _anchors(old, new, region, work) if searched else []
        if anchors:
            found.extend(anchors)
            pending.extend((gap, depth + 1) for gap in _between(region, anchors))
        elif region.cells <= MOST_CELLS:
            work.cells += region.cells
            found.extend(_common(old, new, region))
        else:
            work.given_up += 1
    return _joined(found)


def gaps(found: Sequence[Match], old_size: int, new_size: int) -> Iterator[Region]:
    """Yield what lies before, between and after the matches, if anything does."""
    for gap in _between(Region(0, old_size, 0, new_size), found):
        if gap.old < gap.old_end or gap.new < gap.new_end:
            yield gap


def _set_ends_aside(old: list[int], new: list[int], region: Region) -> tuple[Region, list[Match]]:
    lo, hi, new_lo, new_hi = region
    head = _equal_length(old, new, lo, new_lo, min(hi - lo, new_hi - new_lo))
    ends = [Match(lo, new_lo, head)] if head else []
    lo, new_lo = lo + head, new_lo + head
    tail, most = 0, min(hi - lo, new_hi - new_lo)
    while tail < most and old[hi - tail - 1] == new[new_hi - tail - 1]:
        tail += 1
    if tail:
        ends.append(Match(hi - tail, new_hi - tail, tail))
    return Region(lo, hi - tail, new_lo, new_hi - tail), ends


def _equal_length(old: list[int], new: list[int], at: int, new_at: int, most: int) -> int:
    size = 0
    while size < most and old[at + size] == new[new_at + size]:
        size += 1
    return size


def _anchors(old: list[int], new: list[int], region: Region, work: Work) -> list[Match]:
    for run in RUNS:
        work.items += region.size
        ours = _once(old, region.old, region.old_end, run)
        theirs = _once(new, region.new, region.new_end, run)
        pairs = [(at, theirs[key]) for key, at in ours.items() if key in theirs]
        if pairs:
            return [Match(at, new_at, 1) for at, new_at in _rising(pairs)]
    return []


def _once(items: list[int], start: int, end: int, run: int) -> dict[Hashable, int]:
    """Map every run of items that occurs exactly once to its place, in order of place."""
    seen: dict[Hashable, int] = {}
    for at in range(start, end - run + 1):
        key: Hashable = items[at] if run == 1 else tuple(items[at : at + run])
        seen[key] = -1 if key in seen else at
    return {key: at for key, at in seen.items() if at >= 0}


def _rising(pairs: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest chain of pairs that rises on both sides; the pairs come in order of the first."""
    tails: list[int] = []
    tail_pairs: list[int] = []
    before: list[int] = []
    for index, (_, new_at) in enumerate(pairs):
        place = bisect_left(tails, new_at)
        before.append(tail_pairs[place - 1] if place else -1)
        tails[place : place + 1] = [new_at]
        tail_pairs[place : place + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = tail_pairs[-1]
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]


def _between(region: Region, found: Sequence[Match]) -> Iterator[Region]:
    at, new_at = region.old, region.new
    for match in found:
        yield Region(at, match.old, new_at, match.new)
        at, new_at = match.old + match.size, match.new + match.size
    yield Region(at, region.old_end, new_at, region.new_end)


def _common(old: list[int], new: list[int], region: Region) -> Iterator[Match]:
    codes = Indel.opcodes(old[region.old : region.old_end], new[region.new : region.new_end])
    for code in codes:
        if code.tag == "equal":
            size = code.src_end - code.src_start
            yield Match(region.old + code.src_start, region.new + code.dest_start, size)


def _joined(found: list[Match]) -> list[Match]:
    joined: list[Match] = []
    for match in sorted(found):
        last = joined[-1] if joined else None
        if last and last.old + last.size == match.old and last.new + last.size == match.new:
            joined[-1] = Match(last.old, last.new, last.size + match.size)
        else:
            joined.append(match)
    return joined
