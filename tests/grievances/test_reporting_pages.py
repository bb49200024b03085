"""The reporting site without script, cookie or trace: the whole way of a reporter, and what is refused."""

import re

import pytest
from sqlalchemy import func, select
from werkzeug.http import parse_options_header

from tests.factories.grievances import answer_of, make_workers, multipart
from tests.page_client import visible_text
from unionapp.crypto import receipt
from unionapp.grievances.casework import operations as casework
from unionapp.grievances.intake import queries
from unionapp.grievances.intake.box import MOST_BYTES_A_FILE
from unionapp.grievances.intake.models import Case, CaseWrap, SealedMessage

FEE = [("category", "fee"), ("language", "ja"), ("text", "報酬が三か月遅れている。")]


@pytest.fixture
def workers(session):
    return make_workers(session, 3)


@pytest.fixture
def folder(settings):
    """The attachments folder; a test must leave in it only what a case claims."""
    settings.attachments_dir.mkdir(parents=True, exist_ok=True)
    for path in settings.attachments_dir.iterdir():
        path.unlink()
    return settings.attachments_dir


def seed_of(html):
    return re.search(r'<input[^>]*name="receipt_seed"[^>]*value="([\w-]+)"', html).group(1)


def words_of(html):
    return " ".join(re.findall(r"<strong>(\w+)</strong>", html))


def send(client, fields=FEE, files=(), lang="ja", seed=None):
    seed = seed or seed_of(client.get(f"/report?lang={lang}").text)
    return client.post(f"/report?lang={lang}", **multipart([("receipt_seed", seed), *fields], files))


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def check_download(client, words, html):
    file_id = re.findall(r'name="file" value="(\w+)"', html)[0]
    file = client.post("/mailbox/file", data={"words": words, "file": file_id})
    assert file.data == b"evidence" * 100_000
    assert file.mimetype == "application/octet-stream"
    disposition = file.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert disposition.isascii()
    assert parse_options_header(disposition)[1]["filename"] == "証拠.txt"


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_whole_way_of_a_reporter(session, reporting_client, workers, folder, at, lang):
    said = {"ja": ("通報を書く", "受付の言葉"), "en": ("Write a report", "twelve words")}[lang]
    assert all(each in reporting_client.page(f"/?lang={lang}") for each in said)
    sent = send(reporting_client, files=[("証拠.txt", b"evidence" * 100_000)], lang=lang)
    assert sent.status_code == 200
    words = words_of(sent.text)
    assert len(words.split()) == 12
    assert words not in sent.request.full_path

    mailbox = queries.mailbox(session, receipt.parse(words))
    answer = answer_of(workers[1], mailbox, "証拠を受け取りました。")
    casework.answer(session, mailbox.case, answer, actor=workers[1].actor, at=at)
    session.flush()

    opened = reporting_client.post(f"/mailbox?lang={lang}", data={"words": words})
    assert "証拠を受け取りました。" in opened.text
    assert "相談担当B" in opened.text
    assert "報酬が三か月遅れている。" in opened.text

    written = reporting_client.post(
        f"/mailbox/message?lang={lang}",
        **multipart([("words", words), ("text", "続きです。")], [("b.txt", b"b" * 10)]),
    )
    assert "続きです。" in written.text
    check_download(reporting_client, words, opened.text)

    asked = reporting_client.post(f"/mailbox/delete?lang={lang}", data={"words": words})
    assert asked.status_code == 200
    assert count(session, Case) == 1
    gone = reporting_client.post("/mailbox/delete", data={"words": words, "confirmed": "yes"})
    assert gone.status_code == 200
    assert count(session, Case) == 0
    assert list(folder.iterdir()) == []


def test_no_answer_carries_a_cookie_or_may_be_kept(reporting_client, workers, folder):
    sent = send(reporting_client, lang="en")
    words = words_of(sent.text)
    answers = [
        reporting_client.get("/?lang=en"),
        reporting_client.get("/report?lang=en"),
        sent,
        reporting_client.post("/mailbox?lang=en", data={"words": words}),
        reporting_client.post("/mailbox?lang=en", data={"words": "wrong"}),
        reporting_client.get("/nowhere?lang=en"),
    ]
    for answer in answers:
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert "<script" not in answer.text


def test_the_language_goes_along_without_a_cookie(reporting_client, workers):
    html = reporting_client.get("/?lang=en", headers={"Accept-Language": "ja"}).text
    assert 'href="/report?lang=en"' in html
    assert 'href="/mailbox?lang=en"' in html
    assert 'action="/report?lang=en"' in reporting_client.get("/report?lang=en").text
    assert 'href="/report"' in reporting_client.get("/?lang=tlh").text


