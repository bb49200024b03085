"""The committee puts a sealed text to the vote; keys and votes stay in browsers; anyone verifies."""

import datetime as dt
import json
import re
import secrets
import time
import urllib.parse
import urllib.request
from functools import partial

from tests.browser.conftest import both
from tests.browser.letters import link_in, text_of
from tests.browser.pictures import picture, shot
from tests.factories.bargaining import check_all, make_draft, make_negotiator
from unionapp.bargaining import operations as bargaining
from unionapp.bargaining import queries as texts
from unionapp.crypto.belenios.ballot import create_ballot
from unionapp.crypto.belenios.credentials import secret_of
from unionapp.crypto.belenios.election import read_election
from unionapp.kernel import clock
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.clock import JAPAN

CODE = re.compile(r"\b\w{5}-\w{6}-\w{5}-\w{6}\b", re.ASCII)
BLANK, YES, NO = [1, 0, 0], [0, 1, 0], [0, 0, 1]
TITLES = {"ja": "Collective Agreement on the Use of AI", "en": "Collective Agreement on Generative AI"}
KEEPERS = {"ja": ("架空 かなで", "架空 いずみ"), "en": ("Kanade Kakuu", "Izumi Kakuu")}
ELSEWHERE = [YES] * 7 + [NO] * 3  # votes by another client than our pages
PATIENCE_SECONDS = 40


@both
def test_a_sealed_text_is_ratified(visit, stage, language, device, tmp_path):
    sha256 = seal_text(stage, language)
    seated = partial(seat, visit, stage, {"language": language, "device": device})
    committee = seated(f"committee-{language}@example.jp", "架空 つむぎ", "election_committee")
    keepers = [
        seated(f"keeper-{n}-{language}@example.jp", name, "trustee")
        for n, name in enumerate(KEEPERS[language])
    ]
    voter = visit(language=language, device=device)
    address = stage.person(f"voter-{language}@example.jp", name="架空 はな", language=language)
    others = [
        stage.person(f"other-{n}-{language}@example.jp", name=f"架空 {n}郎", language=language)
        for n in range(len(ELSEWHERE))
    ]
    draft(committee, sha256)
    files = [make_key(keeper, stage, tmp_path, n) for n, keeper in enumerate(keepers, 1)]
    open_vote(committee)
    board = vote_twice(voter, stage, address)
    vote_elsewhere(stage, others)
    close(committee)
    for keeper, file in zip(keepers, files, strict=True):
        decrypt(keeper, stage, file)
    verify(voter, stage, board, tmp_path)


def seal_text(stage, language):
    """Have a short agreement drafted and sealed; return its hash."""

    def work(session):
        at = clock.now()
        actor = make_negotiator(session)
        title = Bilingual("生成AIの利用に関する労働協約", TITLES[language])
        agreement, _units = make_draft(session, actor, at=at, title=title)
        check_all(session, agreement, actor, at=at)
        head = texts.draft_for(session, actor, agreement).changeset.id
        return bargaining.seal(session, agreement, head, actor=actor, at=at).sha256

    return stage.act(work)


def seat(visit, stage, how, address, name, *offices):
    seated = visit(**how)
    seated.address = stage.person(address, *offices, name=name, language=how["language"])
    seated.sign_in(seated.address)
    return seated


def reload_until(visitor, selector, text=""):
    """Reload until the page has it: the worker is doing its part."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not visitor.page.locator(selector, has_text=text).count():
        assert time.monotonic() < end, visitor.page.locator("main").inner_text()[:1500]
        time.sleep(0.3)
        visitor.page.reload()
    visitor.look()


def draft(committee, sha256):
    """Draft a ballot on the sealed text and ask the trustees for their keys."""
    committee.open("/ballots/")
    shot(committee, "ballots-empty")
    committee.follow("Put a sealed text to the vote")
    shot(committee, "ratification")
    sheet = committee.page.locator("main section", has_text=sha256)
    with committee.page.expect_navigation():
        sheet.get_by_role("link", name=committee.say("Draft a ballot on this text")).click()
    committee.look()
    begins = clock.now().astimezone(JAPAN).replace(tzinfo=None) - dt.timedelta(minutes=2)
    committee.fill("Voting begins (Japan time)", f"{begins:%Y-%m-%dT%H:%M}")
    committee.fill("Voting ends (Japan time)", f"{begins:%Y-%m-%dT%H:%M}")
    committee.expect("422")
    committee.press("Keep the draft")
    shot(committee, "ballot-refused")
    ends = begins + dt.timedelta(days=7)
    committee.fill("Voting ends (Japan time)", f"{ends:%Y-%m-%dT%H:%M}")
    committee.fill("Plain summary in Japanese", "AIを使うときの通知と同意を定めます。")
    committee.fill("Plain summary in English", "It sets notice and consent for any use of AI.")
    committee.press("Keep the draft")
    assert sha256 in committee.page.locator("main").inner_text()
    for name in KEEPERS[committee.language]:
        committee.page.get_by_label(name).check()
    shot(committee, "ballot-draft")
    committee.press("Ask these trustees for their keys")


def make_key(keeper, stage, folder, number):
    """Make the key in the browser; return the private key's file. Nothing of it reaches the server."""
    sent = []
    keeper.page.on("request", lambda request: sent.append(request.post_data or ""))
    keeper.open(link_in(stage.letters.wait(keeper.address, saying="/trustee"), "/trustee"))
    shot(keeper, "trustee-key")
    with keeper.page.expect_download() as download:
        keeper.button("Make and save my private key").click()
    file = folder / f"{number}-{download.value.suggested_filename}"
    download.value.save_as(file)
    keeper.page.locator("#saved-key").set_input_files(file)
    keeper.press("Hand in my public key")
    keeper.reads("Your public key is checked and kept. Keep your private key file until the result.")
    private = json.loads(file.read_text())
    assert not any(str(private) in body or file.read_text().strip() in body for body in sent)
    return file


