"""Stories in headless Chromium against the real program, in both languages, on a phone and at a desk."""

import os
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.stage import Stage
from tests.browser.visitor import Visitor

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
CHROMIUM = "/usr/bin/chromium"


def pytest_collection_modifyitems(items):
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.engine_free)


@pytest.fixture(scope="module")
def browser():
    """Debian's Chromium; without it the stories are skipped, but not in continuous integration.

    One a module: while Playwright runs, no other test of this process could start it again.
    """
    path = CHROMIUM if Path(CHROMIUM).exists() else shutil.which("chromium")
    if path is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    """The whole program with an empty union, for the stories of one module."""
    stage = Stage(tmp_path_factory.mktemp("stage"))
    try:
        stage.prepare_database()
        stage.start()
        yield stage
    finally:
        stage.stop()


@pytest.fixture(scope="session")
def seen():
    """Pages that axe has examined in this run, by address, heading, language and device."""
    return set()


@pytest.fixture
def visit(browser, stage, seen):
    """Return a function that seats a visitor at a browser; all are closed, and heard out, at the end."""
    visitors = []

    def seat(**how):
        visitors.append(Visitor(browser, stage, seen, **how))
        return visitors[-1]

    yield seat
    for visitor in visitors:
        visitor.context.close()
    faults = [fault for visitor in visitors for fault in visitor.heard()]
    assert not faults, "\n".join(faults)


both = pytest.mark.parametrize(
    ("language", "device"), [("ja", "phone"), ("en", "desk")], ids=["ja-390", "en-1280"]
)
