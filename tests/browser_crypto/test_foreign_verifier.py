"""Debian 12's belenios-tool, which we did not write, judges elections made by the browser's modules."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.browser_crypto.conftest import TESTS_JS, TIMEOUT_SECONDS

pytestmark = pytest.mark.slow


def judged(node: str, folder: Path, *defect: str) -> subprocess.CompletedProcess[str]:
    tool = shutil.which("belenios-tool")
    if tool is None:
        if os.environ.get("CI") == "true":
            pytest.fail("belenios-tool is not installed")
        pytest.skip("belenios-tool is not installed")
    writer = [node, str(TESTS_JS / "write_election.mjs"), str(folder), "BELENIOS-2048", *defect]
    subprocess.run(writer, check=True, timeout=TIMEOUT_SECONDS)
    return subprocess.run(
        [tool, "election", "verify", "--dir", str(folder)],
        env={**os.environ, "LWT_ASYNC_METHOD": "none"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_SECONDS,
        check=False,
    )


def test_an_election_of_the_browser_is_accepted(node: str, tmp_path: Path) -> None:
    done = judged(node, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "all checks passed" in done.stderr + done.stdout


def test_a_rewritten_result_is_refused(node: str, tmp_path: Path) -> None:
    done = judged(node, tmp_path, "rewritten-result")
    assert done.returncode != 0
    assert "all checks passed" not in done.stderr + done.stdout
