import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.redline import Conflict, Conflicted, Merged, Piece, merge

pieces = st.sampled_from(
    [
        "三十日前",
        "六十日前",
        "又は",
        "に",
        "の",
        "通知",
        "。",
        "、",
        "thirty",
        "days",
        " ",
        "\n",
        "\r\n",
        "30",
        "👩‍🎨",
    ]
)
drafts = st.lists(pieces, max_size=25).map("".join)
anything = st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=40)


def swapped(outcome: Merged | Conflicted) -> list[tuple[str, ...]]:
    sides = {"mine": "theirs", "theirs": "mine"}
    return [
        (sides.get(piece.origin, piece.origin), piece.text, piece.replaced)
        if isinstance(piece, Piece)
        else (piece.base, piece.theirs, piece.mine)
        for piece in outcome.pieces
    ]


def plain(outcome: Merged | Conflicted) -> list[tuple[str, ...]]:
    return [
        (piece.origin, piece.text, piece.replaced)
        if isinstance(piece, Piece)
        else (piece.base, piece.mine, piece.theirs)
        for piece in outcome.pieces
    ]


@given(drafts | anything, drafts | anything)
def test_a_side_that_changed_nothing_takes_the_other_one(base, text):
    for outcome in (merge(base, text, base), merge(base, base, text), merge(base, text, text)):
        assert isinstance(outcome, Merged)
        assert outcome.text == text


@given(drafts, drafts, drafts)
def test_the_sides_can_be_swapped(base, mine, theirs):
    assert swapped(merge(base, mine, theirs)) == plain(merge(base, theirs, mine))


@given(drafts, drafts, drafts)
def test_every_piece_accounts_for_all_three_texts(base, mine, theirs):
    outcome = merge(base, mine, theirs)
    texts = {"base": "", "mine": "", "theirs": ""}
    for piece in outcome.pieces:
        if isinstance(piece, Conflict):
            texts["base"] += piece.base
            texts["mine"] += piece.mine
            texts["theirs"] += piece.theirs
        else:
            texts["base"] += piece.replaced
            texts["mine"] += piece.text if piece.origin in ("mine", "both") else piece.replaced
            texts["theirs"] += piece.text if piece.origin in ("theirs", "both") else piece.replaced
    assert texts == {"base": base, "mine": mine, "theirs": theirs}


@given(drafts, drafts, drafts)
def test_a_conflict_is_one_where_all_three_differ(base, mine, theirs):
    outcome = merge(base, mine, theirs)
    if isinstance(outcome, Conflicted):
        assert outcome.conflicts
        for conflict in outcome.conflicts:
            assert len({conflict.base, conflict.mine, conflict.theirs}) == 3


@given(drafts, drafts, drafts)
def test_edits_on_both_sides_of_a_kept_article_merge(first, second, kept):
    article = f"\n第九条 {kept}\n"
    base = f"甲{article}乙"
    outcome = merge(base, f"甲{first}丙{article}乙", f"甲{article}乙丁{second}")
    assert isinstance(outcome, Merged) or kept.strip() == ""
    if isinstance(outcome, Merged):
        assert outcome.text == f"甲{first}丙{article}乙丁{second}"


def test_two_deadlines_are_a_conflict_and_not_a_third_deadline():
    outcome = merge("三十日前に通知する。", "六十日前に通知する。", "十四日前又はに通知する。")
    assert isinstance(outcome, Conflicted)
    assert outcome.conflicts == (Conflict("三十日前", "六十日前", "十四日前又は"),)
    assert plain(outcome)[-1] == ("base", "に通知する。", "に通知する。")


@pytest.mark.parametrize(
    ("base", "mine", "theirs"),
    [
        ("thirty days", "sixty days", "thirty weeks"),
        ("30日", "60日", "30週間"),
        ("通知する。", "直ちに通知する。", "書面で通知する。"),
        ("甲乙丙", "", "甲乙丙丁"),
        ("", "甲", "乙"),
    ],
)
def test_edits_of_one_place_are_never_settled_in_silence(base, mine, theirs):
    outcome = merge(base, mine, theirs)
    assert isinstance(outcome, Conflicted)
    assert Conflict(base, mine, theirs) in outcome.conflicts or len(outcome.conflicts) == 1


def test_edits_of_two_places_merge_and_say_who_wrote_what():
    outcome = merge(
        "会社は三十日前に組合へ通知する。",
        "会社は六十日前に組合へ通知する。",
        "会社は三十日前に組合へ書面で通知する。",
    )
    assert isinstance(outcome, Merged)
    assert outcome.text == "会社は六十日前に組合へ書面で通知する。"
    assert [piece for piece in outcome.pieces if piece.origin != "base"] == [
        Piece("mine", "六十日前", "三十日前"),
        Piece("theirs", "書面で", ""),
    ]


def test_the_same_edit_beside_another_one_counts_once():
    outcome = merge("甲は丙に払う。乙は待つ。", "甲は丁に払う。乙は待つ。", "甲は丁に払う。乙は帰る。")
    assert isinstance(outcome, Merged)
    assert outcome.text == "甲は丁に払う。乙は帰る。"
    assert [piece.origin for piece in outcome.pieces if piece.origin != "base"] == ["both", "theirs"]
