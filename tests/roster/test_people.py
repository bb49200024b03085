"""Lists as they come: what is read, what is complained of where, who stands in it twice."""

import io
from collections import Counter
from datetime import date

import openpyxl
import pytest

from tests.factories.rosters import TODAY, messy_roll
from unionapp.roster import fictional
from unionapp.roster.headings import Field, field_of
from unionapp.roster.people import read_people
from unionapp.roster.problems import describe, letter

HEAD = "氏名,フリガナ,メール,電話,職場,職種,雇用形態,加入日,会員番号,備考"


def read(text, encoding="utf-8", **options):
    return read_people(text.encode(encoding), "名簿.csv", today=TODAY, **options)


def one(**cells):
    """Read a list of one row; the name and mail are sound unless told otherwise."""
    cells = {"氏名": "架空 花子", "メール": "hanako@example.jp"} | cells
    quoted = [f'"{cell}"' for cell in cells.values()]
    return read(",".join(cells) + "\r\n" + ",".join(quoted) + "\r\n")


def codes(roster):
    return [(problem.row, problem.letter, problem.code) for problem in roster.problems]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_messy_roll_gives_exactly_the_known_counts(form):
    roll = messy_roll(800)
    roster = read_people(getattr(roll, form)(), f"名簿.{form}", today=TODAY)
    assert roster.counts() == {
        "rows": roll.rows_expected,
        "valid": roll.valid,
        "invalid": roll.invalid,
        "duplicates": roll.duplicates,
    }
    assert Counter(problem.code for problem in roster.problems) == roll.codes
    assert roll.invalid == 40
    assert roll.duplicates == 16
    assert roster.heading_row == 3
    assert [heading.text for heading in roster.unknown_headings] == ["血液型"]


def test_both_forms_of_a_messy_roll_give_the_same_people():
    roll = messy_roll(200)
    from_text = read_people(roll.csv(), "a.csv", today=TODAY)
    assert from_text.people == read_people(roll.xlsx(), "a.xlsx", today=TODAY).people
    assert from_text.people == read_people(roll.csv("utf-8-sig"), "a.csv", today=TODAY).people
    assert from_text.people == read_people(roll.csv("utf-16"), "a.csv", today=TODAY).people


def test_the_people_read_are_the_people_written():
    by_number = {person.number: person for person in fictional.people(100, 1, TODAY)}
    for person in read_people(messy_roll(100).csv(), "a.csv", today=TODAY).people:
        made = by_number[int(person.member_number)]
        assert person.legal_name in {made.name, made.register_name}
        assert (person.reading, person.pen_name) == (made.reading, made.pen_name)
        assert person.email in {made.email, ""}
        assert person.job_categories in {made.job_categories, ()}
        assert person.employment_form == made.employment_form
        assert person.joined_on == made.joined_on
        assert person.language == made.language


@pytest.mark.parametrize("mark", [",", "\t", ";"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp932"])
def test_separators_and_encodings(mark, encoding):
    roster = read(mark.join(["氏名", "メール"]) + "\r\n" + mark.join(["髙﨑 花子", "a@example.jp"]), encoding)
    assert [(person.legal_name, person.email) for person in roster.people] == [("髙﨑 花子", "a@example.jp")]


def test_rows_are_counted_as_a_spreadsheet_shows_them():
    roster = read('名簿\r\n\r\n氏名,備考\r\n"架空\n花子","一行\r\n二行"\r\n\r\n,x\r\n\r\n')
    assert [(person.row, person.legal_name, person.notes) for person in roster.people] == [
        (4, "架空 花子", "一行\n二行")
    ]
    assert codes(roster) == [(6, "A", "name_missing")]
    assert roster.rows == 2


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("氏 名（必須）", Field.LEGAL_NAME),
        ("ﾌﾘｶﾞﾅ", Field.READING),
        ("Ｅ－ｍａｉｌ", Field.EMAIL),
        ("組合員\n番号", Field.MEMBER_NUMBER),
        ("※職種", Field.JOB_CATEGORIES),
        ("Full Name", Field.LEGAL_NAME),
        ("DATE JOINED", Field.JOINED_ON),
        ("血液型", None),
        ("", None),
    ],
)
def test_headings(heading, field):
    assert field_of(heading) is field


