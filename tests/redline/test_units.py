from hypothesis import given
from hypothesis import strategies as st

from unionapp.redline import Conflict, Conflicted, OrderConflict, UnitConflict, merge_units

ids = st.sampled_from("abcdefgh")
documents = st.dictionaries(
    ids, st.sampled_from(["甲は乙に払う。", "甲は丙に払う。", "丁は乙に払う。"]), max_size=8
)
BASE = {"1": "組合は交渉を行う。", "2": "会社は応じる。", "3": "期間は三年とする。"}


@given(documents, documents)
def test_a_side_that_changed_nothing_takes_the_other_one(base, other):
    for outcome in (
        merge_units(base, other, base),
        merge_units(base, base, other),
        merge_units(base, other, other),
    ):
        assert outcome.clean
        assert list(outcome.units.items()) == list(other.items())


@given(documents, documents, documents)
def test_the_sides_can_be_swapped(base, mine, theirs):
    here, there = merge_units(base, mine, theirs), merge_units(base, theirs, mine)
    assert here.units == there.units
    assert here.conflicts.keys() == there.conflicts.keys()
    assert [(clash.base, clash.mine, clash.theirs) for clash in here.order_conflicts] == [
        (clash.base, clash.theirs, clash.mine) for clash in there.order_conflicts
    ]
    assert here.order == there.order


@given(documents, documents, documents)
def test_every_unit_is_settled_in_conflict_or_removed_by_a_side(base, mine, theirs):
    outcome = merge_units(base, mine, theirs)
    assert sorted(outcome.order) == sorted({*outcome.units, *outcome.conflicts})
    assert not outcome.units.keys() & outcome.conflicts.keys()
    for unit in {*base, *mine, *theirs} - {*outcome.order}:
        assert unit not in mine or unit not in theirs


def test_changes_of_different_units_merge_even_side_by_side():
    outcome = merge_units(BASE, BASE | {"1": "組合は団体交渉を行う。"}, BASE | {"2": "会社は誠実に応じる。"})
    assert outcome.clean
    assert outcome.units == {"1": "組合は団体交渉を行う。", "2": "会社は誠実に応じる。", "3": BASE["3"]}


def test_changes_of_two_places_in_one_unit_merge_and_are_shown():
    outcome = merge_units(BASE, BASE | {"3": "期間は二年とする。"}, BASE | {"3": "協約の期間は三年とする。"})
    assert outcome.clean
    assert outcome.units["3"] == "協約の期間は二年とする。"
    assert [piece.origin for piece in outcome.merges["3"].pieces if piece.origin != "base"] == [
        "theirs",
        "mine",
    ]


def test_changes_of_one_place_are_a_conflict():
    outcome = merge_units(BASE, BASE | {"3": "期間は二年とする。"}, BASE | {"3": "期間は一年とする。"})
    assert not outcome.clean
    conflict = outcome.conflicts["3"]
    assert isinstance(conflict, Conflicted)
    assert conflict.conflicts == (Conflict("三年", "二年", "一年"),)
    assert list(outcome.units) == ["1", "2"]
    assert outcome.order == ("1", "2", "3")


def test_removing_what_the_other_side_changed_is_a_conflict_in_its_place():
    outcome = merge_units(BASE, {"1": BASE["1"], "3": BASE["3"]}, BASE | {"2": "会社は誠実に応じる。"})
    assert outcome.conflicts == {"2": UnitConflict("会社は応じる。", None, "会社は誠実に応じる。")}
    assert outcome.order == ("1", "2", "3")
    assert outcome.order_conflicts == ()


def test_removing_what_nobody_changed_removes_it():
    outcome = merge_units(BASE, {"1": BASE["1"], "3": BASE["3"]}, BASE | {"1": "組合は団体交渉を行う。"})
    assert outcome.clean
    assert outcome.units == {"1": "組合は団体交渉を行う。", "3": BASE["3"]}


def test_new_units_in_different_places_keep_their_places():
    mine = {"1": BASE["1"], "1-2": "記録を残す。", "2": BASE["2"], "3": BASE["3"]}
    outcome = merge_units(BASE, mine, {**BASE, "4": "更新できる。"})
    assert outcome.clean
    assert list(outcome.units) == ["1", "1-2", "2", "3", "4"]


def test_two_new_units_in_one_place_ask_for_an_order():
    outcome = merge_units(BASE, {**BASE, "z": "甲"}, {**BASE, "y": "乙"})
    assert outcome.order_conflicts == (OrderConflict((), ("z",), ("y",)),)
    assert not outcome.clean
    assert outcome.order == ("1", "2", "3", "y", "z")


def test_the_same_new_id_with_two_texts_is_a_conflict():
    outcome = merge_units(BASE, {**BASE, "4": "甲"}, {**BASE, "4": "乙"})
    assert outcome.conflicts == {"4": UnitConflict(None, "甲", "乙")}
    assert outcome.order == ("1", "2", "3", "4")


def test_a_move_and_a_change_of_the_same_unit_both_hold():
    outcome = merge_units(BASE, {key: BASE[key] for key in "231"}, BASE | {"1": "組合は団体交渉を行う。"})
    assert outcome.clean
    assert list(outcome.units.items()) == [
        ("2", BASE["2"]),
        ("3", BASE["3"]),
        ("1", "組合は団体交渉を行う。"),
    ]


def test_one_unit_moved_to_two_places_is_a_conflict():
    base = dict.fromkeys("abcdefg", "甲")
    outcome = merge_units(base, dict.fromkeys("dabcefg", "甲"), dict.fromkeys("abcefgd", "甲"))
    assert outcome.order_conflicts
    assert outcome.units == base
    assert list(outcome.units) == list("abcdefg")


def test_a_unit_added_by_both_in_two_places_is_shown_in_the_earlier_one():
    mine, theirs = {"1": BASE["1"], "x": "甲", "2": BASE["2"]}, {"1": BASE["1"], "2": BASE["2"], "x": "乙"}
    for outcome in (merge_units(BASE, mine, theirs), merge_units(BASE, theirs, mine)):
        assert outcome.order == ("1", "x", "2")
        assert list(outcome.conflicts) == ["x"]
