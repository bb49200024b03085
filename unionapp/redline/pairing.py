"""Which changed block became which: the best pairing in order by likeness, within a bounded band."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Indel

from unionapp.redline.matching import Work

ALIKE: Final = 0.4
"""Blocks that share fewer of their tokens than this were not rewritten but replaced."""
BAND_CELLS: Final = 60_000
"""Pairs of blocks looked at in one gap; a gap of more rows than this still gets three pairs a row."""
TABLE_CELLS: Final = 1_000_000_000
"""Token by token cells (64 to a machine word) spent in one gap before the band gets narrower."""
EXACT_CELLS: Final = 1_000_000
"""Above this product of token counts, likeness is judged by the tokens' numbers, not their order."""


def likeness(old: list[int], new: list[int], work: Work) -> float:
    """Return the shared part of two token sequences from 0 to 1, or 0 when it is below ALIKE."""
    work.items += len(old) + len(new)
    shorter, longer = sorted((len(old), len(new)))
    if 2 * shorter < ALIKE * (shorter + longer):
        return 0.0
    if len(old) * len(new) > EXACT_CELLS:
        shared = sum((Counter(old) & Counter(new)).values())
        ratio = 2 * shared / (len(old) + len(new))
        return ratio if ratio >= ALIKE else 0.0
    work.cells += len(old) * len(new)
    return float(Indel.normalized_similarity(old, new, score_cutoff=ALIKE))


def pairs(old: Sequence[list[int]], new: Sequence[list[int]], work: Work) -> list[tuple[int, int]]:
    """Pair blocks, given as token numbers, in order, so that the sum of their likeness is greatest.

    Only a band of columns around the diagonal is looked at, so the work is bounded; BAND_CELLS sets its area.
    """
    if not old or not new:
        return []
    half = _half_width(old, new)
    rows: list[_Row] = []
    above = _Row(1, [0.0], [])
    for index, block in enumerate(old):
        above = _row(block, new, _band(1 + index * len(new) // len(old), half, len(new)), above, work)
        rows.append(above)
    return _walk_back(rows, len(new))


@dataclass(frozen=True)
class _Row:
    """One row of the table: `best[k]` is the value up to column `first - 1 + k`; `steps` say how it came."""

    first: int
    best: list[float]
    steps: list[str]

    def at(self, column: int) -> float:
        return self.best[min(max(column - self.first + 1, 0), len(self.best) - 1)]


def _half_width(old: Sequence[list[int]], new: Sequence[list[int]]) -> int:
    """Return how many columns beside the diagonal are affordable: fewer for more rows and longer blocks."""
    area = sum(map(len, old)) * sum(map(len, new)) // (len(old) * len(new))
    return max(1, min(BAND_CELLS, TABLE_CELLS // max(area, 1)) // (2 * len(old)))


def _band(middle: int, half: int, columns: int) -> range:
    return range(max(1, middle - half), min(columns, middle + half) + 1)


def _row(block: list[int], new: Sequence[list[int]], band: range, above: _Row, work: Work) -> _Row:
    best, steps = [above.at(band.start - 1)], []
    for column in band:
        score = likeness(block, new[column - 1], work)
        paired = above.at(column - 1) + score
        skipped = max(best[-1], above.at(column))
        if score and paired >= skipped:
            steps.append("pair")
            best.append(paired)
        else:
            steps.append("left" if best[-1] >= above.at(column) else "up")
            best.append(skipped)
    return _Row(band.start, best, steps)


def _walk_back(rows: list[_Row], columns: int) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    index, column = len(rows) - 1, columns
    while index >= 0 and column >= 1:
        row = rows[index]
        column = min(column, row.first + len(row.steps) - 1)
        step = row.steps[column - row.first] if column >= row.first else "up"
        if step == "pair":
            chosen.append((index, column - 1))
        index -= step in ("pair", "up")
        column -= step in ("pair", "left")
    return chosen[::-1]
