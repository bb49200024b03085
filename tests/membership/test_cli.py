import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.factories import rosters
from unionapp.kernel import terminal
from unionapp.membership.cli import members
from unionapp.membership.models import Member

ROLL = "氏名,フリガナ,メール\n髙橋 花子,タカハシ ハナコ,hana@example.jp\n,ナナシ,b@example.jp\n"


@pytest.fixture
def roll(tmp_path):
    path = tmp_path / "名簿.csv"
    path.write_bytes(ROLL.encode("cp932"))
    return path


def run(*arguments, **environment):
    return CliRunner().invoke(members, ["import", *map(str, arguments)], env=environment)


def test_a_dry_run_on_an_empty_machine_prints_one_json_value_and_makes_nothing(tmp_path):
    roll = rosters.messy_roll(300)
    (tmp_path / "roll.csv").write_bytes(roll.csv())
    code = "from unionapp.membership.cli import members; members()"
    done = subprocess.run(
        [sys.executable, "-c", code, "import", "roll.csv", "--dry-run", "--json"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        check=True,
    )
    told = json.loads(done.stdout)
    assert (told["rows"], told["valid"], told["invalid"], told["duplicates"]) == (
        roll.rows_expected,
        roll.valid,
        roll.invalid,
        roll.duplicates,
    )
    assert set(told["problems"][0]) == {"row", "column", "what", "what_to_do"}
    assert done.stderr == b""
    assert [path.name for path in tmp_path.iterdir()] == ["roll.csv"]


def test_invalid_rows_are_named_and_the_command_ends_well(roll):
    done = run(roll, "--dry-run")
    assert done.exit_code == 0
    assert "2 rows: 1 valid, 1 invalid, 0 doubled" in done.stdout
    assert "row 3" in done.stdout


def test_messages_follow_the_language(roll):
    assert "2行：取り込めるもの1" in run(roll, "--dry-run", LANG="ja_JP.UTF-8", LC_ALL="").stdout
    assert "2行：" in run(roll, "--dry-run", "--lang", "ja", LANG="en_US.UTF-8").stdout
    assert "2 rows" in run(roll, "--dry-run", LANG="C", LC_ALL="").stdout


@pytest.mark.parametrize("data", [b"", b"\x00\xff" * 900, b"PK\x03\x04", b"a,b\n1,2\n"])
@pytest.mark.parametrize("more", [[], ["--json"], ["--dry-run"]])
def test_a_file_that_is_no_roll_ends_with_one_line_and_one(tmp_path, data, more):
    path = tmp_path / "bad"
    path.write_bytes(data)
    done = run(path, *more)
    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "huge.csv"
    with path.open("wb") as stream:
        stream.truncate(1 << 32)
    done = run(path, "--dry-run")
    assert done.exit_code == 1
    assert "4,294,967,296" in done.stderr


@pytest.mark.parametrize("wrong", [["missing.csv"], [], ["--lang", "fr"], ["--nonsense"]])
def test_wrong_use_ends_with_two(wrong):
    assert run(*wrong).exit_code == 2


def test_importing_adds_the_people_once(app, connection, session, roll, monkeypatch):
    monkeypatch.setattr(terminal, "_maker", [lambda _settings: app])
    done = run(roll, "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["added"], told["known"], told["valid"]) == (1, 0, 1)
    assert session.scalars(select(Member.legal_name)).all() == ["髙橋 花子"]
    again = run(roll, "--lang", "ja")
    assert "すでに組合員：1" in again.stdout
