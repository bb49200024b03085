"""Running the browser's modules in Node.js, whose ECMAScript engine is Chromium's."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
TESTS_JS = ROOT / "tests" / "js"
TIMEOUT_SECONDS = 300


def bytes_for_node(raw: bytes) -> dict[str, str]:
    """Write bytes as exchange.mjs reads them."""
    return {"base64": base64.b64encode(raw).decode()}


@pytest.fixture(scope="session")
def node() -> str:
    """Return the path of Node.js; without it the tests are skipped, but not in continuous integration."""
    path = shutil.which("node")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Node.js is not installed")
        pytest.skip("Node.js is not installed")
    return path


@pytest.fixture
def run_tasks(node: str, tmp_path: Path) -> Callable[..., list[dict[str, Any]]]:
    """Return a function that runs tasks of the browser's ballot code: (task, input) pairs to results."""

    def run(*tasks: tuple[str, dict[str, Any]]) -> list[dict[str, Any]]:
        file = tmp_path / "tasks.json"
        file.write_text(json.dumps([{"task": task, "input": given} for task, given in tasks]))
        command = [node, str(TESTS_JS / "exchange.mjs"), str(file)]
        done = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=True)
        results: list[dict[str, Any]] = json.loads(done.stdout)
        return results

    return run
