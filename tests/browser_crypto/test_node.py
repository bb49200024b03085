"""The browser's own tests, by Node's test runner."""

import subprocess

from tests.browser_crypto.conftest import ROOT, TESTS_JS, TIMEOUT_SECONDS


def test_the_browser_modules_pass_their_tests_in_node(node: str) -> None:
    files = sorted(str(path) for path in TESTS_JS.glob("*.test.mjs"))
    assert files
    command = [node, "--test", *files]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=TIMEOUT_SECONDS, check=False, cwd=ROOT
    )
    assert done.returncode == 0, done.stdout[-8000:]
    assert "# tests 0" not in done.stdout
