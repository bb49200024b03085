"""The case workers' pages and what their scripts fetch: ciphertext only, and for nobody else."""

import base64

import pytest
from sqlalchemy import select

from tests.factories.grievances import answer_of, make_bundle, make_case, make_worker, make_workers
from tests.factories.membership import make_actor
from unionapp.crypto import case_format
from unionapp.crypto.case_format import REPORTER, KeyWrap, MessageHeader, SealedReportKey
from unionapp.grievances.casework import mail
from unionapp.grievances.intake.models import CaseState, HandlerKey
from unionapp.kernel.audit import AuditEvent
from unionapp.kernel.mail import render
from unionapp.membership.models import Office

MARKER = "MARKER-9f2c-架空の通報"


@pytest.fixture
def workers(session):
    return make_workers(session, 2)


@pytest.fixture
def mailbox(session, settings, workers, at):
    return make_case(session, settings.attachments_dir, at=at, text=MARKER, files=[("a.txt", b"abc")])[0]


def encode(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def decode(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def fields_of(said):
    return {"seq": said.seq, "sealed": encode(said.sealed), "signature": encode(said.signature)}


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_pages_show_cases_without_contents(client, workers, mailbox, lang):
    client.act_as(workers[0].actor)
    for address in ("/cases", f"/cases/{mailbox.case.id}", "/cases/key"):
        html = client.get(f"{address}?lang={lang}").text
        assert MARKER not in html
    inbox = client.page(f"/cases?lang={lang}")
    assert {"ja": "案件1件", "en": "One case"}[lang] in inbox


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_empty_inboxes_say_the_first_step(client, session, workers, lang):
    client.act_as(make_actor(session, Office.CASE_WORKER))
    assert {"ja": "鍵がまだありません", "en": "You have no key yet"}[lang] in client.page(
        f"/cases?lang={lang}"
    )
    client.act_as(workers[0].actor)
    assert {"ja": "案件はありません", "en": "No cases"}[lang] in client.page(f"/cases?lang={lang}")


def test_a_key_is_published_and_revoked(client, session):
    actor = make_actor(session, Office.CASE_WORKER)
    client.act_as(actor)
    _, bundle = make_bundle("handler-1")
    answer = client.post("/cases/key", data={"public_name": "相談担当X", "bundle": bundle})
    assert answer.status_code == 303
    key = session.scalars(select(HandlerKey).where(HandlerKey.member_id == actor.member_id)).one()
    assert key.fingerprint in client.page("/cases/key")
    assert client.post("/cases/key", data={"public_name": "Y", "bundle": bundle}).status_code == 409
    assert client.post("/cases/key/revoke").status_code == 303
    assert client.post("/cases/key/revoke").status_code == 404


@pytest.mark.parametrize(
    "fields", [{}, {"public_name": "X"}, {"public_name": "X", "bundle": "{}"}, {"public_name": "X" * 41}]
)
def test_a_key_that_is_none_is_refused(client, session, fields):
    client.act_as(make_actor(session, Office.CASE_WORKER))
    assert client.post("/cases/key", data=fields).status_code == 422


def test_the_sealed_thread_opens_with_the_handlers_key(client, session, workers, mailbox):
    client.act_as(workers[0].actor)
    answer = client.post(f"/cases/{mailbox.case.id}/sealed.json")
    assert MARKER not in answer.text
    found = answer.json
    sealed = SealedReportKey(
        found["case"],
        found["key_version"],
        decode(found["commitment"]),
        (KeyWrap(found["wrap"]["recipient"], decode(found["wrap"]["sealed"])),),
    )
    worker = workers[0]
    report_key = case_format.unwrap_report_key(sealed, worker.key.handler, worker.keys.private_key)
    report = found["messages"][1]
    payload = case_format.open_message(
        report_key, MessageHeader(found["case"], 1, REPORTER), decode(report["sealed"])
    )
    assert payload.text == MARKER
    assert found["state"] == "new"
    assert found["moves"] == ["acknowledged", "in_work"]
    file = client.post(f"/cases/{mailbox.case.id}/files/{payload.attachments[0].id}")
    assert file.status_code == 200
    assert b"abc" not in file.data
    assert file.mimetype == "application/octet-stream"
    file.close()


def test_labels_come_without_the_report(client, workers, mailbox):
    client.act_as(workers[0].actor)
    labels = client.post("/cases/labels.json").json
    assert [[message["seq"] for message in each["messages"]] for each in labels] == [[0]]


def test_an_answer_and_a_state_are_stored(client, session, workers, mailbox):
    client.act_as(workers[0].actor)
    address = f"/cases/{mailbox.case.id}"
    said = answer_of(workers[0], mailbox, "返事")
    assert client.post(f"{address}/messages", data=fields_of(said)).json == {"stored": 2}
    assert client.post(f"{address}/messages", data=fields_of(said)).status_code == 409
    assert client.post(f"{address}/state", data={"state": "in_work"}).json == {"state": "in_work"}
    assert client.post(f"{address}/state", data={"state": "new"}).status_code == 409
    session.refresh(mailbox.case)
    assert mailbox.case.state is CaseState.IN_WORK


def test_a_colleague_is_let_in(client, session, workers, mailbox):
    third = make_worker(session, "相談担当C")
    client.act_as(workers[0].actor)
    sealed = case_format.wrap_report_key(
        mailbox.report_key, mailbox.case.sealed_id, third.key.handler, 1, third.key.public_key
    )
    fields = {"handler": third.key.handler, "sealed": encode(sealed)}
    assert client.post(f"/cases/{mailbox.case.id}/readers", data=fields).status_code == 200
    client.act_as(third.actor)
    assert client.get(f"/cases/{mailbox.case.id}").status_code == 200


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("messages", {}),
        ("messages", {"seq": "2", "sealed": "あ", "signature": "x"}),
        ("messages", {"seq": "-1", "sealed": "AAAA", "signature": "AAAA"}),
        ("messages", {"seq": "2", "sealed": "A" * 500_000, "signature": "AAAA"}),
        ("messages", {"seq": "2", "sealed": "AAAA", "signature": "AAAA"}),
        ("state", {}),
        ("state", {"state": "burnt"}),
        ("readers", {}),
    ],
)
def test_damaged_input_is_refused(client, workers, mailbox, path, fields):
    client.act_as(workers[0].actor)
    assert client.post(f"/cases/{mailbox.case.id}/{path}", data=fields).status_code == 422


