"""What the commands write where: any locale, closed streams, readers who leave, files that are none."""

import json
import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.engine_free

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture
def unionapp(tmp_path):
    names = ("UNIONAPP_", "PYTHONUNBUFFERED", "PYTHONUTF8", "PYTHONIOENCODING")
    environ = {name: value for name, value in os.environ.items() if not name.startswith(names)}
    (tmp_path / "old").write_text("三十日前に通知する。\n", encoding="utf-8")
    (tmp_path / "new").write_text("十四日前に😀通知する。\n", encoding="utf-8")
    (tmp_path / "名簿.csv").write_text("氏名,メール\n架空 太郎,no address\n", encoding="utf-8")

    def run(*arguments, after="", **settings):
        shell = f'"$0" -m unionapp "$@" {after}; exit "${{PIPESTATUS[0]}}"'
        return subprocess.run(
            ["/bin/bash", "-c", shell, sys.executable, *arguments],
            cwd=tmp_path,
            env={**environ, **settings},
            stdin=subprocess.DEVNULL,
            check=False,
            capture_output=True,
            timeout=120,
        )

    return run


def refused(result, status, *words):
    assert result.returncode == status
    assert result.stdout == b""
    (line,) = result.stderr.decode("utf-8").splitlines()
    assert line.startswith("unionapp: ")
    for word in words:
        assert word in line


def test_japanese_is_written_whatever_the_locale(unionapp):
    told = unionapp("members", "import", "--dry-run", "--lang", "ja", "名簿.csv", **ASCII)
    assert told.returncode == 0, told.stderr
    assert "何も書き込んでいません。" in told.stdout.decode("utf-8")
    told = unionapp("members", "import", "--dry-run", "--json", "--lang", "ja", "名簿.csv", **ASCII)
    assert json.loads(told.stdout)["invalid"] == 1


def test_names_of_files_are_told_as_they_are_and_command_no_terminal(unionapp):
    refused(unionapp("bargaining", "redline", "old", "無い", **ASCII), 2, "無い: there is no such file")
    refused(unionapp("bargaining", "redline", "old", "a\x1b[31m\nb"), 2, r"a\x1b[31m b")
    refused(unionapp("bargaining", "redline", "old", b"a\xff"), 2, r"a\xff")


@pytest.mark.parametrize(
    "arguments",
    [("bargaining", "redline", "old", "new"), ("members", "import", "--dry-run", "名簿.csv"), ("--help",)],
)
def test_a_reader_who_leaves_is_no_error(unionapp, arguments):
    left = unionapp(*arguments, after="| true")
    assert (left.returncode, left.stderr) == (0, b"")
    full = unionapp(*arguments, after="> /dev/full")
    refused(full, 2, "No space left")


def test_closed_streams_are_no_error(unionapp, tmp_path):
    closed = unionapp("bargaining", "redline", "old", "new", after=">&-")
    assert (closed.returncode, closed.stderr) == (0, b"")
    silent = unionapp("bargaining", "redline", "old", "absent", after="2>&-")
    assert (silent.returncode, silent.stdout, silent.stderr) == (2, b"", b"")
    assert unionapp("bargaining", "redline", "old", "new", after="<&- >&- 2>&-").returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "old", "名簿.csv"]


def test_pipes_are_read_but_nobody_waits_for_a_named_one(unionapp, tmp_path):
    os.mkfifo(tmp_path / "fifo")
    refused(unionapp("bargaining", "redline", "old", "fifo"), 2, "named pipe")
    refused(unionapp("members", "import", "--dry-run", "fifo"), 2, "named pipe")
    piped = unionapp("bargaining", "redline", "old", "--json", after="<(cat new)")
    assert "".join(text for op, text in json.loads(piped.stdout) if op != "delete") == (
        tmp_path / "new"
    ).read_text(encoding="utf-8")


def test_what_never_ends_is_refused(unionapp):
    refused(unionapp("bargaining", "redline", "/dev/zero", "old"), 1, "larger than")
    refused(unionapp("members", "import", "--dry-run", "/dev/zero"), 1, "larger than")


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("bench",),
        ("bench", "merge", "--units", "0"),
        ("bench", "merge", "--units", "5", "--edits", "50"),
        ("bench", "redline", "--rival-seconds", "nan"),
        ("bench", "report", "--characters", "-1"),
        ("bench", "verify", "--ballots", "0"),
        ("bench", "cast", "--writers", "0"),
        ("serve", "--port", "99999"),
        ("serve", "--workers", "0"),
        ("serve", "--host", "no.such.host.invalid"),
    ],
)
def test_impossible_figures_are_wrong_use_and_leave_nothing_behind(unionapp, tmp_path, arguments):
    refused(unionapp(*arguments), 2)
    assert not (tmp_path / "instance").exists()


def test_commands_that_need_no_database_run_where_nothing_can_be_written(unionapp, tmp_path):
    for arguments in (
        ("bargaining", "redline", "old", "new"),
        ("members", "import", "--dry-run", "名簿.csv"),
    ):
        before = {path.name for path in tmp_path.iterdir()}
        assert unionapp(*arguments, UNIONAPP_DATA_DIR="/proc/nowhere").returncode == 0
        assert {path.name for path in tmp_path.iterdir()} == before
