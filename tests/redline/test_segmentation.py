import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.redline.segmentation import LONG_LINE, blocks, characters, is_numeral, is_word, tokens

anything = st.text(st.characters(exclude_characters="\0", exclude_categories=()))


@given(anything)
def test_every_cutting_joins_back_to_the_text(text):
    assert "".join(tokens(text)) == text
    assert "".join(characters(text)) == text
    assert "".join(blocks(text)) == text


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("三十日以内に通知", ["三十日以内", "に", "通知"]),
        ("アニメーターの賃金", ["アニメーター", "の", "賃金"]),
        ("三ヶ月前", ["三ヶ月前"]),
        ("人々〇", ["人々〇"]),
        ("クリエイティブ・コモンズ", ["クリエイティブ", "・", "コモンズ"]),
        ("30日", ["30", "日"]),
        ("AI学習", ["AI", "学習"]),
        ("第2条、", ["第", "2", "条", "、"]),
        ("¥1,000.50.", ["¥", "1,000.50", "."]),
        ("the members’ union's", ["the", " ", "members", "’", " ", "union's"]),
        ("ＡＩ２０２６", ["ＡＩ２０２６"]),
        ("ｱﾆﾒ", ["ｱﾆﾒ"]),
        ("a\r\nb\rc\n", ["a", "\r\n", "b", "\r", "c", "\n"]),
        ("e\u0301t か\u3099", ["e\u0301t", " ", "か\u3099"]),
        ("👩‍🎨🇯🇵x", ["👩‍🎨", "🇯🇵", "x"]),
        ("Привет мир", ["Привет", " ", "мир"]),
        ("", []),
    ],
)
def test_tokens_follow_the_runs_of_script(text, pieces):
    assert tokens(text) == pieces


def test_a_character_keeps_its_marks_and_its_line_end():
    assert characters("か\u3099\r\n👩‍🎨") == ["か\u3099", "\r\n", "👩‍🎨"]


def test_blank_lines_belong_to_the_line_before():
    assert blocks("a\n\n \nb\r\n\r\nc") == ["a\n\n \n", "b\r\n\r\n", "c"]


def test_only_a_long_line_is_cut_into_sentences():
    assert blocks("甲。乙。\n") == ["甲。乙。\n"]
    long = "甲は乙に通知する。" * (LONG_LINE // 9 + 1)
    assert blocks(long) == ["甲は乙に通知する。"] * (LONG_LINE // 9 + 1)


def test_figures_and_words_are_told_apart():
    assert all(map(is_numeral, "3３三百"))
    assert not any(map(is_numeral, "日aア"))
    assert all(map(is_word, ["union", "30", "Привет"]))
    assert not any(map(is_word, ["組合", "の", "、", " "]))