def test_a_plaintext_answer_is_refused(client, workers, mailbox):
    client.act_as(workers[0].actor)
    fields = {"seq": 2, "sealed": encode(b"plain text " * 400), "signature": encode(bytes(64))}
    assert client.post(f"/cases/{mailbox.case.id}/messages", data=fields).status_code == 422


def addresses(app):
    """Every address of casework that names a case, with its method, from the map itself."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("casework.") and "case_id" in rule.arguments:
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield method, rule.rule


def test_whoever_is_no_reader_finds_no_case_at_any_address(app, client, session, workers, mailbox):
    file_id = mailbox.case.attachments[0].id.hex
    found = list(addresses(app))
    assert len(found) >= 6
    stranger = make_worker(session, "相談担当Z").actor
    without_key = make_actor(session, Office.CASE_WORKER)
    officers = [make_actor(session, office) for office in Office if office is not Office.CASE_WORKER]
    for method, rule in found:
        address = rule.replace("<uuid:case_id>", str(mailbox.case.id)).replace("<file_id>", file_id)
        for actor, status in [(stranger, 404), (without_key, 404), *((each, 403) for each in officers)]:
            client.act_as(actor)
            answer = client.open(address, method=method)
            assert answer.status_code == status, (method, address, actor)


def test_files_of_other_cases_are_not_had_through_ones_own(client, session, settings, workers, mailbox, at):
    other, _ = make_case(session, settings.attachments_dir, at=at, files=[("b", b"b")])
    client.act_as(workers[0].actor)
    foreign = other.case.attachments[0].id.hex
    for wrong in (foreign, "..%2f..%2fkeys%2fsecret_key", "x"):
        assert client.post(f"/cases/{mailbox.case.id}/files/{wrong}").status_code == 404


@pytest.mark.parametrize("language", ["ja", "en"])
def test_the_digest_letter_says_no_more_than_that(app_context, at, language):
    message = render(mail.digest("a@example.jp", language), at=at)
    assert message.subject
    assert "/cases" in message.body
    assert "/cases/" not in message.body + message.html


def test_taking_a_file_stands_in_the_audit_log(client, session, workers, mailbox):
    client.act_as(workers[0].actor)
    address = f"/cases/{mailbox.case.id}/files/{mailbox.case.attachments[0].id.hex}"
    assert client.get(address).status_code == 405
    client.post(address).close()
    assert "case.file_taken" in set(session.scalars(select(AuditEvent.event)))


@pytest.mark.parametrize(("count", "warned"), [(2, True), (3, False)])
def test_whoever_revokes_one_of_the_last_keys_is_warned(client, session, count, warned):
    worker = make_workers(session, count)[0]
    client.act_as(worker.actor)
    assert ("takes no new reports" in client.page("/cases/key?lang=en")) is warned
