"""Two versions side by side: units aligned by their identity, words by the redline."""

import uuid
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from unionapp.bargaining.models import Document, Part
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.redline import Op, list_of_changes, redline, summary


class UnitFate(StrEnum):
    """What became of a unit between two versions."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class UnitComparison:
    """One unit in both versions. `moved`: it stands elsewhere among its siblings, or under another."""

    part: Part
    fate: UnitFate
    moved: bool
    renumbered: bool
    old_number: dict[str, str]
    new_number: dict[str, str]
    ops: dict[str, list[Op]]

    @property
    def touched(self) -> bool:
        return self.fate is not UnitFate.SAME or self.moved


@dataclass(frozen=True)
class Totals:
    """How much differs: units by fate, and per language the characters that came and went."""

    added: int
    removed: int
    changed: int
    moved: int
    characters_added: dict[str, int]
    characters_removed: dict[str, int]


@dataclass(frozen=True)
class Comparison:
    """Two versions of one agreement, in the new one's order; removed units where they stood."""

    units: list[UnitComparison]
    totals: Totals

    @property
    def empty(self) -> bool:
        return not any(unit.touched for unit in self.units)


def compare(old: Document, new: Document) -> Comparison:
    """Compare two versions of one agreement, as readers see them: a changed number in a reference shows."""
    moved = _moved(old, new)
    units = [_unit(old, new, unit_id, unit_id in moved) for unit_id in _order(old, new)]
    return Comparison(units, _totals(units))


def spoken_changes(comparison: UnitComparison, language: str, translate: Callable[[str], str]) -> list[str]:
    """Return a unit's changes in one language as sentences."""
    ops = comparison.ops[language]
    return list_of_changes(ops, translate) if any(op.kind != "equal" for op in ops) else []


def _unit(old: Document, new: Document, unit_id: uuid.UUID, moved: bool) -> UnitComparison:  # noqa: FBT001
    before, after = old.by_id.get(unit_id), new.by_id.get(unit_id)
    part = after or before
    if part is None:
        raise KeyError(unit_id)
    ops: dict[str, list[Op]] = {
        language: redline(
            old.read(before, language) if before else "", new.read(after, language) if after else ""
        )
        for language in LANGUAGES
    }
    nothing = {"ja": "", "en": ""}
    marks = [
        document.numbers[unit_id].mark if present else nothing
        for document, present in ((old, before), (new, after))
    ]
    fate = UnitFate.SAME
    if before is None:
        fate = UnitFate.ADDED
    elif after is None:
        fate = UnitFate.REMOVED
    elif any(op.kind != "equal" for each in ops.values() for op in each):
        fate = UnitFate.CHANGED
    renumbered = bool(before and after) and marks[0] != marks[1]
    return UnitComparison(part, fate, moved, renumbered, marks[0], marks[1], ops)


def _order(old: Document, new: Document) -> list[uuid.UUID]:
    """Return the new order with each removed unit behind what it followed."""
    order = [part.id for part in new.parts]
    last: uuid.UUID | None = None
    for part in old.parts:
        if part.id not in new.by_id:
            order.insert(order.index(last) + 1 if last else 0, part.id)
        last = part.id
    return order


def _moved(old: Document, new: Document) -> set[uuid.UUID]:
    """Return the units that stand elsewhere; the longest run that kept its order counts as not moved."""
    both = old.by_id.keys() & new.by_id.keys()
    moved = {unit_id for unit_id in both if old.by_id[unit_id].parent != new.by_id[unit_id].parent}
    for parent in {old.by_id[unit_id].parent for unit_id in both - moved}:
        place = {part.id: index for index, part in enumerate(old.children(parent))}
        order = [part.id for part in new.children(parent) if part.id in both - moved]
        kept = _longest_rise([place[unit_id] for unit_id in order])
        moved |= {unit_id for index, unit_id in enumerate(order) if index not in kept}
    return moved


def _longest_rise(values: list[int]) -> set[int]:
    """Return the indexes of a longest rising run (patience sorting, Fredman 1975)."""
    ends: list[int] = []
    before: list[int | None] = []
    for index, value in enumerate(values):
        place = bisect_left([values[end] for end in ends], value)
        before.append(ends[place - 1] if place else None)
        ends[place : place + 1] = [index]
    kept: set[int] = set()
    at = ends[-1] if ends else None
    while at is not None:
        kept.add(at)
        at = before[at]
    return kept


def _totals(units: list[UnitComparison]) -> Totals:
    fates = [unit.fate for unit in units]
    figures = {
        language: [summary(unit.ops[language]) for unit in units if unit.touched] for language in LANGUAGES
    }
    return Totals(
        added=fates.count(UnitFate.ADDED),
        removed=fates.count(UnitFate.REMOVED),
        changed=fates.count(UnitFate.CHANGED),
        moved=sum(unit.moved for unit in units),
        characters_added={lang: sum(each.characters_added for each in figures[lang]) for lang in LANGUAGES},
        characters_removed={
            lang: sum(each.characters_removed for each in figures[lang]) for lang in LANGUAGES
        },
    )
