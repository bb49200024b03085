"""What an officer gets wrong on the server ends in one line, not in a stack of calls."""

import os
import subprocess
import sys

import pytest

pytestmark = pytest.mark.engine_free


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({}, "unionapp db upgrade"),
        ({"UNIONAPP_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none"}, "cannot be reached"),
        ({"UNIONAPP_DATA_DIR": "/proc/none"}, "/proc/none"),
    ],
)
def test_a_database_that_is_not_there_is_one_line(tmp_path, settings, said):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("UNIONAPP_")}
    environ |= {"UNIONAPP_DATA_DIR": str(tmp_path), **settings}
    command = [sys.executable, "-m", "unionapp", "audit", "verify"]
    result = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 2
    assert result.stdout == ""
    assert result.stderr.count("\n") == 1
    assert said in result.stderr
