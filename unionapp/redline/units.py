"""Merging whole documents of numbered units (articles, paragraphs, items), unit by unit and by identity."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from unionapp.redline.hunks import Hunk
from unionapp.redline.matching import Numbering, Work, gaps, matches
from unionapp.redline.merge import Conflicted, Merged, merge
from unionapp.redline.weave import woven


@dataclass(frozen=True)
class UnitConflict:
    """A unit removed by one side and changed by the other, or added by both, differently; None is absent."""

    base: str | None
    mine: str | None
    theirs: str | None


@dataclass(frozen=True)
class OrderConflict:
    """A place where both sides moved or added units differently: the ids there, as each has them."""

    base: tuple[str, ...]
    mine: tuple[str, ...]
    theirs: tuple[str, ...]


@dataclass(frozen=True)
class UnitMerge:
    """The outcome: the settled `units` in merged order, and what is not settled.

    `order` names the settled units and those in conflict. When `order_conflicts` is not empty it is only a
    way of showing them: the base's order, then the new units by id. `merges` keeps the token merge of every
    unit that both sides changed and that merged, so that a reader can be shown what was merged in.
    """

    units: dict[str, str]
    order: tuple[str, ...]
    conflicts: dict[str, Conflicted | UnitConflict] = field(default_factory=dict)
    order_conflicts: tuple[OrderConflict, ...] = ()
    merges: dict[str, Merged] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        return not self.conflicts and not self.order_conflicts


def merge_units(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> UnitMerge:
    """Merge two versions of a document, each given as id -> text in document order.

    A unit changed on one side only is taken over, one changed on both is merged by token; so is the order.
    """
    units: dict[str, str] = {}
    conflicts: dict[str, Conflicted | UnitConflict] = {}
    merges: dict[str, Merged] = {}
    for unit in {**base, **mine, **theirs}:
        outcome = _unit(base.get(unit), mine.get(unit), theirs.get(unit))
        if isinstance(outcome, Merged):
            merges[unit] = outcome
            units[unit] = outcome.text
        elif isinstance(outcome, str):
            units[unit] = outcome
        elif outcome is not None:
            conflicts[unit] = outcome
    doubtful = {unit for unit, conflict in conflicts.items() if isinstance(conflict, UnitConflict)}
    placed = (units.keys() | conflicts.keys()) - doubtful
    sides = tuple([unit for unit in side if unit in placed] for side in (base, mine, theirs))
    order, order_conflicts = _order(*sides)
    for unit in sorted(doubtful):
        order.insert(_place(unit, order, [list(side) for side in (base, mine, theirs) if unit in side]), unit)
    settled = {unit: units[unit] for unit in order if unit in units}
    return UnitMerge(settled, tuple(order), conflicts, order_conflicts, merges)


def _unit(
    base: str | None, mine: str | None, theirs: str | None
) -> str | Merged | Conflicted | UnitConflict | None:
    if theirs in (mine, base):
        return mine
    if mine == base:
        return theirs
    if base is None or mine is None or theirs is None:
        return UnitConflict(base, mine, theirs)
    return merge(base, mine, theirs)


def _order(
    base: list[str], mine: list[str], theirs: list[str]
) -> tuple[list[str], tuple[OrderConflict, ...]]:
    if theirs in (mine, base):
        return list(mine), ()
    if mine == base:
        return list(theirs), ()
    order: list[str] = []
    conflicts: list[OrderConflict] = []
    moves = (_moves(base, mine), _moves(base, theirs))
    for shared in woven(moves, lambda end, start: start <= end, len(base)):
        whole = zip((base, mine, theirs), shared, strict=True)
        ours, left, right = (tuple(side[start:end]) for side, (start, end) in whole)
        if left not in (ours, right) and right != ours:
            conflicts.append(OrderConflict(ours, left, right))
        order.extend(right if left == ours else left)
    every = {*base, *mine, *theirs}
    if not conflicts and (len(order) != len(every) or set(order) != every):
        # Both sides moved one unit, to different places.
        conflicts.append(OrderConflict(tuple(base), tuple(mine), tuple(theirs)))
    return ([*base, *sorted(every.difference(base))], tuple(conflicts)) if conflicts else (order, ())


def _moves(base: Sequence[str], side: Sequence[str]) -> list[Hunk]:
    numbering = Numbering()
    found = matches(numbering.of(base), numbering.of(side), Work())
    return [Hunk(gap.old, gap.old_end, gap.new, gap.new_end) for gap in gaps(found, len(base), len(side))]


def _place(unit: str, order: list[str], sides: list[list[str]]) -> int:
    """Return where to show a unit in doubt: after what it follows on some side, as early as possible."""
    there = set(order)
    before = [[other for other in side[: side.index(unit)] if other in there] for side in sides]
    return min(order.index(others[-1]) + 1 if others else 0 for others in before)
