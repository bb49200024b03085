"""The changed stretches between two texts, as offsets: blocks are aligned first, then their tokens."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Final, NamedTuple

from unionapp.redline.matching import Numbering, Region, Work, gaps, matches
from unionapp.redline.pairing import pairs
from unionapp.redline.segmentation import blocks, tokens

NOISE: Final = 6
"""A kept piece this many times smaller than the replacements on both sides of it is taken into them."""


class Hunk(NamedTuple):
    """`old:old_end` of the one text was replaced by `new:new_end` of the other; either may be empty."""

    old: int
    old_end: int
    new: int
    new_end: int

    @property
    def width(self) -> int:
        """The characters replaced: the smaller of both counts, so 0 for a mere insertion or deletion."""
        return min(self.old_end - self.old, self.new_end - self.new)


@dataclass
class _Side:
    """One text in blocks, with the offset of each and the tokens of those that were asked for."""

    text: str
    blocks: list[str]
    numbering: Numbering
    offsets: list[int] = field(default_factory=list)
    words: dict[int, tuple[list[str], list[int]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.offsets = [0, *accumulate(map(len, self.blocks))]

    def tokens(self, block: int) -> tuple[list[str], list[int]]:
        if block not in self.words:
            cut = tokens(self.blocks[block])
            self.words[block] = (cut, self.numbering.of(cut))
        return self.words[block]

    def numbers(self, start: int, end: int) -> list[list[int]]:
        return [self.tokens(block)[1] for block in range(start, end)]


def changed(old: str, new: str, work: Work) -> list[Hunk]:
    """Return the hunks between two texts in order; between two of them at least one character stayed."""
    if old == new:
        return []
    numbering = Numbering()
    ours, theirs = _Side(old, blocks(old), numbering), _Side(new, blocks(new), numbering)
    lines = Numbering()
    found = matches(lines.of(ours.blocks), lines.of(theirs.blocks), work, direct_cells=0)
    raw = [
        hunk
        for gap in gaps(found, len(ours.blocks), len(theirs.blocks))
        for hunk in _in_blocks(ours, theirs, gap, work)
    ]
    return _cleaned(old, _touching_joined(raw))


def _in_blocks(ours: _Side, theirs: _Side, gap: Region, work: Work) -> Iterator[Hunk]:
    chosen = pairs(ours.numbers(gap.old, gap.old_end), theirs.numbers(gap.new, gap.new_end), work)
    at, new_at = gap.old, gap.new
    for row, column in chosen:
        block, other = gap.old + row, gap.new + column
        yield _whole(ours, theirs, Region(at, block, new_at, other))
        yield from _in_tokens(ours, theirs, block, other, work)
        at, new_at = block + 1, other + 1
    yield _whole(ours, theirs, Region(at, gap.old_end, new_at, gap.new_end))


def _whole(ours: _Side, theirs: _Side, region: Region) -> Hunk:
    return Hunk(
        ours.offsets[region.old],
        ours.offsets[region.old_end],
        theirs.offsets[region.new],
        theirs.offsets[region.new_end],
    )


def _in_tokens(ours: _Side, theirs: _Side, block: int, other: int, work: Work) -> Iterator[Hunk]:
    words, numbers = ours.tokens(block)
    new_words, new_numbers = theirs.tokens(other)
    places = [*accumulate(map(len, words), initial=ours.offsets[block])]
    new_places = [*accumulate(map(len, new_words), initial=theirs.offsets[other])]
    found = matches(numbers, new_numbers, work)
    for gap in gaps(found, len(words), len(new_words)):
        yield Hunk(places[gap.old], places[gap.old_end], new_places[gap.new], new_places[gap.new_end])


def _touching_joined(hunks: Iterable[Hunk]) -> list[Hunk]:
    joined: list[Hunk] = []
    for hunk in hunks:
        if hunk.old == hunk.old_end and hunk.new == hunk.new_end:
            continue
        if joined and joined[-1].old_end == hunk.old and joined[-1].new_end == hunk.new:
            joined[-1] = _spanning(joined[-1], hunk)
        else:
            joined.append(hunk)
    return joined


def _cleaned(old: str, hunks: list[Hunk]) -> list[Hunk]:
    """Take into one replacement what only chance or a space keeps apart."""
    cleaned: list[Hunk] = []
    for hunk in hunks:
        if cleaned and _belong_together(old, cleaned[-1], hunk):
            cleaned[-1] = _spanning(cleaned[-1], hunk)
        else:
            cleaned.append(hunk)
    return cleaned


def _belong_together(old: str, left: Hunk, right: Hunk) -> bool:
    width = min(left.width, right.width)
    kept = right.old - left.old_end
    if not width or kept > max(width, 1):
        return False
    between = old[left.old_end : right.old]
    if "\n" in between or "\r" in between:
        return False
    return between.isspace() or kept * NOISE <= width


def _spanning(left: Hunk, right: Hunk) -> Hunk:
    return Hunk(left.old, right.old_end, left.new, right.new_end)
