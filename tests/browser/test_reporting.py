"""Somebody reports without a name and without script; case workers read and answer in their browsers."""

import re

import pytest

from tests.browser.pictures import picture, shot
from tests.browser.words import pattern

PASSPHRASE = "tap hole kusari pencil red blue"
TEXT = "動画三十枚の単価が、納品のあとで半分にされました。目印アカネコ。"
ANSWER = "ご連絡ありがとうございます。発注書はお手元にありますか。\n急ぎません。"
AGAIN = "発注書はメールで残っています。"
FILE_NAME, FILE = "発注書-目印アオネコ.txt", "単価 四〇〇円 目印クロネコ".encode()

readers = pytest.mark.parametrize(
    ("language", "device", "script"),
    [("ja", "phone", False), ("ja", "phone", True), ("en", "desk", True), ("en", "desk", False)],
    ids=["ja-390-no-script", "ja-390", "en-1280", "en-1280-no-script"],
)


@readers
def test_a_report_is_answered_and_deleted(visit, stage, language, device, script):
    workers = [case_worker(visit, stage, number, language, device, script) for number in (1, 2)]
    reporter = visit(language=language, device=device, script=script)
    words = report(reporter, stage)
    case = read_and_answer(workers[0])
    come_back(reporter, stage, words, workers[0])
    assert AGAIN in reopened(workers[1], case)
    assert_nothing_in_clear(stage, words)
    delete(reporter, stage, words)
    workers[0].expect("404")
    assert workers[0].page.goto(stage.members_url + case).status == 404


def case_worker(visit, stage, number, language, device, script):
    """Enrol a case worker, who makes a key in the browser."""
    who = f"case-{number}-{language}-{script}"
    worker = visit(language=language, device=device)
    worker.sign_in(stage.person(f"{who}@example.jp", "case_worker", name="架空 つばさ", language=language))
    worker.open("/cases")
    worker.reads("You have no key yet")
    worker.follow("Make your key")
    worker.fill("Name that reporters see", f"相談担当 {who}")
    worker.page.locator("#passphrase").fill("short")
    worker.button("Make and publish the key").click()
    worker.reads("Please use at least 16 characters: four or five words that do not belong together.")
    for name in ("#passphrase", "#again"):
        worker.page.locator(name).fill(PASSPHRASE)
    shot(worker, "case-key-new")
    worker.press("Make and publish the key")
    assert worker.fact("Fingerprint")
    shot(worker, "case-key")
    return worker


def report(reporter, stage):
    """Send a report with one file; return the twelve words."""
    reporter.open(stage.reporting_url + "/")
    reporter.reads("Report what is wrong, without a name")
    shot(reporter, "report-start")
    reporter.follow("Write a report")
    if reporter.language == "ja" and reporter.script:
        reporter.page.locator("[name=category]").select_option("fee")
        reporter.fill("What happened?", TEXT.partition("目印")[0])
        picture(reporter, "report-ja-390", height=1000)
        reporter.open(stage.reporting_url + "/report")
    reporter.expect("422")
    reporter.press("Seal and send")
    assert reporter.page.locator(".wrong").count() >= 2
    shot(reporter, "report-refused")
    reporter.page.locator("[name=category]").select_option("fee")
    reporter.fill("What happened?", TEXT)
    reporter.page.locator("[name=files]").set_input_files(
        {"name": FILE_NAME, "mimeType": "text/plain", "buffer": FILE}
    )
    reporter.press("Seal and send")
    shot(reporter, "report-words")
    words = reporter.page.locator("#words ol.facts strong").all_inner_texts()
    assert len(words) == 12
    assert not reporter.context.cookies(stage.reporting_url)
    return " ".join(words)


def unlock(worker, passphrase=PASSPHRASE):
    worker.page.locator("#passphrase").fill(passphrase)
    worker.button("Unlock").click()


def read_and_answer(worker):
    """Unlock the inbox, open the newest case, save its file, answer; return the case's address."""
    worker.open("/cases")
    shot(worker, "case-inbox-locked")
    unlock(worker, "not the passphrase at all")
    worker.page.locator("[data-unlock-wrong]:not([hidden])").wait_for()
    worker.reads("This passphrase does not open your key.")
    unlock(worker)
    worker.page.locator("[data-category]", has_text=worker.say("Fee unpaid or late")).first.wait_for()
    worker.look()
    shot(worker, "case-inbox")
    worker.page.locator("[data-row] a").first.click()
    worker.page.locator("[data-thread] .sheet").first.wait_for()
    assert TEXT in worker.page.locator("[data-thread]").inner_text()
    with worker.page.expect_download() as download:
        worker.page.locator("[data-thread] button").click()
    assert download.value.suggested_filename == FILE_NAME
    assert download.value.path().read_bytes() == FILE
    worker.fill("Your message to the reporter", ANSWER)
    worker.page.locator("[data-answer] button").click()
    worker.page.locator(
        "[data-answer-said]", has_text=worker.say("Your answer is sealed and sent.")
    ).wait_for()
    worker.page.locator("[data-thread] .sheet").nth(1).wait_for()
    worker.page.locator("[data-moves]").get_by_role("button", name=worker.say("Take into work")).click()
    worker.page.locator("[data-state]", has_text=worker.say("In work")).wait_for()
    worker.look()
    shot(worker, "case-open")
    return re.sub(r"^https?://[^/]+", "", worker.page.url)


def come_back(reporter, stage, words, worker):
    """Open the mailbox with the words, read the answer, write again."""
    open_mailbox(reporter, stage, " ".join(words.split()[:11]), refused=True)
    open_mailbox(reporter, stage, words)
    main = reporter.page.locator("main").inner_text()
    assert TEXT in main
    assert "急ぎません。" in main
    shot(reporter, "mailbox")
    with reporter.page.expect_download() as download:
        name = pattern(reporter.language, "Download %(name)s")
        reporter.page.locator("main").get_by_role("button", name=name).first.click()
    assert download.value.path().read_bytes() == FILE
    reporter.page.locator("[name=text]").fill(AGAIN)
    reporter.press("Seal and send")
    reporter.reads("Your message is sealed and sent.")


def open_mailbox(reporter, stage, words, *, refused=False):
    reporter.open(stage.reporting_url + "/mailbox")
    reporter.fill("Your twelve words", words)
    if refused:
        reporter.expect("422")
    reporter.press("Open")
    if refused:
        assert reporter.page.locator(".wrong").count() == 1
        shot(reporter, "mailbox-refused")


def reopened(worker, case):
    """Open a case at its own address, with the key unlocked there; return its thread."""
    worker.open(case)
    unlock(worker)
    worker.page.locator("[data-thread] .sheet").nth(2).wait_for()
    worker.look()
    return worker.page.locator("[data-thread]").inner_text()


def assert_nothing_in_clear(stage, words):
    """No marker of text, file name, file or words stands in any file of the data folder."""
    secrets = [TEXT, ANSWER[:12], AGAIN, FILE_NAME, FILE.decode(), words, "アカネコ", "アオネコ", "クロネコ"]
    files = [path for path in stage.folder.rglob("*") if path.is_file()]
    assert any(path.suffix == ".sqlite3" for path in files)
    for path in files:
        content = path.read_bytes()
        for secret in secrets:
            assert secret.encode() not in content, path.name


def delete(reporter, stage, words):
    open_mailbox(reporter, stage, words)
    reporter.press("Delete…")
    shot(reporter, "mailbox-delete")
    reporter.press("Delete for good")
    shot(reporter, "mailbox-deleted")
    open_mailbox(reporter, stage, words, refused=True)
