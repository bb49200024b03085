"""Running the browser's modules in Node.js, whose ECMAScript engine is Chromium's."""

import base64
import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import playwright
import pytest

ROOT = Path(__file__).parents[2]
TESTS_JS = ROOT / "tests" / "js"
TIMEOUT_SECONDS = 300


def bytes_for_node(raw: bytes) -> dict[str, str]:
    """Write bytes as exchange.mjs reads them."""
    return {"base64": base64.b64encode(raw).decode()}


@pytest.fixture(scope="session")
def node() -> str:
    """Return the path of Node.js: the machine's own, or the one that Playwright's package brings."""
    return shutil.which("node") or str(Path(playwright.__file__).parent / "driver" / "node")


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
