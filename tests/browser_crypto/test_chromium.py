"""The browser's cryptography in a real browser, under the content security policies of the site."""

import base64
import os
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page, sync_playwright

from tests.browser_crypto.conftest import ROOT
from tests.browser_crypto.test_belenios_both_ways import cast_in_python, finish, make_poll
from unionapp.crypto.belenios.ballot import check_ballot
from unionapp.crypto.belenios.groups import group_named

pytestmark = pytest.mark.browser

STRICT = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
WITH_WORKER = (
    "default-src 'none'; script-src 'self'; worker-src 'self'; connect-src 'self'; "
    "require-trusted-types-for 'script'; trusted-types unionapp-worker"
)
PAGE = b'<!doctype html><html lang="en"><title>test</title><script type="module" src="/page.mjs"></script>'
FILES = {"/page.mjs": ROOT / "tests" / "js" / "chromium_page.mjs"}


class Site(SimpleHTTPRequestHandler):
    """Serves the page at /strict and /worker, each under its policy, and the static files."""

    def guess_type(self, path: str | os.PathLike[str]) -> str:
        return "text/javascript" if str(path).endswith(("js", "mjs")) else super().guess_type(path)

    def do_GET(self) -> None:
        policies = {"/strict": STRICT, "/worker": WITH_WORKER}
        if self.path in policies:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policies[self.path])
            self.end_headers()
            self.wfile.write(PAGE)
        else:
            super().do_GET()

    def end_headers(self) -> None:
        if self.path.startswith("/static/"):
            self.send_header("Content-Security-Policy", WITH_WORKER)
        super().end_headers()

    def translate_path(self, path: str) -> str:
        if path in FILES:
            return str(FILES[path])
        return super().translate_path(path) if path.startswith("/static/") else str(Path("/absent"))

    def log_message(self, *_: object) -> None:
        """Keep the test's output quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Site, directory=str(ROOT / "unionapp")))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is not installed")
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser.new_page()
        browser.close()


def open_page(page: Page, address: str) -> list[str]:
    """Open a page and return the list that its errors will go to."""
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(address)
    page.wait_for_function("globalThis.browserCrypto !== undefined")
    return errors


def vote(page: Page, *, worker: bool) -> None:
    poll = make_poll(group_named("Ed25519"))
    archive = poll.open()
    cast_in_python(poll, archive)
    counts = finish(poll, archive)
    given: dict[str, Any] = {
        "worker": worker,
        "election": poll.election.raw.decode(),
        "credential": poll.codes[0],
        "selections": ["blank", [2]],
        "times": 2,
        "archive": base64.b64encode(archive.to_bytes()).decode(),
    }
    found = page.evaluate("given => browserCrypto.vote(given)", given)
    assert (found["accepted"], found["counts"]) == (True, counts)
    assert found["steps"] > 0
    for ballot in found["ballots"]:
        check_ballot(poll.election, poll.credentials, ballot.encode())


def test_a_ballot_is_made_and_an_archive_verified_under_the_strictest_policy(page: Page, site: str) -> None:
    errors = open_page(page, f"{site}/strict")
    vote(page, worker=False)
    assert errors == page.evaluate("browserCrypto.violations") == []


def test_the_worker_starts_under_its_own_policy(page: Page, site: str) -> None:
    errors = open_page(page, f"{site}/worker")
    vote(page, worker=True)
    assert errors == page.evaluate("browserCrypto.violations") == []


def test_no_worker_starts_under_the_strictest_policy(page: Page, site: str) -> None:
    open_page(page, f"{site}/strict")
    with pytest.raises(PlaywrightError, match="createPolicy"):
        vote(page, worker=True)


def test_a_report_is_sealed_and_read_under_the_strictest_policy(page: Page, site: str) -> None:
    errors = open_page(page, f"{site}/strict")
    found = page.evaluate("given => browserCrypto.report(given)", {"text": "残業代の未払い"})
    assert found["read"] == "残業代の未払い"
    assert errors == page.evaluate("browserCrypto.violations") == []