def test_a_second_press_shows_the_same_words_and_makes_no_second_case(
    session, reporting_client, workers, folder
):
    seed = seed_of(reporting_client.get("/report").text)
    files = [("a.txt", b"a" * 100)]
    first, second = (send(reporting_client, files=files, seed=seed) for _ in range(2))
    assert words_of(first.text) == words_of(second.text)
    assert count(session, Case) == 1
    assert count(session, SealedMessage) == 2
    assert len(list(folder.iterdir())) == 1


def test_each_form_has_other_words(reporting_client, workers):
    seeds = {seed_of(reporting_client.get("/report").text) for _ in range(3)}
    assert len(seeds) == 3


def test_one_reader_is_too_few_to_take_reports(session, reporting_client):
    make_workers(session, 1)
    assert "二人に足りません" in reporting_client.page("/?lang=ja")
    assert "cannot be taken now" in reporting_client.page("/report?lang=en")
    refused = reporting_client.post("/report", **multipart(FEE))
    assert "name=" not in refused.text.partition("<main")[2]
    assert count(session, Case) == 0


def test_who_can_read_is_said_with_fingerprints(reporting_client, workers):
    text = reporting_client.page("/?lang=en")
    for worker in workers:
        assert worker.key.public_name in text
        assert worker.key.fingerprint in text


def test_somebody_can_be_kept_out(session, reporting_client, workers, folder):
    out = [("without", workers[0].key.handler)]
    words = words_of(send(reporting_client, [*FEE, *out]).text)
    case = queries.mailbox(session, receipt.parse(words)).case
    assert workers[0].key.handler not in {wrap.recipient for wrap in case.wraps}
    refused = send(reporting_client, [*FEE, *out, ("without", workers[1].key.handler)])
    assert refused.status_code == 422


