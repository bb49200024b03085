"""Merging two people's edits of one text, token by token; what clashes is shown, never settled in silence."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from unionapp.redline.hunks import Hunk, changed
from unionapp.redline.matching import Work
from unionapp.redline.weave import Shared, woven

Origin = Literal["base", "mine", "theirs", "both"]


@dataclass(frozen=True)
class Piece:
    """A stretch of the merged text and who wrote it; `base` is what nobody changed.

    `replaced` is the base's text in that place, so that a reader can be shown what was merged in.
    """

    origin: Origin
    text: str
    replaced: str


@dataclass(frozen=True)
class Conflict:
    """A stretch that both sides changed, differently."""

    base: str
    mine: str
    theirs: str


@dataclass(frozen=True)
class Merged:
    """A merge without conflict."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True)
class Conflicted:
    """A merge with at least one conflict: merged pieces and conflicts in the order of the text."""

    pieces: tuple[Piece | Conflict, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        return tuple(piece for piece in self.pieces if isinstance(piece, Conflict))


def merge(base: str, mine: str, theirs: str, work: Work | None = None) -> Merged | Conflicted:
    """Merge two texts that both come from `base`.

    Edits of different sides are merged if something of the base that neither changed, and that is not only
    white space, lies between them. The same edit made by both counts once. Everything else is a conflict.
    """
    if mine == theirs:
        return Merged(tuple(_all_changed(base, mine, "both")))
    if mine == base:
        return Merged(tuple(_all_changed(base, theirs, "theirs")))
    if theirs == base:
        return Merged(tuple(_all_changed(base, mine, "mine")))
    cost = work or Work()
    regions = woven(
        (changed(base, mine, cost), changed(base, theirs, cost)),
        lambda start, end: start >= end or base[start:end].isspace(),
        len(base),
    )
    pieces = tuple(_piece((base, mine, theirs), region) for region in regions)
    merged = tuple(piece for piece in pieces if isinstance(piece, Piece))
    return Merged(merged) if len(merged) == len(pieces) else Conflicted(pieces)


def _all_changed(base: str, text: str, origin: Origin) -> Iterator[Piece]:
    hunks: Sequence[Hunk] = changed(base, text, Work())
    at = 0
    for hunk in hunks:
        if at < hunk.old:
            yield Piece("base", base[at : hunk.old], base[at : hunk.old])
        yield Piece(origin, text[hunk.new : hunk.new_end], base[hunk.old : hunk.old_end])
        at = hunk.old_end
    if at < len(base):
        yield Piece("base", base[at:], base[at:])


def _piece(texts: tuple[str, str, str], region: Shared) -> Piece | Conflict:
    base, mine, theirs = (text[start:end] for text, (start, end) in zip(texts, region, strict=True))
    if mine == base == theirs:
        return Piece("base", base, base)
    if mine == theirs:
        return Piece("both", mine, base)
    if theirs == base:
        return Piece("mine", mine, base)
    if mine == base:
        return Piece("theirs", theirs, base)
    return Conflict(base, mine, theirs)
