import json

from hypothesis import given
from hypothesis import strategies as st

from unionapp.redline import Change, Op, Summary, as_json, changes, list_of_changes, marked, redline, summary
from unionapp.redline.marks import NO_CHANGES, SENTENCES

OPS = redline("会社は三十日以内に two weeks 通知する。", "会社は十四日以内に three months 書面で通知する。")


def test_marked_text_shows_both_sides():
    assert (
        marked(OPS)
        == "会社は[-三十日以内-]{+十四日以内+}に [-two weeks-]{+three months+} {+書面で+}通知する。"
    )


def test_json_holds_the_same_pieces():
    assert json.loads(json.dumps(as_json(OPS)))[:3] == [
        ["equal", "会社は"],
        ["delete", "三十日以内"],
        ["insert", "十四日以内"],
    ]


@given(st.text(), st.text())
def test_json_gives_the_operations_back(old, new):
    ops = redline(old, new)
    assert [Op(*pair) for pair in json.loads(json.dumps(as_json(ops)))] == ops


def test_the_summary_counts_characters_and_words():
    assert summary(OPS) == Summary(
        changes=3, characters_added=19, characters_removed=13, words_added=2, words_removed=2
    )
    assert summary([]) == Summary(0, 0, 0, 0, 0)


def test_a_family_emoji_is_one_character():
    assert summary(redline("", "👩‍🎨 か\u3099")).characters_added == 2


def test_changes_stand_between_their_neighbours():
    first, second, third = changes(OPS, context=3)
    assert first == Change(1, "三十日以内", "十四日以内", "会社は", "に ")
    assert (second.kind, second.place) == ("replaced", "after")
    assert (third.kind, third.new, third.after) == ("added", "書面で", "通知す")
    assert [change.before for change in changes(OPS, context=0)] == ["", "", ""]


def test_the_list_of_changes_can_be_read_aloud():
    assert list_of_changes(OPS)[0] == (
        "Change 1: “三十日以内” becomes “十四日以内”, between “会社は” and “に”."
    )
    assert list_of_changes(redline("甲乙。", "甲乙。丙")) == ["Change 1: “丙” is added, after “甲乙。”."]
    assert list_of_changes(redline("甲、乙", "乙")) == ["Change 1: “甲、” is removed, before “乙”."]
    assert list_of_changes(redline("甲", "")) == ["Change 1: “甲” is removed."]


def test_no_changes_are_said_too():
    assert list_of_changes(redline("甲", "甲")) == [NO_CHANGES]


def test_every_sentence_goes_through_the_catalogue():
    asked: list[str] = []
    list_of_changes(OPS, lambda key: asked.append(key) or key)
    assert asked == [
        SENTENCES["replaced", "between"],
        SENTENCES["replaced", "after"],
        SENTENCES["added", "before"],
    ]