def test_names_and_readings_in_two_columns_are_joined():
    roster = read("姓,名,セイ,メイ\r\n架空,花子,ｶｸｳ,ﾊﾅｺ\r\n架空,,,\r\n")
    assert [(person.legal_name, person.reading) for person in roster.people] == [
        ("架空 花子", "カクウ ハナコ"),
        ("架空", ""),
    ]
    assert codes(roster) == [(3, "B", "name_half")]


def test_the_choice_of_columns_goes_before_the_words():
    text = "甲,氏名\r\n架空 花子,架空 太郎\r\n"
    assert [person.legal_name for person in read(text).people] == ["架空 太郎"]
    assert [person.legal_name for person in read(text, mapping={"A": "legal_name"}).people] == ["架空 花子"]
    ignored = read(text, mapping={"B": ""})
    assert (ignored.refused, codes(ignored)) == (True, [(1, "", "no_name_column")])
    assert codes(read(text, mapping={"Z": "email"})) == [(None, "Z", "unknown_column")]
    with pytest.raises(ValueError, match="nonsense"):
        read(text, mapping={"A": "nonsense"})


def test_the_second_of_two_equal_headings_is_left_out_and_named():
    roster = read("氏名,メール,E-mail\r\n架空 花子,a@example.jp,b@example.jp\r\n")
    assert roster.people[0].email == "a@example.jp"
    assert codes(roster) == [(None, "C", "heading_twice")]


def test_the_date_of_birth_is_recognised_and_left_unread():
    roster = read("氏名,生年月日\r\n架空 花子,2000-01-01\r\n")
    assert codes(roster) == [(None, "B", "not_imported")]
    assert "2000" not in repr(roster.people)


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"氏名": ""}, "name_missing"),
        ({"氏名": "12345"}, "name_without_letters"),
        ({"氏名": "=HYPERLINK(1)"}, "name_looks_like_formula"),
        ({"氏名": "＝cmd"}, "name_looks_like_formula"),
        ({"氏名": "架空\u202e花子"}, "direction_mark"),
        ({"氏名": "架空\x07花子"}, "control_character"),
        ({"氏名": "架" * 1_000_000}, "cell_too_long"),
        ({"メール": "架空＠"}, "email_invalid"),
        ({"メール": "=1@example.jp"}, "email_invalid"),
        ({"加入日": "2026-02-30"}, "date_invalid"),
        ({"加入日": "26/4/1"}, "date_two_digit_year"),
        ({"加入日": "2026-11-24"}, "date_in_future"),
        ({"加入日": "1899-12-31"}, "date_too_early"),
        ({"備考": "字" * 4001}, "cell_too_long"),
    ],
)
def test_an_error_keeps_the_row_out_and_names_its_cell(cells, code):
    roster = one(**cells)
    [problem] = roster.problems
    heading = next(iter(cells))
    assert (problem.code, problem.row, problem.heading) == (code, 2, heading)
    assert roster.counts() == {"rows": 1, "valid": 0, "invalid": 1, "duplicates": 0}
    assert not roster.refused
    assert describe(problem, "ja") != describe(problem, "en")


@pytest.mark.parametrize(
    ("cells", "code", "fact"),
    [
        ({"メール": ""}, "email_missing", ("email", "")),
        ({"電話": "12-34"}, "phone_invalid", ("notes", "電話: 12-34")),
        ({"電話": "9012345678"}, "phone_zero_restored", ("phone", "+819012345678")),
        ({"職種": "架空の役"}, "unknown_job", ("notes", "職種: 架空の役")),
        ({"雇用形態": "架空"}, "unknown_employment", ("notes", "雇用形態: 架空")),
        ({"加入日": "平成31年"}, "date_incomplete", ("notes", "加入日: 平成31年")),
        ({"言語": "架空語"}, "unknown_language", ("language", "")),
        ({"フリガナ": "高橋"}, "reading_not_kana", ("reading", "高橋")),
        ({"備考": "=cmd|calc"}, "looks_like_formula", ("notes", "cmd|calc")),
        ({"ペンネーム": "@hanako"}, "looks_like_formula", ("pen_name", "hanako")),
        ({"職場": "架空\u200bスタジオ"}, "invisible_removed", ("studio", "架空スタジオ")),
        ({"職場": "架空\ue000"}, "private_character", ("studio", "架空\ue000")),
    ],
)
def test_a_warning_lets_the_row_in_and_says_what_became_of_the_value(cells, code, fact):
    roster = one(**cells)
    assert [(problem.code, problem.level) for problem in roster.problems] == [(code, "warning")]
    assert getattr(roster.people[0], fact[0]) == fact[1]