BAD = {
    "no category": ([("category", ""), *FEE[1:]], []),
    "an unknown category": ([("category", "x"), *FEE[1:]], []),
    "no text": (FEE[:2], []),
    "NUL": ([*FEE[:2], ("text", "a\0b")], []),
    "right-to-left marks": ([*FEE[:2], ("text", "a\u202eb")], []),
    "an unknown language": ([FEE[0], ("language", "tlh"), FEE[2]], []),
    "a text of 1 MB": ([*FEE[:2], ("text", "あ" * 350_000)], []),
    "an empty file": (FEE, [("a.txt", b"")]),
    "a file over 20 MB": (FEE, [("a.txt", b"x" * (MOST_BYTES_A_FILE + 1))]),
    "four files": (FEE, [(f"{n}.txt", b"x") for n in range(4)]),
    "nine files": (FEE, [(f"{n}.txt", b"x") for n in range(9)]),
    "a long file name": (FEE, [("a" * 300, b"x")]),
    "a deceiving file name": (FEE, [("a\u202etxt.exe", b"x")]),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_refused_keeps_the_text_and_stores_nothing(session, reporting_client, workers, folder, case):
    fields, files = BAD[case]
    refused = send(reporting_client, fields, files, lang="en")
    assert refused.status_code == 422
    assert "Please check what you entered" in refused.text
    typed = dict(fields).get("text", "")
    if typed.isprintable() and len(typed) < 1000:
        assert typed in refused.text
    assert count(session, Case) == 0
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("seed", ["", "x", "あ", "A" * 44, "=" * 43])
def test_a_form_without_its_seed_is_asked_to_be_sent_again(session, reporting_client, workers, seed):
    refused = reporting_client.post("/report?lang=en", **multipart([("receipt_seed", seed), *FEE]))
    assert refused.status_code == 422
    assert "send it again" in refused.text
    assert count(session, Case) == 0
    sent = send(reporting_client, seed=seed_of(refused.text))
    assert len(words_of(sent.text).split()) == 12


def test_broken_bytes_are_refused(session, reporting_client, workers):
    seed = seed_of(reporting_client.get("/report").text)
    body = multipart([("receipt_seed", seed), *FEE[:2], ("text", "TEXT")])
    body["data"] = body["data"].replace(b"TEXT", b"\xed\xa0\x80\xff")
    assert reporting_client.post("/report", **body).status_code == 422
    assert count(session, Case) == 0


def test_wrong_words_say_where(reporting_client, workers):
    words = words_of(send(reporting_client, lang="en").text).split()
    for typed, said in (
        (" ".join(words[:11]), "these are 11"),
        (" ".join([*words[:4], "qwertz", *words[5:]]), "Word 5"),
        ("", "these are 0"),
        (" ".join(["abandon"] * 12), "two have changed places"),
    ):
        answer = reporting_client.post("/mailbox?lang=en", data={"words": typed})
        assert answer.status_code == 422
        assert said in visible_text(answer.text)


def test_words_are_read_as_people_type_them(session, reporting_client, workers):
    words = words_of(send(reporting_client, lang="en").text).split()
    typed = "\r\n".join(f"{n}. {word.upper()}" for n, word in enumerate(words, 1))
    assert reporting_client.post("/mailbox", data={"words": typed}).status_code == 200


def test_deleted_and_never_existing_words_get_the_same_bytes(reporting_client, workers, folder):
    words = words_of(send(reporting_client).text)
    never = " ".join(receipt.words(bytes(range(16)), receipt.Language.ENGLISH))
    reporting_client.post("/mailbox/delete", data={"words": words, "confirmed": "yes"})
    for address in ("/mailbox", "/mailbox/message", "/mailbox/file", "/mailbox/delete"):
        answers = [
            reporting_client.post(address, data={"words": each, "confirmed": "yes", "text": "x"})
            for each in (words, never)
        ]
        assert answers[0].data == answers[1].data
        assert {answer.status_code for answer in answers} == {422}


def test_too_many_wrong_words_are_asked_to_wait_but_the_right_ones_open(reporting_client, workers, folder):
    words = words_of(send(reporting_client).text)
    never = " ".join(receipt.words(b"\xaa" * 16, receipt.Language.JAPANESE))
    tries = [reporting_client.post("/mailbox", data={"words": never}) for _ in range(25)]
    assert tries[-1].status_code == 429
    assert reporting_client.post("/mailbox", data={"words": words}).status_code == 200


def test_a_message_without_text_keeps_the_mailbox_open(reporting_client, workers, folder):
    words = words_of(send(reporting_client).text)
    refused = reporting_client.post("/mailbox/message", **multipart([("words", words), ("text", "")]))
    assert refused.status_code == 422
    assert "報酬が三か月遅れている。" in refused.text


def test_what_was_typed_into_a_case_just_deleted_is_given_back(reporting_client, workers, folder):
    words = words_of(send(reporting_client).text)
    reporting_client.post("/mailbox/delete", data={"words": words, "confirmed": "yes"})
    answer = reporting_client.post("/mailbox/message", data={"words": words, "text": "書きかけの文"})
    assert "書きかけの文" in answer.text


def test_other_files_than_ones_own_cannot_be_had(reporting_client, workers, folder):
    words = words_of(send(reporting_client, files=[("a", b"x")]).text)
    other = send(reporting_client, files=[("b", b"y")])
    theirs = reporting_client.post("/mailbox", data={"words": words_of(other.text)})
    file_id = re.findall(r'name="file" value="(\w+)"', theirs.text)[0]
    for wrong in (file_id, "", "../../secret_key"):
        answer = reporting_client.post("/mailbox/file", data={"words": words, "file": wrong})
        assert answer.status_code == 404


def test_an_upload_to_no_address_leaves_nothing(reporting_client, workers, folder):
    answer = reporting_client.post("/nowhere", **multipart([], [("a", b"x" * 1000)]))
    assert answer.status_code == 404
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("address", ["/mailbox/message", "/mailbox/file", "/mailbox/delete"])
def test_nothing_changes_by_following_a_link(reporting_client, address):
    assert reporting_client.get(address).status_code == 405


def test_a_case_whose_key_was_changed_says_so_and_can_still_be_deleted(
    session, reporting_client, workers, folder
):
    words = words_of(send(reporting_client, files=[("a.txt", b"x")]).text)
    case = queries.case_of(session, receipt.parse(words))
    wrap = session.get(CaseWrap, (case.id, "reporter"))
    wrap.sealed = bytes([wrap.sealed[0] ^ 1]) + wrap.sealed[1:]
    session.flush()
    for path, more in (
        ("mailbox", {}),
        ("mailbox/message", {"text": "続き"}),
        ("mailbox/file", {"file": "x"}),
    ):
        broken = reporting_client.post(f"/{path}?lang=en", data={"words": words, **more})
        assert broken.status_code == 409
        assert "This report cannot be opened" in broken.text
        assert f'value="{words}"' in broken.text
    deleted = reporting_client.post("/mailbox/delete?lang=en", data={"words": words, "confirmed": "yes"})
    assert deleted.status_code == 200
    assert deleted.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert count(session, Case) == 0
    assert list(folder.iterdir()) == []


def test_deleting_with_words_of_no_case_is_refused_and_counted(reporting_client, workers):
    words = " ".join(receipt.words(bytes(16), receipt.Language.JAPANESE))
    fields = {"words": words, "confirmed": "yes"}
    answers = [reporting_client.post("/mailbox/delete?lang=ja", data=fields).status_code for _ in range(21)]
    assert answers == [422] * 20 + [429]


@pytest.mark.parametrize("typed", ["\0 \x01<b>", "a " * 100_000])
def test_words_that_cannot_stand_in_a_page_do_not_come_back(reporting_client, typed):
    refused = reporting_client.post("/mailbox", data={"words": typed})
    assert refused.status_code == 422
    assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", refused.text)
    assert len(refused.text) < 20_000
