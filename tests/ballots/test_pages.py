"""Every address of ballots, in both languages, for those who may and those who may not."""

import io
import json
from datetime import timedelta

import pytest

from tests.factories import ballots as made_ballots
from tests.factories.ballots import NO, YES, ask_for_keys, give_keys, make_draft, make_finished, make_open
from tests.factories.membership import make_actor
from unionapp.ballots.models import Election, ElectionState
from unionapp.ballots.views.booth import pace
from unionapp.kernel.access import ANONYMOUS
from unionapp.membership.models import Office

LANGUAGES = ("ja", "en")

DRAFT = {
    "title_ja": "協約の批准",
    "title_en": "Ratification",
    "question_ja": "承認しますか。",
    "question_en": "Do you approve?",
    "opens_at": "2030-01-01T09:00",
    "closes_at": "2030-01-08T18:00",
    "rule": "more_yes_than_no",
    "group": "Ed25519",
}


@pytest.fixture(autouse=True)
def fresh_pace(monkeypatch):
    monkeypatch.setattr(pace, "_counts", type(pace._counts)())


def address(made, name=""):
    return f"/ballots/{made.election.id}/{name}"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_index_is_for_members(client, session, at, lang):
    make_open(session, at)
    client.act_as(make_actor(session))
    text = client.page(f"/ballots/?lang={lang}")
    assert ("投票" if lang == "ja" else "Ratification of the agreement") in text
    client.act_as(ANONYMOUS)
    assert client.get("/ballots/").status_code == 303


