"""Numbers are computed: unique, in order, and following every move."""

import uuid
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.bargaining.models import ALLOWED_UNDER, Document, Numbering, Part, UnitKind, numbers
from unionapp.bargaining.models.numbers import kanji

pytestmark = pytest.mark.engine_free

STYLES = list(Numbering)


@dataclass(frozen=True)
class Leaf:
    id: uuid.UUID
    kind: UnitKind
    parent: uuid.UUID | None


def part(kind, parent=None, *, rank=1, ja="", en="", path="", unit_id=None):
    return Part(unit_id or uuid.uuid4(), kind, parent, rank, {"ja": ja, "en": en}, path, {})


@st.composite
def trees(draw):
    """Units in reading order: any kinds that may stand under each other."""
    units = []

    def grow(parent, kind, depth):
        choices = sorted(ALLOWED_UNDER[kind])
        for chosen in draw(st.lists(st.sampled_from(choices), max_size=4)) if choices and depth < 5 else []:
            unit = Leaf(uuid.uuid4(), chosen, parent)
            units.append(unit)
            grow(unit.id, chosen, depth + 1)

    grow(None, None, 0)
    return units


@given(trees(), st.sampled_from(STYLES))
def test_every_unit_is_cited_by_a_name_of_its_own(units, style):
    found = numbers(units, style)
    for language in ("ja", "en"):
        citations = [found[unit.id].citation[language] for unit in units]
        assert len(set(citations)) == len(citations)


@given(trees(), st.sampled_from(STYLES))
def test_siblings_of_one_kind_have_different_marks(units, style):
    found = numbers(units, style)
    for language in ("ja", "en"):
        marks = [(unit.parent, unit.kind, found[unit.id].mark[language]) for unit in units]
        assert len(set(marks)) == len(marks)


@given(st.integers(1, 60), st.sampled_from(STYLES), st.sampled_from([UnitKind.PARAGRAPH, UnitKind.ITEM]))
def test_numbers_count_in_order(count, style, kind):
    units = [Leaf(uuid.uuid4(), kind, None) for _ in range(count)]
    english = [number.mark["en"].strip(".()") for number in numbers(units, style).values()]
    assert english == (
        [""] if count == 1 and kind is UnitKind.PARAGRAPH else [str(n) for n in range(1, count + 1)]
    )


def test_contract_and_statute_styles():
    article = part(UnitKind.ARTICLE)
    paragraphs = [part(UnitKind.PARAGRAPH, article.id, rank=rank) for rank in (1, 2)]
    items = [part(UnitKind.ITEM, paragraphs[1].id, rank=rank) for rank in range(1, 12)]
    sub = part(UnitKind.SUBITEM, items[10].id)
    parts = [article, *paragraphs, *items, sub]

    def shown(style):
        found = Document(parts, style).numbers
        return [found[each.id].mark["ja"] for each in (article, *paragraphs, items[10], sub)], found[
            sub.id
        ].citation

    assert shown(Numbering.CONTRACT) == (
        ["第1条", "1", "2", "(11)", "ア"],
        {"ja": "第1条第2項第11号ア", "en": "Article 1, paragraph 2, item (11), sub-item (a)"},
    )
    assert shown(Numbering.STATUTE)[0] == ["第一条", "", "２", "十一", "イ"]
    assert shown(Numbering.STATUTE)[1]["ja"] == "第一条第二項第十一号イ"


@pytest.mark.parametrize(
    ("number", "written"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (101, "百一"), (110, "百十"), (1234, "千二百三十四")],
)
def test_kanji(number, written):
    assert kanji(number) == written


def test_articles_count_through_chapters():
    chapters = [part(UnitKind.CHAPTER, rank=rank) for rank in (1, 2)]
    articles = [part(UnitKind.ARTICLE, chapter.id) for chapter in chapters]
    document = Document([*chapters, *articles], Numbering.CONTRACT)
    assert [document.numbers[each.id].mark["ja"] for each in articles] == ["第1条", "第2条"]


@given(st.permutations(range(5)), st.integers(0, 4), st.sampled_from(STYLES))
def test_references_follow_a_move(order, target, style):
    ids = [uuid.uuid4() for _ in range(5)]
    parts = [part(UnitKind.ARTICLE, rank=order[n] + 1, unit_id=ids[n]) for n in range(5)]
    pointing = part(
        UnitKind.SUPPLEMENT,
        rank=9,
        ja=f"{{{{ref:{ids[target]}}}}}による",
        en=f"see {{{{ref:{ids[target]}}}}}",
    )
    document = Document([*parts, pointing], style)
    place = order[target] + 1
    assert document.read(pointing, "en") == f"see Article {place}"
    assert document.read(pointing, "ja") == document.numbers[ids[target]].citation["ja"] + "による"
    for language in ("ja", "en"):
        typed = document.typed(pointing, language)
        assert document.stored(typed) == pointing.texts[language]


def test_the_order_is_by_rank_whatever_comes_first():
    parts = [part(UnitKind.ARTICLE, rank=rank) for rank in (3, 1, 2)]
    assert [each.rank for each in Document(parts, Numbering.CONTRACT).parts] == [1, 2, 3]
