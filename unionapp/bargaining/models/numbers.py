"""The numbers of units: computed from the tree, never stored.

Two styles are written in Japan. Contracts: 第1条, 1, (1), ア. Statutes: 第一条, no mark on the first
paragraph, then ２, then 一, イ. English has one: Article 1, 1., (1), (a). Articles are counted through the
whole text, everything else among its siblings. A paragraph that stands alone has no mark but is cited.
"""

import uuid
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol


class Numbering(StrEnum):
    """Which style an agreement's Japanese numbers follow."""

    CONTRACT = "contract"
    STATUTE = "statute"


class UnitKind(StrEnum):
    """前文, 章, 節, 条, 項, 号, 細分, 附則, 別表, and the block of signatures."""

    PREAMBLE = "preamble"
    CHAPTER = "chapter"
    SECTION = "section"
    ARTICLE = "article"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    SUBITEM = "subitem"
    SUPPLEMENT = "supplement"
    SCHEDULE = "schedule"
    SIGNATURE = "signature"


_HEADS: Final = {
    UnitKind.PREAMBLE,
    UnitKind.ARTICLE,
    UnitKind.SUPPLEMENT,
    UnitKind.SCHEDULE,
    UnitKind.SIGNATURE,
}
ALLOWED_UNDER: Final[dict[UnitKind | None, set[UnitKind]]] = {
    None: {*_HEADS, UnitKind.CHAPTER},
    UnitKind.CHAPTER: {UnitKind.SECTION, UnitKind.ARTICLE},
    UnitKind.SECTION: {UnitKind.ARTICLE},
    **{head: {UnitKind.PARAGRAPH} for head in _HEADS},
    UnitKind.PARAGRAPH: {UnitKind.ITEM},
    UnitKind.ITEM: {UnitKind.SUBITEM},
    UnitKind.SUBITEM: set(),
}
"""Which kinds may stand under which; None is the text itself."""

_NAMED: Final = {
    UnitKind.PREAMBLE: ("前文", "Preamble"),
    UnitKind.SUPPLEMENT: ("附則", "Supplementary Provisions"),
    UnitKind.SIGNATURE: ("署名欄", "Signature Block"),
    UnitKind.SCHEDULE: ("別表", "Schedule"),
}
_COUNTED: Final = {
    UnitKind.CHAPTER: ("章", "Chapter"),
    UnitKind.SECTION: ("節", "Section"),
    UnitKind.ARTICLE: ("条", "Article"),
}
_DIGITS: Final = "〇一二三四五六七八九"
_KATAKANA: Final = (
    "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲン"
)
_IROHA: Final = (
    "イロハニホヘトチリヌルヲワカヨタレソツネナラムウヰノオクヤマケフコエテアサキユメミシヱヒモセス"
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")


class Placed(Protocol):
    """What numbering needs to know of a unit."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def kind(self) -> UnitKind: ...
    @property
    def parent(self) -> uuid.UUID | None: ...


@dataclass(frozen=True)
class Number:
    """A unit's number by language: `mark` stands in the margin, `citation` names it from anywhere."""

    mark: dict[str, str]
    citation: dict[str, str]


def numbers(units: Iterable[Placed], style: Numbering) -> dict[uuid.UUID, Number]:
    """Return the numbers of units given in reading order, parents before their children."""
    placed = list(units)
    total = Counter((unit.parent, unit.kind) for unit in placed)
    seen: Counter[object] = Counter()
    found: dict[uuid.UUID, Number] = {}
    for unit in placed:
        scope = None if unit.kind is UnitKind.ARTICLE else unit.parent
        seen[scope, unit.kind] += 1
        place = seen[scope, unit.kind]
        alone = total[unit.parent, unit.kind] == 1
        above = found.get(unit.parent) if unit.parent else None
        found[unit.id] = _number(unit.kind, place, style, above, alone=alone)
    return found


def _number(kind: UnitKind, place: int, style: Numbering, above: Number | None, *, alone: bool) -> Number:
    if kind in _COUNTED:
        return _heading(kind, place, style, above)
    if kind in _NAMED:
        return _named(kind, place, style, alone=alone)
    mark = _mark(kind, place, style, alone=alone)
    inner = _inner_citation(kind, place, style)
    outer = above.citation if above else {"ja": "", "en": ""}
    citation = {"ja": outer["ja"] + inner["ja"], "en": f"{outer['en']}, {inner['en']}"}
    return Number(mark, citation)


def _heading(kind: UnitKind, place: int, style: Numbering, above: Number | None) -> Number:
    ja, en = _COUNTED[kind]
    mark = {"ja": f"第{_figure(place, style)}{ja}", "en": f"{en} {place}"}
    if kind is UnitKind.SECTION and above:
        return Number(
            mark, {"ja": above.citation["ja"] + mark["ja"], "en": f"{above.citation['en']}, {mark['en']}"}
        )
    return Number(mark, mark)


def _named(kind: UnitKind, place: int, style: Numbering, *, alone: bool) -> Number:
    ja, en = _NAMED[kind]
    mark = {"ja": ja, "en": en} if alone else {"ja": f"{ja}第{_figure(place, style)}", "en": f"{en} {place}"}
    return Number(mark, mark)


def _mark(kind: UnitKind, place: int, style: Numbering, *, alone: bool) -> dict[str, str]:
    statute = style is Numbering.STATUTE
    if kind is UnitKind.PARAGRAPH:
        if alone:
            return {"ja": "", "en": ""}
        full_width = "" if place == 1 else str(place).translate(_FULL_WIDTH)
        return {"ja": full_width if statute else str(place), "en": f"{place}."}
    if kind is UnitKind.ITEM:
        return {"ja": kanji(place) if statute else f"({place})", "en": f"({place})"}
    return {"ja": _letters(place, _IROHA if statute else _KATAKANA), "en": f"({_letters(place, _LETTERS)})"}


def _inner_citation(kind: UnitKind, place: int, style: Numbering) -> dict[str, str]:
    if kind is UnitKind.PARAGRAPH:
        return {"ja": f"第{_figure(place, style)}項", "en": f"paragraph {place}"}
    if kind is UnitKind.ITEM:
        return {"ja": f"第{_figure(place, style)}号", "en": f"item ({place})"}
    letters = _letters(place, _IROHA if style is Numbering.STATUTE else _KATAKANA)
    return {"ja": letters, "en": f"sub-item ({_letters(place, _LETTERS)})"}


def _figure(place: int, style: Numbering) -> str:
    return kanji(place) if style is Numbering.STATUTE else str(place)


def kanji(number: int) -> str:
    """Write 1 to 9999 in kanji, as statutes do: 二十三, 百一."""
    written = ""
    for unit, name in ((1000, "千"), (100, "百"), (10, "十")):
        count, number = divmod(number, unit)
        if count:
            written += (_DIGITS[count] if count > 1 else "") + name
    return written + (_DIGITS[number] if number else "")


def _letters(place: int, alphabet: str) -> str:
    """Count with letters: a … z, then aa, ab …, so that no two places look alike."""
    written = ""
    while place:
        place, letter = divmod(place - 1, len(alphabet))
        written = alphabet[letter] + written
    return written