def test_index_empty(client, session):
    client.act_as(make_actor(session))
    assert "Draft a ballot" not in client.page("/ballots/?lang=en")
    client.act_as(make_actor(session, Office.ELECTION_COMMITTEE))
    assert "Draft a ballot" in client.page("/ballots/?lang=en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_draft_change_and_manage(client, session, lang):
    client.act_as(make_actor(session, Office.ELECTION_COMMITTEE))
    client.page(f"/ballots/new?lang={lang}")
    answer = client.post("/ballots/new", data=DRAFT)
    assert answer.status_code == 303
    client.page(f"{answer.location}?lang={lang}")
    election = session.query(Election).one()
    assert election.closes_at.isoformat() == "2030-01-08T09:00:00+00:00"
    edit = f"/ballots/{election.id}/edit"
    client.page(edit)
    assert client.post(edit, data=DRAFT | {"title_en": "Another"}).status_code == 303
    session.expire_all()
    assert session.get(Election, election.id).title.en == "Another"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title_ja": ""},
        {"closes_at": "2029-12-31T09:00"},
        {"closes_at": "no time"},
        {"opens_at": "0001-01-01T00:00"},
        {"closes_at": "9999-12-31T23:59"},
        {"text_hash": "0"},
        {"text_url": "javascript:alert(1)"},
        {"text_url": "//elsewhere.example"},
        {"title_en": "a\u202eb"},
        {"rule": "whatever"},
    ],
)
def test_bad_drafts_are_refused_at_their_field(client, session, wrong):
    client.act_as(make_actor(session, Office.ELECTION_COMMITTEE))
    answer = client.post("/ballots/new", data=DRAFT | wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert session.query(Election).count() == 0


@pytest.mark.parametrize("name", ["new", "x/edit", "x/manage", "x/cancel"])
def test_committee_pages_refuse_members(client, session, at, name):
    made = make_draft(session, at)
    client.act_as(make_actor(session))
    assert client.get("/ballots/" + name.replace("x", str(made.election.id))).status_code == 403


def test_a_draft_is_nobodys_but_the_committees(client, session, at):
    made = make_draft(session, at)
    client.act_as(make_actor(session))
    assert client.get(address(made)).status_code == 404
    assert client.get(address(made, "booth")).status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_board_before_the_opening(client, session, at, lang):
    made = make_draft(session, at)
    client.act_as(made.committee)
    client.page(address(made, f"?lang={lang}"))
    ask_for_keys(session, made, at)
    client.act_as(made.trustees[0])
    text = client.page(address(made, f"?lang={lang}"))
    assert ("投票開始時に確定" if lang == "ja" else "fixed at the opening") in text


def test_only_a_draft_can_be_edited(client, session, at):
    made = make_open(session, at)
    client.act_as(made.committee)
    assert client.get(address(made, "edit")).status_code == 409
    assert client.post(address(made, "edit"), data=DRAFT).status_code == 409


def hand_in_keys(client, made):
    for row in made.election.trustees:
        client.act_as(next(each for each in made.trustees if each.member_id == row.member_id))
        client.page(address(made, "trustee"))
        made.private_keys[row.position], public = made_ballots.new_key(made.group)
        file = (io.BytesIO(public + b"\n"), "key.json")
        assert client.post(address(made, "trustee/key"), data={"file": file}).status_code == 303
        client.page(address(made, "trustee"))


def hand_in_shares(client, session, made):
    for row in made.election.trustees:
        client.act_as(next(each for each in made.trustees if each.member_id == row.member_id))
        client.page(address(made, "trustee"))
        content = made_ballots.share_of(session, made, row.position).decode()
        assert client.post(address(made, "trustee/share"), data={"content": content}).status_code == 303
        assert "You have decrypted your part." in client.page(address(made, "trustee?lang=en"))


def test_the_whole_way_on_pages(client, session, at):
    made = make_draft(session, at)

    def as_committee(verb, **data):
        client.act_as(made.committee)
        status = client.post(address(made, verb), data=data).status_code
        session.expire_all()
        client.page(address(made, "manage"))
        return status

    ids = [str(trustee.member_id) for trustee in made.trustees]
    assert as_committee("trustees", trustees=ids[:1]) == 422
    assert as_committee("trustees", trustees=[*ids, "nobody"]) == 422
    assert as_committee("trustees", trustees=ids) == 303
    assert as_committee("open") == 409
    hand_in_keys(client, made)
    assert as_committee("open") == 303
    made_ballots.run_job(session, "ballots.open", made, at)
    assert as_committee("close") == 303
    assert as_committee("close") == 409
    made_ballots.run_job(session, "ballots.tally", made, at)
    hand_in_shares(client, session, made)
    made_ballots.run_job(session, "ballots.finish", made, at)
    session.expire_all()
    assert made.election.state is ElectionState.FINISHED
    assert as_committee("close") == 409


def test_cancel_says_why(client, session, at):
    made = make_open(session, at)
    client.act_as(made.committee)
    client.page(address(made, "cancel"))
    assert client.post(address(made, "cancel"), data={"reason": ""}).status_code == 422
    assert client.post(address(made, "cancel"), data={"reason": "文面に誤り"}).status_code == 303
    client.page(address(made, "manage"))
    client.act_as(ANONYMOUS)
    assert "文面に誤り" in client.page(address(made))
    assert "文面に誤り" in client.page(address(made, "booth"))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_booth_needs_no_sign_in_and_shows_the_text(client, session, at, lang):
    made = make_open(session, at)
    text = client.page(address(made, f"booth?lang={lang}"))
    assert made_ballots.HASH in text
    assert ("承認しますか。" if lang == "ja" else "Do you approve?") in text
    assert client.get(address(made, "election.json")).data == made_ballots.queries.paper_bytes(
        session, made.election.id
    )


def test_booth_after_the_close(client, session, at):
    made = make_open(session, at)
    made_ballots.close(session, made, at)
    assert "election.json" not in client.get(address(made, "booth")).text


def test_cast_is_idempotent_and_answers_a_receipt(client, session, at):
    made = make_open(session, at)
    raw = made_ballots.encrypt(made, made.codes[0], YES)
    first = client.post(address(made, "cast"), data=raw, content_type="application/json")
    again = client.post(address(made, "cast"), data=raw, content_type="application/json")
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json["tracker"] == again.json["tracker"]
    assert (first.json["repeated"], again.json["repeated"]) == (False, True)
    picture = client.get(address(made, "tracker.svg"), query_string={"tracker": first.json["tracker"]})
    assert picture.mimetype == "image/svg+xml"
    assert 'xmlns="http://www.w3.org/2000/svg"' in picture.text
    assert client.get(address(made, "tracker.svg?tracker=<svg>")).status_code == 404
    assert "Set-Cookie" not in first.headers
    assert made_ballots.operations.cast.__module__ == "unionapp.ballots.operations.casting"
    found = client.page(address(made), query_string={"tracker": first.json["tracker"], "lang": "en"})
    assert "it counts" in found
    assert "no ballot with this tracker" in client.page(
        address(made), query_string={"tracker": "A" * 43, "lang": "en"}
    )


def mangled(raw):
    value = json.loads(raw)
    value["answers"][0]["choices"][0] = value["answers"][0]["choices"][1]
    return json.dumps(value, separators=(",", ":")).encode()


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda raw: b"", 422),
        (lambda raw: b"{", 422),
        (lambda raw: b"\xff\xfe", 422),
        (lambda raw: b"[" * 60_000, 422),
        (lambda raw: b"x" * 70_000, 413),
        (lambda raw: b"x" * 5_000_000, 413),
        (lambda raw: raw.replace(b"election_uuid", b"election_uuiX"), 422),
        (lambda raw: raw[:-1], 422),
        (lambda raw: raw + b" ", 422),
        (lambda raw: raw.replace(b'"answers":', b'"answers": '), 422),
        (mangled, 422),
    ],
)
def test_bad_ballots_store_nothing(client, session, at, change, status):
    made = make_open(session, at)
    bad = change(made_ballots.encrypt(made, made.codes[0], YES))
    answer = client.post(address(made, "cast?lang=en"), data=bad, content_type="application/json")
    assert answer.status_code == status
    assert answer.json["error"]
    assert made_ballots.queries.box_count(session, made.election) == 0


