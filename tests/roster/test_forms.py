"""The normalisers: what they make of one cell, and that making it twice changes nothing."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from unionapp.roster import calendar_dates, contacts, lettering

JAPANESE = st.text(
    st.sampled_from(
        "髙高﨑﨑神ｱｶﾞﾊﾟﾞﾟーｰｶがか\u3099\u309aァヴ゛ 　\u00a0"
        "ＡＺａｚ０９－＠～abc-\n\t'’・ヶㇰ㈱㍻邊邉𠮷葛\U000e0100"
    ),
    max_size=20,
)


@given(st.one_of(JAPANESE, st.text(max_size=30)))
@pytest.mark.parametrize(
    "form",
    [
        lettering.name,
        lettering.reading,
        lettering.full_kana,
        lettering.key,
        lettering.comparison_key,
        lettering.plain,
    ],
)
def test_a_second_time_changes_nothing(form, text):
    once = form(text)
    assert form(once) == once


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("髙橋\u3000花子", "髙橋 花子"),
        ("山﨑  ｼﾞｮﾝ", "山﨑 ジョン"),
        ("\ufa19谷", "\ufa19谷"),
        ("Ｊｏｈｎ\u3000Ｓｍｉｔｈ", "John Smith"),
        ("か\u3099く", "がく"),
        ("葛\U000e0100城", "葛\U000e0100城"),
    ],
)
def test_a_name_keeps_its_kanji_and_loses_its_widths(written, name):
    assert lettering.name(written) == name


@pytest.mark.parametrize(
    ("written", "reading"),
    [
        ("ﾀｶﾊｼ ﾊﾅｺ", "タカハシ ハナコ"),
        ("たかはし\u3000はなこ", "タカハシ ハナコ"),
        ("サト-", "サトー"),
        ("ｳﾞｧﾝ", "ヴァン"),
    ],
)
def test_a_reading_becomes_katakana(written, reading):
    assert lettering.reading(written) == reading
    assert lettering.is_reading(reading)


def test_kanji_are_no_reading():
    assert not lettering.is_reading(lettering.reading("高橋ハナコ"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("髙橋　花子", "高橋花子"),
        ("山﨑", "山崎"),
        ("渡邊", "渡辺"),
        ("渡邉", "渡辺"),
        ("齋藤", "斎藤"),
        ("齊藤", "斎藤"),
        ("𠮷田", "吉田"),
        ("濵田", "浜田"),
        ("関ヶ原", "関ケ原"),
        ("たかはし", "ﾀｶﾊｼ"),
        ("John SMITH", "ｊｏｈｎ smith"),
        ("葛\U000e0100城", "葛城"),
    ],
)
def test_spellings_of_one_name_share_a_key(one, other):
    assert lettering.comparison_key(one) == lettering.comparison_key(other)


@pytest.mark.parametrize(("one", "other"), [("高橋", "高林"), ("ハハ", "パパ"), ("山本", "山元")])
def test_different_names_keep_different_keys(one, other):
    assert lettering.comparison_key(one) != lettering.comparison_key(other)


@pytest.mark.parametrize(
    ("written", "number", "restored"),
    [
        ("090-1234-5678", "+819012345678", False),
        ("０９０（１２３４）５６７８", "+819012345678", False),
        ("090ー1234ー5678", "+819012345678", False),
        ("+81(0)90-1234-5678", "+819012345678", False),
        ("TEL: 03-1234-5678", "+81312345678", False),
        ("0120-123-456", "+81120123456", False),
        ("0800-123-4567", "+818001234567", False),
        ("9012345678", "+819012345678", True),
        ("312345678", "+81312345678", True),
        ("+1 212 555 0100", "+12125550100", False),
    ],
)
def test_telephone_numbers(written, number, restored):
    assert contacts.phone(written) == (number, restored)
    assert contacts.phone(number) == (number, False)


@pytest.mark.parametrize(
    "written", ["12-34", "電話なし", "090-1234-567", "=1+1", "-1", "", "+81", "000-0000-0000"]
)
def test_what_is_no_telephone_number_is_refused(written):
    with pytest.raises(contacts.UnreadableContactError):
        contacts.phone(written)


@given(st.from_regex(r"\A0[789]0[0-9]{8}\Z"))
def test_every_mobile_number_is_read_and_stays(digits):
    number, restored = contacts.phone(f"{digits[:3]}-{digits[3:7]}-{digits[7:]}")
    assert (number, restored) == ("+81" + digits[1:], False)
    assert contacts.phone(number) == (number, False)


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("Hanako@EXAMPLE.jp", "Hanako@example.jp"),
        ("ｈａｎａｋｏ＠ｅｘａｍｐｌｅ．ｊｐ", "hanako@example.jp"),
        ("mailto:a.b+c@example.com", "a.b+c@example.com"),
        ("a@例え.jp", "a@例え.jp"),
        (" a@example.jp ", "a@example.jp"),
    ],
)
def test_mail_addresses(written, address):
    assert contacts.email(written) == address
    assert contacts.email(address) == address


@pytest.mark.parametrize(
    "written",
    [
        "a@",
        "@example.jp",
        "a b@example.jp",
        "a..b@example.jp",
        "a@example",
        "a@b@example.jp",
        "a@x.jp;b@y.jp",
        "x" * 65 + "@example.jp",
    ],
)
def test_what_is_no_mail_address_is_refused(written):
    with pytest.raises(contacts.UnreadableContactError):
        contacts.email(written)


@pytest.mark.parametrize(
    "written",
    [
        "2026-04-01",
        "2026/4/1",
        "2026年4月1日",
        "令和8年4月1日",
        "R8.4.1",
        "r8/4/1",
        "㋿8年4月1日",
        "46113",
        "20260401",
        "２０２６．４．１",
        "2026年4月1日(水)",
        "2026/04/01 0:00",
        "2026-04-01T09:00:00+09:00",
        "1 Apr 2026",
        "April 1st, 2026",
        date(2026, 4, 1),
        datetime(2026, 4, 1, 9, 30),  # noqa: DTZ001 - a workbook's cell has no zone
    ],
)
def test_one_day_in_many_forms(written):
    assert calendar_dates.read(written) == date(2026, 4, 1)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("S64.1.7", date(1989, 1, 7)),
        ("昭和元年12月25日", date(1926, 12, 25)),
    ],
)
def test_the_edges_of_the_eras(written, day):
    assert calendar_dates.read(written) == day


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("2026-02-30", "date_invalid"),
        ("2026-13-01", "date_invalid"),
        ("平成31年5月1日", "date_invalid"),
        ("令和元年4月30日", "date_invalid"),
        ("R0.5.1", "date_invalid"),
        ("架空", "date_invalid"),
        ("12345", "date_invalid"),
        ("26/4/1", "date_two_digit_year"),
        ("8.4.1", "date_two_digit_year"),
        ("4/1/2026", "date_order"),
        ("平成31年", "date_incomplete"),
        ("H31/4", "date_incomplete"),
        ("2026", "date_incomplete"),
        ("2026年4月", "date_incomplete"),
    ],
)
def test_what_is_no_full_date_is_refused_with_its_reason(written, code):
    with pytest.raises(calendar_dates.UnreadableDateError) as refusal:
        calendar_dates.read(written)
    assert refusal.value.code == code


@given(st.dates(date(1955, 1, 1), date(2099, 12, 31)))
def test_every_day_is_read_back(day):
    for written in (
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
    ):
        assert calendar_dates.read(written) == day
    assert calendar_dates.read(str((day - date(1899, 12, 30)).days)) == day
