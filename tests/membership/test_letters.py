import email
import email.policy
import json
import uuid

import pytest
from sqlalchemy import select

from tests.factories.membership import make_application, make_member
from unionapp.kernel import mail as post_office
from unionapp.kernel.jobs import OutboxJob, due, registry
from unionapp.kernel.mail import Letter
from unionapp.membership import mail, operations
from unionapp.membership.models import (
    Application,
    ApplicationState,
    ImportBatch,
    ImportState,
    MemberStatus,
    Particulars,
)


def every_letter(session, lang):
    application = make_application(session, language=lang, reason="理由 <b>\n\nつづき")
    member = make_member(session, language=lang)
    yield mail.confirm(application)
    yield mail.already_applied(application)
    yield mail.already_known("a@example.jp", lang)
    yield mail.received(application)
    yield mail.refused(application)
    yield mail.admitted(member)
    yield mail.invited(member)
    yield mail.left(member)
    yield mail.mail_change(member, "new@example.jp")
    yield mail.mail_changed(member, "old@example.jp")
    for status in MemberStatus:
        member.status = status
        yield mail.status_changed(member, "理由 <b>")


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_letter_is_whole_in_both_languages(app_context, session, at, lang):
    for letter in every_letter(session, lang):
        message = post_office.render(letter, at=at)
        assert message.subject
        assert "<b>" not in message.html
        assert "None" not in message.body
        assert (lang == "ja") is any("ぁ" <= c <= "ん" for c in message.subject + message.body.split("\n")[2])
        for link in [line for line in message.body.splitlines() if line.startswith("http")]:
            assert link in message.html


def test_what_nobody_confirms_is_forgotten_by_a_job(session, at):
    operations.submit(session, Particulars("花", email="h@example.jp"), consent_version="v", at=at)
    session.flush()
    [row] = session.scalars(select(OutboxJob).where(OutboxJob.name == "membership.forget_unconfirmed"))
    assert row.id not in due(session, at)
    payload = json.loads(row.payload)
    registry.handlers[row.name](session, payload, at)
    application = session.get_one(Application, uuid.UUID(payload["application_id"]))
    assert (application.state, application.legal_name) == (ApplicationState.WITHDRAWN, "")
    registry.handlers[row.name](session, payload, at)


def test_a_letter_carries_its_language(app_context, at):
    message = post_office.render(Letter("membership/mail/already_known", "a@example.jp", "ja"), at=at)
    parsed = email.message_from_string(message.as_string(), policy=email.policy.default)
    assert parsed["Content-Language"] == "ja"


def test_jobs_for_what_is_gone_do_nothing(session, at):
    for name, key in (
        ("membership.forget_unconfirmed", "application_id"),
        ("membership.forget_import", "import_id"),
        ("membership.invite_import", "import_id"),
    ):
        registry.handlers[name](session, {key: str(uuid.uuid4())}, at)
    assert session.scalars(select(OutboxJob)).all() == []


def test_jobs_of_an_import_wipe_it_and_write_to_its_people(session, at):
    batch = ImportBatch(
        id=uuid.uuid4(),
        state=ImportState.APPLIED,
        file_name="f",
        rows=1,
        valid=1,
        invalid=0,
        duplicates=0,
        known=0,
        staged_at=at,
        problems=[{"code": "known_name", "row": 1}],
    )
    session.add(batch)
    session.flush()
    member = make_member(session, import_id=batch.id)
    payload = {"import_id": str(batch.id)}
    registry.handlers["membership.invite_import"](session, payload, at)
    session.flush()
    [letter] = session.scalars(select(OutboxJob))
    assert json.loads(letter.payload)["to"] == member.email
    registry.handlers["membership.forget_import"](session, payload, at)
    assert batch.problems == []
