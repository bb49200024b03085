"""The booth when things go wrong: a change of mind while encrypting, a browser that may keep nothing."""

import email
import email.policy
import re
import time

import pytest

from tests.browser.letters import text_of
from tests.factories.ballots import make_opening
from unionapp.kernel import clock

CODE = re.compile(r"\b\w{5}-\w{6}-\w{5}-\w{6}\b", re.ASCII)
PATIENCE_SECONDS = 40
FORBID_STORE = """
for (const verb of ["getItem", "setItem", "removeItem"]) {
  const stored = Storage.prototype[verb];
  Storage.prototype[verb] = function (key, ...rest) {
    if (key.startsWith("ballot:")) throw new DOMException("forbidden", "SecurityError");
    return stored.call(this, key, ...rest);
  };
}
console.warn = () => {};  // the page tells the console each time
"""


@pytest.fixture(scope="module")
def opened(stage):
    """The voting page's address of an open ballot, and a code for each test."""
    stage.act(lambda session: make_opening(session, clock.now()).election.id)
    end = time.monotonic() + PATIENCE_SECONDS
    while not (letters := [text for text in written(stage) if CODE.search(text)]):
        assert time.monotonic() < end, stage.logs()
        time.sleep(0.1)
    address = re.search(r"http://localhost:\d+/ballots/[0-9a-f-]+/booth", letters[0]).group()
    return f"{address}?lang=en", CODE.search(letters[0]).group()


def written(stage):
    files = stage.settings.letters_dir.glob("*.eml")
    return [
        text_of(email.message_from_bytes(file.read_bytes(), policy=email.policy.default)) for file in files
    ]


def choose(voter, address, answer):
    voter.open(address)
    voter.button("Go on to choose").click()
    voter.page.locator(f"#choice-0-{answer}").check()
    voter.button("Go on to check").click()


def test_the_ballot_sealed_is_the_last_choice(visit, opened):
    address, code = opened
    voter = visit(language="en")
    held = []
    voter.page.route(re.compile("election[.]json"), lambda route: held.append(route))  # noqa: PLW0108  # Playwright takes no builtin
    choose(voter, address, 0)
    voter.page.locator("#code").fill(code)
    with voter.page.expect_request(re.compile("election[.]json")):
        voter.button("Encrypt my vote").click()
    voter.page.locator("#code-form [data-go='2']").click()
    voter.page.locator("#choice-0-1").check()
    voter.button("Go on to check").click()
    assert voter.page.locator("[data-chosen]").inner_text() == "No"
    while not held:
        voter.page.wait_for_timeout(20)
    held.pop().continue_()
    voter.page.locator("#code-form [type=submit]:not([disabled])").wait_for()
    assert voter.page.locator("[data-sealed]").is_hidden()
    voter.button("Encrypt my vote").click()
    voter.page.locator("[data-sealed]:not([hidden])").wait_for()


def test_voting_without_a_store(visit, opened):
    address, code = opened
    voter = visit(language="en")
    voter.page.add_init_script(FORBID_STORE)
    choose(voter, address, 0)
    voter.page.locator("#code").fill(code)
    voter.button("Encrypt my vote").click()
    voter.page.locator("[data-sealed]:not([hidden])").wait_for()
    voter.button("Cast the ballot").click()
    voter.page.locator("#receipt:not([hidden])").wait_for()
