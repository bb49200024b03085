"""The redline of two texts: what stayed, what went, what came, in pieces a reader can follow."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final, Literal, NamedTuple

from unionapp.redline.hunks import Hunk, changed
from unionapp.redline.matching import Work
from unionapp.redline.segmentation import characters, is_numeral, is_word

Kind = Literal["equal", "delete", "insert"]

LEAST_KEPT: Final = 0.5
"""An insertion in several places is shown as such only if this share of the longer side stays."""


class Op(NamedTuple):
    """One piece of a redline."""

    kind: Kind
    text: str


class NotUtf8Error(ValueError):
    """A file is not UTF-8: its name, and the offset in bytes of the first wrong byte."""

    def __init__(self, name: str, offset: int) -> None:
        super().__init__(f"{name} is not UTF-8: wrong byte at offset {offset}")
        self.name = name
        self.offset = offset


def redline(old: str, new: str, work: Work | None = None) -> list[Op]:
    """Compare two texts.

    The pieces without the insertions join to `old`, those without the deletions to `new`, exactly.
    Neighbours differ in kind, a deletion stands before the insertion that replaces it, and no piece is empty.
    `work` counts what it cost.
    """
    ops: list[Op] = []
    for op in _pieces(old, new, changed(old, new, work or Work())):
        _add(ops, op)
    return ops


def redline_files(old: bytes, new: bytes, names: tuple[str, str] = ("old", "new")) -> list[Op]:
    """Compare two UTF-8 files; a byte order mark is part of the text. Raises NotUtf8Error."""
    return redline(_decoded(old, names[0]), _decoded(new, names[1]))


def old_text(ops: list[Op]) -> str:
    """Return the text before the changes."""
    return "".join(op.text for op in ops if op.kind != "insert")


def new_text(ops: list[Op]) -> str:
    """Return the text after the changes."""
    return "".join(op.text for op in ops if op.kind != "delete")


def _decoded(content: bytes, name: str) -> str:
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise NotUtf8Error(name, error.start) from error


def _pieces(old: str, new: str, hunks: list[Hunk]) -> Iterator[Op]:
    at = 0
    for hunk in hunks:
        yield Op("equal", old[at : hunk.old])
        yield from _replacement(old[hunk.old : hunk.old_end], new[hunk.new : hunk.new_end])
        at = hunk.old_end
    yield Op("equal", old[at:])


def _add(ops: list[Op], op: Op) -> None:
    """Append a piece, joined to a neighbour of its kind; a deletion moves before the insertion it touches."""
    kind, text = op
    if not text:
        return
    if ops and ops[-1].kind == kind:
        ops[-1] = Op(kind, ops[-1].text + text)
    elif kind == "delete" and ops and ops[-1].kind == "insert":
        insertion = ops.pop()
        _add(ops, op)
        ops.append(insertion)
    else:
        ops.append(op)


def _replacement(old: str, new: str) -> list[Op]:
    """Show a replacement by characters if one side contains the other in order and it reads well."""
    if old and new:
        longer, shorter = (old, new) if len(old) > len(new) else (new, old)
        inner = _contained(characters(longer), characters(shorter))
        if inner:
            extra: Kind = "delete" if longer is old else "insert"
            return [Op(extra if marked else "equal", text) for marked, text in inner]
    return [Op("delete", old), Op("insert", new)]


def _contained(longer: list[str], shorter: list[str]) -> list[tuple[bool, str]]:
    """Split the longer side into (is it extra, text) runs, or return nothing if that would read badly."""
    kept = _places(longer, shorter)
    if not kept:
        return []
    runs: list[tuple[bool, list[str]]] = []
    for place, character in enumerate(longer):
        added = place not in kept
        if runs and runs[-1][0] == added:
            runs[-1][1].append(character)
        else:
            runs.append((added, [character]))
    if sum(added for added, _ in runs) > 1 and len(shorter) < LEAST_KEPT * len(longer):
        return []
    return [] if _unreadable([run for _, run in runs]) else [(added, "".join(run)) for added, run in runs]


def _places(longer: list[str], shorter: list[str]) -> frozenset[int]:
    """Return where the shorter side's characters stand in the longer: equal ends first, the rest leftmost."""
    head = 0
    while head < len(shorter) and longer[head] == shorter[head]:
        head += 1
    tail = 0
    while tail < len(shorter) - head and longer[-1 - tail] == shorter[-1 - tail]:
        tail += 1
    places = [*range(head), *range(len(longer) - tail, len(longer))]
    at = head
    for character in shorter[head : len(shorter) - tail]:
        while at < len(longer) - tail and longer[at] != character:
            at += 1
        if at == len(longer) - tail:
            return frozenset()
        places.append(at)
        at += 1
    return frozenset(places)


def _unreadable(runs: list[list[str]]) -> bool:
    """Tell whether the cuts fall inside a number, or more than once inside words of an alphabet."""
    cuts = [(before[-1], after[0]) for before, after in pairwise(runs)]
    if any(is_numeral(left) and is_numeral(right) for left, right in cuts):
        return True
    return sum(is_word(left) and is_word(right) for left, right in cuts) > 1
