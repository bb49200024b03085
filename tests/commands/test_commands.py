"""The commands of the officer who runs the server, called as programs."""

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import create_engine, text

pytestmark = pytest.mark.engine_free


@pytest.fixture
def unionapp(tmp_path):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("UNIONAPP_")}

    def run(*arguments, given=None, **settings):
        return subprocess.run(
            [sys.executable, "-m", "unionapp", *arguments],
            cwd=tmp_path,
            env={**environ, **{f"UNIONAPP_{name}": value for name, value in settings.items()}},
            input=given,
            check=False,
            capture_output=True,
            text=True,
            timeout=120,
        )

    return run


def one_clear_line(result, status):
    assert result.returncode == status
    assert result.stdout == ""
    assert result.stderr.startswith("unionapp: ")
    assert result.stderr.count("\n") == 1
    assert "Traceback" not in result.stderr


def test_a_new_database_is_made_checked_and_its_log_verified(unionapp, tmp_path):
    one_clear_line(unionapp("db", "check"), 1)
    assert unionapp("db", "upgrade").returncode == 0
    assert unionapp("db", "check").returncode == 0
    head = json.loads(unionapp("audit", "verify", "--json").stdout)
    assert head == {"events": 0, "head": "0" * 64}


def test_a_first_officer_is_made_and_the_log_tells(unionapp, tmp_path):
    unionapp("db", "upgrade")
    made = unionapp(
        "user", "create", "--name", "架空 みどり", "--email", "midori@example.jp",
        "--office", "membership_officer", "--json",
    )  # fmt: skip
    facts = json.loads(made.stdout)
    assert "/account/first-password/" in facts["link"]
    again = unionapp("user", "create", "--name", "架空 みどり", "--email", "MIDORI@example.jp")
    one_clear_line(again, 1)
    assert json.loads(unionapp("audit", "verify", "--json").stdout)["events"] >= 1
    engine = create_engine(f"sqlite:///{tmp_path / 'instance' / 'unionapp.sqlite3'}")
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_event_no_update"))
        connection.execute(text("UPDATE audit_event SET subject = 'somebody else' WHERE seq = 1"))
    engine.dispose()
    one_clear_line(unionapp("audit", "verify"), 1)


def test_a_password_may_come_from_standard_input(unionapp):
    unionapp("db", "upgrade")
    arguments = (
        "user",
        "create",
        "--name",
        "架空 はな",
        "--email",
        "hana@example.jp",
        "--password-from-stdin",
    )
    one_clear_line(unionapp(*arguments, given="password\n"), 1)
    made = unionapp(*arguments, given="原画を描き続ける夜明け\n")
    assert made.returncode == 0, made.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("no-such-command",),
        ("serve", "--site", "nowhere"),
        ("ballots", "verify"),
        ("user", "create", "--name", "x", "--email", "no address"),
    ],
)
def test_wrong_use_is_one_line_and_exit_2(unionapp, arguments):
    one_clear_line(unionapp(*arguments), 2)


def test_wrong_settings_are_all_told(unionapp):
    result = unionapp("db", "check", MAIL_PORT="0", DATABASE_URL="mysql://x", NO_SUCH="1")
    one_clear_line(result, 2)
    for name in ("MAIL_PORT", "DATABASE_URL", "NO_SUCH"):
        assert name in result.stderr


def test_what_was_given_up_is_listed_and_tried_again(unionapp, tmp_path):
    unionapp("db", "upgrade")
    row = "'00000000000000000000000000000001', 'mail.deliver', '{}', :at, :at, 36, :at, 'OSError'"
    columns = "id, name, payload, created_at, not_before, attempts, failed_at, error"
    engine = create_engine(f"sqlite:///{tmp_path / 'instance' / 'unionapp.sqlite3'}")
    with engine.begin() as connection:
        statement = f"INSERT INTO outbox_job ({columns}) VALUES ({row})"
        connection.execute(text(statement), {"at": "2026-11-22 00:00:00.000000"})
    engine.dispose()
    listed = json.loads(unionapp("jobs", "list", "--json").stdout)
    assert listed["waiting"] == 0
    assert [job["error"] for job in listed["given_up"]] == ["OSError"]
    assert unionapp("jobs", "retry").stdout == "1 jobs will be tried again\n"
    assert json.loads(unionapp("jobs", "list", "--json").stdout) == {"waiting": 1, "given_up": []}


def test_help_names_every_command(unionapp):
    result = unionapp("--help")
    assert result.returncode == 0
    for command in (
        "audit",
        "ballots",
        "bargaining",
        "bench",
        "db",
        "demo",
        "members",
        "serve",
        "user",
        "work",
    ):
        assert f"  {command} " in result.stdout