def open_vote(committee):
    committee.page.reload()
    committee.look()
    shot(committee, "ballot-keys")
    committee.press("Open the vote and mail the codes")
    reload_until(committee, "#now button.danger")
    shot(committee, "ballot-open")


def vote_twice(voter, stage, address):
    """Vote no, look for the tracker, vote again with yes; return the board's address."""
    letter = stage.letters.wait(address, saying="/booth")
    code = CODE.search(text_of(letter)).group()
    voter.open(link_in(letter, "/booth"))
    shot(voter, "booth-read")
    first = cast(voter, code, 1)
    assert find(voter) == first
    voter.reads("Found")
    shot(voter, "board-open")
    board = voter.page.url.partition("?")[0]
    voter.open(link_in(letter, "/booth"))
    second = cast(voter, code, 0, pictured=True)
    assert second != first
    assert find(voter) == second
    voter.open(f"{board}?tracker={urllib.parse.quote(first)}")
    voter.reads("Replaced")
    return board


def cast(voter, code, answer, *, pictured=False):
    """Go through the booth; return the tracker."""
    voter.button("Go on to choose").click()
    voter.button("Go on to check").click()
    voter.reads("Choose one answer to each question, or a blank vote.")
    voter.page.locator(f"#choice-0-{answer}").check()
    shot(voter, "booth-choose")
    if pictured and voter.language == "ja":
        voter.check_with_axe()
        picture(voter, "vote-ja-390", height=1000)
    voter.button("Go on to check").click()
    voter.page.locator("#code").fill("not a code")
    voter.button("Encrypt my vote").click()
    voter.page.locator("#code-problem:not([hidden])").wait_for()
    voter.page.locator("#code").fill(code)
    began = time.monotonic()
    voter.button("Encrypt my vote").click()
    voter.page.locator("[data-sealed]:not([hidden])").wait_for()
    print(f"\nencrypted in the browser in {time.monotonic() - began:.2f} s ({voter.language})")  # noqa: T201  # a measure
    voter.check_width()
    voter.check_with_axe()
    shot(voter, "booth-encrypted")
    voter.button("Cast the ballot").click()
    voter.page.locator("#receipt:not([hidden]) [data-qr]:not([hidden])").wait_for()
    assert voter.page.locator("[data-qr]").evaluate(
        "picture => picture.decode().then(() => picture.naturalWidth)"
    )
    voter.check_width()
    voter.check_with_axe()
    shot(voter, "booth-receipt")
    return voter.page.locator("#receipt-tracker").inner_text()


def find(voter):
    """Follow the receipt to the board; return the tracker that is found there."""
    voter.follow("Look for it on the board")
    return voter.page.locator("#tracker").input_value()


def vote_elsewhere(stage, others):
    """Cast the other members' votes with another client, which knows only addresses and the format."""
    for address, bits in zip(others, ELSEWHERE, strict=True):
        letter = stage.letters.wait(address, saying="/booth")
        election = link_in(letter, "/booth").removesuffix("booth")
        with urllib.request.urlopen(f"{election}election.json", timeout=20) as answer:
            paper = read_election(answer.read())
        secret = secret_of(paper.group, paper.uuid, CODE.search(text_of(letter)).group())
        ballot = create_ballot(paper, secret, [bits], secrets.randbelow)
        request = urllib.request.Request(f"{election}cast", data=ballot, method="POST")
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert json.load(answer)["repeated"] is False


def close(committee):
    committee.page.get_by_text(committee.say("Close early"), exact=True).click()
    committee.press("Close the vote now")
    waiting = "Waiting for the trustees to decrypt. Each has a letter with the way to their page."
    reload_until(committee, "#now", committee.say(waiting))
    shot(committee, "ballot-closed")


def decrypt(keeper, stage, file):
    """Check the archive and decrypt in the browser with the key's file."""
    letter = stage.letters.wait(keeper.address, nth=2, saying="/trustee")
    keeper.open(link_in(letter, "/trustee"))
    shot(keeper, "trustee-decrypt")
    keeper.page.locator("#private-key").set_input_files(file)
    with keeper.page.expect_navigation(timeout=60_000):
        keeper.button("Check the archive and decrypt").click()
    keeper.look()
    keeper.reads("Your decryption is checked and kept. Thank you.")


def verify(voter, stage, board, folder):
    """Read the result, check it with the browser's program and with the command line."""
    voter.open(board)
    reload_until(voter, "#result")
    yes = voter.say("%(part)s of %(whole)s yes and no votes were yes: more yes than no.", part=8, whole=11)
    assert yes in voter.page.locator("#result").inner_text()
    shot(voter, "board-result")
    if voter.language == "en":
        picture(voter, "result-en-1280", height=1100)
    began = time.monotonic()
    voter.button("Check in this browser").click()
    voter.page.locator("[data-verdict] .notice.green").wait_for(timeout=60_000)
    print(f"\nverified in the browser in {time.monotonic() - began:.2f} s")  # noqa: T201  # a measure
    voter.look()
    with voter.page.expect_download() as download:
        voter.page.locator("#result a[href$='archive.bel']").click()
    file = folder / download.value.suggested_filename
    download.value.save_as(file)
    done = stage.run("ballots", "verify", str(file), "--json")
    assert done.returncode == 0, done.stderr
    file.write_bytes(file.read_bytes()[:-512])
    assert stage.run("ballots", "verify", str(file)).returncode == 1