def test_other_elections_ballots_and_unknown_codes(client, session, at):
    made, other = make_open(session, at), make_open(session, at)
    raw = made_ballots.encrypt(other, other.codes[0], YES)
    assert client.post(address(made, "cast"), data=raw).status_code == 422
    stranger = made_ballots.encrypt(made, other.codes[0], YES)
    answer = client.post(address(made, "cast?lang=en"), data=stranger)
    assert answer.status_code == 422
    assert "does not belong to this vote" in answer.json["error"]
    assert made_ballots.queries.box_count(session, made.election) == 0


def test_closed_election_takes_no_ballot_but_confirms_what_it_has(client, session, at):
    made = make_open(session, at)
    before = made_ballots.encrypt(made, made.codes[0], YES)
    assert client.post(address(made, "cast"), data=before).status_code == 200
    late = made_ballots.encrypt(made, made.codes[1], NO)
    made_ballots.close(session, made, at)
    answer = client.post(address(made, "cast?lang=en"), data=late)
    assert answer.status_code == 409
    assert "not open" in answer.json["error"]
    assert client.post(address(made, "cast"), data=before).json["repeated"] is True
    assert client.post("/ballots/00000000-0000-0000-0000-000000000000/cast", data=late).status_code == 409


def test_a_network_that_sends_only_rubbish_is_slowed_down(client, session, at):
    made = make_open(session, at)
    statuses = [client.post(address(made, "cast"), data=b"{").status_code for _ in range(62)]
    assert statuses[0] == 422
    assert statuses[-1] == 429
    raw = made_ballots.encrypt(made, made.codes[0], YES)
    elsewhere = client.post(address(made, "cast"), data=raw, environ_base={"REMOTE_ADDR": "192.0.2.7"})
    assert elsewhere.status_code == 200


@pytest.mark.parametrize("lang", LANGUAGES)
def test_result_page_and_archive_are_public(client, session, at, lang):
    made = make_finished(session, at)
    text = client.page(address(made, f"?lang={lang}"))
    assert made.election.last_event in text
    assert ("可決" if lang == "ja" else "Passed") in text
    answer = client.get(address(made, "archive.bel"))
    assert answer.headers["Content-Disposition"].endswith('.bel"')
    assert answer.data.startswith(b"BELENIOS")


def test_the_archive_and_trackers_wait_for_the_close(client, session, at):
    made = make_open(session, at)
    raw = made_ballots.encrypt(made, made.codes[0], YES)
    tracker = client.post(address(made, "cast"), data=raw).json["tracker"]
    member = make_actor(session)
    client.act_as(member)
    assert client.get(address(made, "archive.bel")).status_code == 404
    assert tracker not in client.page(address(made))
    made_ballots.close(session, made, at)
    assert client.get(address(made, "archive.bel")).status_code == 200
    assert tracker in client.page(address(made))
    client.act_as(ANONYMOUS)
    assert client.get(address(made, "archive.bel")).status_code == 404
    assert tracker not in client.page(address(made))


def test_trustee_pages_are_for_the_named_trustees(client, session, at):
    made = make_draft(session, at)
    ask_for_keys(session, made, at)
    client.act_as(make_actor(session, Office.TRUSTEE))
    assert client.get(address(made, "trustee")).status_code == 404
    client.act_as(make_actor(session))
    assert client.get(address(made, "trustee")).status_code == 403
    client.act_as(made.trustees[0])
    for bad in (b"", b"{}", b"\xff"):
        file = (io.BytesIO(bad), "key.json")
        assert client.post(address(made, "trustee/key"), data={"file": file}).status_code == 422
    give_keys(session, made, at)
    assert client.post(address(made, "trustee/key"), data={"content": "{}"}).status_code == 409
    assert client.post(address(made, "trustee/share"), data={"content": "{}"}).status_code == 409


def test_many_trackers_have_pages(client, session, at, monkeypatch):
    monkeypatch.setattr("unionapp.ballots.queries.board.PAGE", 2)
    made = make_finished(session, at)
    first, second = (client.get(address(made, f"?page={page}&lang=en")).text for page in (1, 2))
    assert first != second
    assert "4 ballots" in first
    assert client.get(address(made, "?page=99")).status_code == 200


def test_the_time_for_voting_is_over_before_the_job_has_run(client, session, at):
    made = make_open(session, at)
    raw = made_ballots.encrypt(made, made.codes[0], YES)
    made.election.closes_at = at - timedelta(seconds=1)
    session.flush()
    assert client.post(address(made, "cast"), data=raw).status_code == 409
