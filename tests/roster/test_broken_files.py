"""Files that are no lists, or only pretend to be: each is refused with its reason in both languages."""

import io
import struct
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.factories.rosters import TODAY
from unionapp.roster import lettering
from unionapp.roster.limits import Limits
from unionapp.roster.people import read_people
from unionapp.roster.problems import Problem, describe

HEAD = "氏名,メール\r\n"


def refusal(data, **limits):
    roster = read_people(data, "名簿", today=TODAY, limits=Limits(**limits))
    assert roster.refused
    assert roster.people == ()
    assert roster.valid == 0
    [problem] = [problem for problem in roster.problems if problem.level == "error"]
    for lang in ("ja", "en"):
        assert all(describe(problem, lang))
    return problem


def workbook(rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, more in sheets.items():
        sheet = book.create_sheet(title)
        for row in more:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def with_part(data, name, change):
    source, target = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for part in source.namelist():
            content = source.read(part)
            archive.writestr(part, change(content) if part == name else content)
    return target.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n \r\n", "file_empty"),
        (b",,,\r\n,,,\r\n", "file_empty"),
        (b"\xef\xbb\xbf", "file_empty"),
        (b"%PDF-1.7 and so on", "file_not_a_list"),
        (b"\x89PNG\r\n\x1a\n", "file_not_a_list"),
        (bytes(range(256)) * 20, "undecodable"),
        (bytes(range(1, 127)) * 20, "file_binary"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (b"PK\x03\x04 no archive at all", "broken_workbook"),
        (HEAD.encode("iso2022_jp"), "old_jis"),
        ((HEAD + '架空 花子,"a@example.jp\r\n').encode(), "broken_quotes"),
        ("架空,花子\r\n1,2\r\n".encode(), "no_heading"),
        ("メール,電話\r\na@example.jp,\r\n".encode(), "no_name_column"),
    ],
)
def test_what_is_no_list_is_refused(data, code):
    assert refusal(data).code == code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
def test_a_broken_byte_is_named_with_its_line_and_place(encoding):
    data = (HEAD + "架空 花子,a@example.jp\r\n架空 ").encode(encoding) + b"\xed\xa0\x80,b@example.jp\r\n"
    problem = refusal(data)
    assert (problem.code, dict(problem.facts)) == (
        "undecodable",
        {"encoding": "UTF-8", "line": "3", "place": "4", "byte": "0xED"},
    )


def test_a_broken_byte_in_japanese_windows_text_is_named():
    problem = refusal((HEAD + "架空 花子,").encode("cp932") + b"\x81\xff\r\n")
    assert (problem.facts["encoding"], problem.facts["line"], problem.facts["place"]) == (
        "Shift_JIS (CP932)",
        "2",
        "7",
    )


def test_a_lone_surrogate_in_utf16_is_refused():
    data = b"\xff\xfe" + (HEAD + "架空 ").encode("utf-16-le") + b"\x00\xd8" + ",\r\n".encode("utf-16-le")
    assert refusal(data).code == "undecodable"


def test_a_nul_is_named_with_its_place():
    problem = refusal((HEAD + "架空\x00花子,a@example.jp\r\n").encode())
    assert (problem.code, problem.facts["line"], problem.facts["place"]) == ("nul", "2", "3")


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        ({"file_bytes": 50}, "file_too_large"),
        ({"rows": 3}, "too_many_rows"),
        ({"columns": 1}, "too_many_columns"),
    ],
)
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_lists_beyond_the_limits_are_refused(limits, code, form):
    rows = [["氏名", "メール"], *([f"架空 花子{number}", ""] for number in range(9))]
    data = workbook(rows) if form == "xlsx" else "\r\n".join(",".join(row) for row in rows).encode()
    assert refusal(data, **limits).code == code


def test_a_header_that_claims_a_gigabyte_is_refused_without_unpacking():
    data = bytearray(workbook([["氏名"], ["架空 花子"]]))
    entry = data.index(b"PK\x01\x02")
    struct.pack_into("<I", data, entry + 24, 1 << 30)
    assert refusal(bytes(data)).code == "unpacks_too_large"


def test_a_bomb_with_true_sizes_is_refused():
    data = with_part(workbook([["氏名"]]), SHEET, lambda part: part + b" " * 3_000_000)
    assert refusal(data, unpacked_bytes=2_000_000).code == "unpacks_too_large"


def test_a_bomb_that_declares_little_is_refused():
    data = bytearray(with_part(workbook([["氏名"]]), SHEET, lambda part: part + b" " * 3_000_000))
    entry = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    struct.pack_into("<I", data, entry + 24, 2_000)
    assert refusal(bytes(data)).code == "broken_workbook"


def test_a_cell_at_the_end_of_the_world_is_refused_before_a_table_is_built():
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    data = with_part(workbook([["氏名"]]), SHEET, lambda part: part.replace(b"</sheetData>", far))
    assert refusal(data).code == "too_many_rows"


@pytest.mark.parametrize(
    "change",
    [
        lambda part: part.replace(b"</row>", b""),
        lambda part: b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + part,
        lambda part: part.replace(b'r="A1"', b'r="A0"'),
        lambda part: part.replace(b'<row r="1"', b'<row r="-1"'),
        lambda part: part.replace(b"</t>", b"&#xD800;</t>"),
    ],
)
def test_damaged_sheets_are_refused(change):
    assert refusal(with_part(workbook([["氏名"], ["架空 花子"]]), SHEET, change)).code == "broken_workbook"


def test_an_archive_that_is_no_workbook_is_refused():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("名簿.csv", HEAD)
    assert refusal(stream.getvalue()).code == "other_archive"


def test_a_workbook_without_values_is_refused():
    assert refusal(workbook([])).code == "no_cells"


@given(st.binary(max_size=400))
def test_no_bytes_raise(data):
    roster = read_people(data, "x", today=TODAY)
    assert roster.rows == roster.valid + roster.invalid + len(roster.duplicates)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 4_000), st.integers(1, 255))
def test_no_damaged_workbook_raises(place, difference):
    data = bytearray(workbook([["氏名", "メール"], ["架空 花子", "a@example.jp"]]))
    data[place % len(data)] ^= difference
    roster = read_people(bytes(data), "x", today=TODAY)
    assert roster.rows == roster.valid + roster.invalid + len(roster.duplicates)


def test_every_message_stands_in_both_languages_with_the_same_facts():
    facts = dict.fromkeys(
        (
            "size",
            "limit",
            "kind",
            "encoding",
            "line",
            "place",
            "byte",
            "rows",
            "other",
            "column",
            "sheet",
            "others",
            "value",
            "length",
            "character",
        ),
        "7",
    )
    for code, languages in lettering.data_table("messages.toml").items():
        assert set(languages) == {"ja", "en"}
        for lang in languages:
            what, advice = describe(Problem(code, facts=facts), lang)
            assert what
            assert advice
            assert "%" not in what + advice
        in_each = [
            sorted(part for part in facts if f"%({part})s" in "".join(languages[lang]))
            for lang in ("ja", "en")
        ]
        assert in_each[0] == in_each[1]
