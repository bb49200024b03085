"""unionapp bargaining redline: lossless, clear refusals, no database."""

import json

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from unionapp.bargaining.cli import bargaining

pytestmark = pytest.mark.engine_free


def run(*arguments):
    return CliRunner().invoke(bargaining, ["redline", *map(str, arguments)])


@pytest.fixture
def files(tmp_path):
    def write(old, new):
        for name, content in (("old.txt", old), ("new.txt", new)):
            (tmp_path / name).write_bytes(content)
        return tmp_path / "old.txt", tmp_path / "new.txt"

    return write


def test_marks(files):
    result = run(*files("三十日前に通知する。\r\n".encode(), "十四日前に通知する。\r\n".encode()))
    assert result.exit_code == 0
    assert result.stdout_bytes == "[-三十日前-]{+十四日前+}に通知する。\r\n".encode()


def test_json_gives_both_files_back_byte_for_byte(files):
    old = "﻿第1条　目的\r\n会社は\r組合\n\u2028終\U00020000\r\n".encode()
    new = "第1条　定義\r\n会社と\r組合\n\u2028終わり\U00020000".encode()
    ops = json.loads(run(*files(old, new), "--json").stdout_bytes)
    assert "".join(text for op, text in ops if op != "insert").encode() == old
    assert "".join(text for op, text in ops if op != "delete").encode() == new
    assert {op for op, _text in ops} <= {"equal", "delete", "insert"}


@given(st.text(), st.text())
def test_any_two_texts_come_back(tmp_path_factory, old, new):
    folder = tmp_path_factory.mktemp("redline")
    (folder / "old").write_bytes(old.encode())
    (folder / "new").write_bytes(new.encode())
    ops = json.loads(run(folder / "old", folder / "new", "--json").stdout_bytes)
    assert "".join(text for op, text in ops if op != "insert") == old
    assert "".join(text for op, text in ops if op != "delete") == new


def test_the_same_file_twice(files):
    old, _new = files(b"a", b"b")
    assert json.loads(run(old, old, "--json").stdout) == [["equal", "a"]]


def test_empty_files(files):
    assert json.loads(run(*files(b"", b""), "--json").stdout) == []


def test_a_missing_file_is_wrong_use(files, tmp_path):
    old, _new = files(b"a", b"b")
    result = run(old, tmp_path / "absent.txt")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1
    assert "absent.txt" in result.stderr


def test_a_folder_is_wrong_use(files, tmp_path):
    old, _new = files(b"a", b"b")
    result = run(tmp_path, old)
    assert (result.exit_code, result.stdout) == (2, "")
    assert len(result.stderr.splitlines()) == 1


def test_what_is_not_utf_8_is_bad(files):
    result = run(*files("協約".encode("cp932"), "協約".encode()))
    assert (result.exit_code, result.stdout) == (1, "")
    assert len(result.stderr.splitlines()) == 1
    assert "old.txt" in result.stderr
    assert "UTF-8" in result.stderr
