from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.redline import NotUtf8Error, Op, marked, new_text, old_text, redline, redline_files

pieces = st.one_of(
    st.sampled_from(
        ["三十日", "以内", "に", "の", "通知", "。", "、", "アニメ", "ー", "　", "1,000", "円", "30"]
    ),
    st.sampled_from(["member", "the", "a", "aa", " ", "  ", "\n", "\r\n", "\r", "\n\n", "\ufeff"]),
    st.sampled_from(["👩‍🎨", "🇯🇵", "e\u0301", "\u0301", "\u3099", "\u200d"]),
)
drafts = st.lists(pieces, max_size=40).map("".join)
anything = st.text(st.characters(exclude_characters="\0", exclude_categories=()), max_size=60)


def assert_sound(old: str, new: str, ops: list[Op]) -> None:
    assert old_text(ops) == old
    assert new_text(ops) == new
    assert all(op.text for op in ops)
    for left, right in pairwise(ops):
        assert left.kind != right.kind
        assert (left.kind, right.kind) != ("insert", "delete")


@given(anything, anything)
def test_no_character_of_any_text_is_lost(old, new):
    assert_sound(old, new, redline(old, new))


@given(drafts, drafts)
def test_no_character_of_a_draft_is_lost(old, new):
    assert_sound(old, new, redline(old, new))


@given(drafts, st.data())
def test_an_edited_draft_is_lossless_and_the_same_every_time(old, data):
    at = data.draw(st.integers(0, len(old)))
    end = data.draw(st.integers(at, len(old)))
    new = old[:at] + data.draw(drafts) + old[end:]
    ops = redline(old, new)
    assert_sound(old, new, ops)
    assert ops == redline(old, new)


@given(drafts)
def test_the_same_text_has_no_changes(text):
    assert redline(text, text) == ([Op("equal", text)] if text else [])


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("三十日以内に通知する。", "十四日以内に通知する。", "[-三十日以内-]{+十四日以内+}に通知する。"),
        ("三十日前", "三十四日前", "[-三十日前-]{+三十四日前+}"),
        ("報酬10円", "報酬100円", "報酬[-10-]{+100+}円"),
        ("報酬1,000円", "報酬1,500円", "報酬[-1,000-]{+1,500+}円"),
        ("宇宙線観測", "宇宙線の観測", "宇宙線{+の+}観測"),
        ("宇宙線の観測", "宇宙線観測", "宇宙線[-の-]観測"),
        ("組合員の休暇", "組合員及び準組合員の休暇", "組合員{+及び準組合員+}の休暇"),
        ("アニメーター", "アニメーション", "[-アニメーター-]{+アニメーション+}"),
        ("二ヶ月前", "三ヶ月前", "[-二ヶ月前-]{+三ヶ月前+}"),
        ("a member shall", "the members shall", "[-a member-]{+the members+} shall"),
        ("each member shall", "each members shall", "each member{+s+} shall"),
        ("two or more", "two four more", "two [-or-]{+four+} more"),
        (
            "within thirty days of notice",
            "within fourteen calendar days of notice",
            "within [-thirty-]{+fourteen calendar+} days of notice",
        ),
        ("two weeks before", "three months before", "[-two weeks-]{+three months+} before"),
        ("第2条 Article 2 の賃金", "第3条 Article 3 の賃金", "第[-2-]{+3+}条 Article [-2-]{+3+} の賃金"),
        ("か\u3099く", "かく", "[-か\u3099-]{+か+}く"),
        ("甲\n乙", "甲\r\n乙", "甲[-\n-]{+\r\n+}乙"),
        ("", "新", "{+新+}"),
        ("旧", "", "[-旧-]"),
    ],
)
def test_a_redline_reads_well(old, new, shown):
    assert marked(redline(old, new)) == shown


def test_a_new_paragraph_between_two_leaves_them_alone():
    old = "第一条 組合は団体交渉を行う。\n\n第二条 会社は誠実に応じる。\n"
    new = "第一条 組合は団体交渉を行う。\n\n第一条の二 記録を残す。\n\n第二条 会社は直ちに誠実に応じる。\n"
    assert marked(redline(old, new)) == (
        "第一条 組合は団体交渉を行う。\n\n"
        "{+第一条の二 記録を残す。\n\n+}"
        "第二条 会社は{+直ちに+}誠実に応じる。\n"
    )


def test_a_rewritten_paragraph_is_replaced_whole():
    old, new = "会社は賞与を支給する。\n", "組合活動のための時間内の会議への出席を認める。\n"
    assert marked(redline(old, new)) == f"[-{old}-]{{+{new}+}}"


def test_files_keep_their_byte_order_mark():
    ops = redline_files("\ufeff甲".encode(), "甲乙".encode())
    assert marked(ops) == "[-\ufeff甲-]{+甲乙+}"
    assert marked(redline_files("\ufeff甲の".encode(), "\ufeff甲が".encode())) == "\ufeff甲[-の-]{+が+}"


def test_a_file_in_another_encoding_is_refused_with_the_place():
    with pytest.raises(NotUtf8Error, match=r"employer\.txt is not UTF-8: wrong byte at offset 3") as refusal:
        redline_files("甲".encode(), "甲".encode() + "乙".encode("shift_jis"), ("ours.txt", "employer.txt"))
    assert (refusal.value.name, refusal.value.offset) == ("employer.txt", 3)
    with pytest.raises(NotUtf8Error, match="old"):
        redline_files(b"\xff", b"")