@pytest.mark.parametrize("sign", ["-", "－", "ー", "なし", "N/A"])
def test_signs_for_nothing_are_nothing(sign):
    roster = one(電話=sign, 職種=sign, 加入日=sign)
    assert (roster.valid, roster.problems) == (1, ())


def test_a_shifted_row_is_refused_in_text():
    roster = read("氏名,職種\r\n架空 花子,原画,動画\r\n")
    assert (roster.invalid, codes(roster)) == (1, [(2, "C", "cells_without_heading")])


@pytest.mark.parametrize(
    ("second", "by", "code"),
    [
        ("架空 太郎,,A@example.jp,2", "email", "duplicate_email"),
        ("架空 太郎,,b@example.jp,１", "member_number", "duplicate_number"),
        ("架空髙 花子,カクウダカハナコ,,", "name", "duplicate_name"),
    ],
)
def test_a_repeated_person_is_counted_apart(second, by, code):
    roster = read(f"氏名,フリガナ,メール,会員番号\r\n架空高花子,ｶｸｳﾀﾞｶ ﾊﾅｺ,a@example.jp,1\r\n{second}\r\n")
    assert [(twin.row, twin.first_row, twin.by) for twin in roster.duplicates] == [(3, 2, by)]
    assert code in [problem.code for problem in roster.problems]
    assert roster.counts() == {"rows": 2, "valid": 1, "invalid": 0, "duplicates": 1}


def test_two_people_of_one_name_are_both_read():
    roster = read("氏名,メール,会員番号\r\n架空 花子,a@example.jp,1\r\n架空 花子,b@example.jp,2\r\n")
    assert (roster.valid, roster.duplicates, codes(roster)) == (2, (), [(3, "A", "same_name")])


def test_a_sound_row_after_a_faulty_one_is_no_duplicate():
    roster = read(
        "氏名,メール,加入日\r\n架空 花子,a@example.jp,2026-02-30\r\n架空 花子,a@example.jp,2026-02-28\r\n"
    )
    assert (roster.valid, roster.invalid, roster.duplicates) == (1, 1, ())


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_workbook_gives_dates_whole_numbers_and_names_its_formulas():
    book = openpyxl.Workbook()
    book.create_sheet("名簿").append(["氏名", "会員番号", "加入日", "備考"])
    book["名簿"].append(["架空 花子", 7, date(2026, 4, 1), 1.5])
    book["名簿"].append(["架空 太郎", "=B2+1", None, None])
    book.create_sheet("控え").append(["古い"])
    roster = read_people(saved(book), "名簿.xlsx", today=TODAY)
    [person] = roster.people
    assert (person.member_number, person.joined_on, person.notes) == ("7", date(2026, 4, 1), "1.5")
    assert codes(roster) == [(None, "", "other_sheets"), (3, "B", "formula_without_value")]
    assert (roster.sheet, roster.problems[0].facts["others"]) == ("名簿", "控え")


def test_hidden_sheets_are_passed_over():
    book = openpyxl.Workbook()
    book.active.append(["氏名"])
    book.active.sheet_state = "hidden"
    book.create_sheet("見える").append(["氏名"])
    book["見える"].append(["架空 花子"])
    assert read_people(saved(book), "x", today=TODAY).sheet == "見える"


def test_letters_of_columns():
    assert [letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_fictional_people_are_the_same_again_and_all_different():
    people = fictional.people(5000, 7, TODAY)
    assert people == fictional.people(5000, 7, TODAY)
    assert people != fictional.people(5000, 8, TODAY)
    assert len({person.name for person in people}) == 5000
    assert all(person.name.startswith("架空") and person.studio.startswith("架空") for person in people)
    assert {person.email.rpartition("@")[2] for person in people} == {"example.jp", "example.com"}


def test_there_are_not_endless_fictional_people():
    with pytest.raises(ValueError, match="names for"):
        fictional.people(24_001, 1, TODAY)
