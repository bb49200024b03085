import io
import json
import re

import pytest
from sqlalchemy import select

from tests.factories.membership import LONG_AGO, actor_of, make_actor, make_application, make_member
from unionapp.kernel.tokens import sign
from unionapp.membership import mail, operations, queries
from unionapp.membership.models import (
    Application,
    ApplicationState,
    ImportBatch,
    Member,
    MemberStatus,
    Office,
    OfficeHolding,
)

GOOD = {
    "legal_name": "髙橋 花子",
    "reading": "ﾀｶﾊｼ はなこ",
    "pen_name": "はな",
    "email": "Hana@example.jp",
    "phone": "０９０－１２３４－５６７８",
    "studio": "スタジオ架空",
    "job_categories": ["key_animation", "in_between"],
    "employment_form": "freelance",
    "language": "ja",
    "consent": "y",
}
LANGUAGES = ("ja", "en")


@pytest.fixture
def officer(session):
    return make_actor(session, Office.MEMBERSHIP_OFFICER, legal_name="山 一", email="yama@example.jp")


@pytest.fixture
def waiting(session):
    return make_application(
        session, state=ApplicationState.CONFIRMED, confirmed_at=LONG_AGO, phone="+819012345678"
    )


def applications(session):
    session.expire_all()
    return session.scalars(select(Application)).all()


def test_applying_takes_one_page_and_answers_alike_for_known_addresses(client, session):
    make_member(session, email="known@example.jp")
    answers = [
        client.post("/membership/apply?lang=ja", data={**GOOD, "email": email})
        for email in ("hana@example.jp", "known@example.jp")
    ]
    assert [(a.status_code, a.location) for a in answers] == [(303, "/membership/apply/sent")] * 2
    [application] = applications(session)
    assert application.reading == "タカハシ ハナコ"
    assert application.phone == "+819012345678"
    assert application.consent_version


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("legal_name", ""),
        ("legal_name", "髙橋\x00花子"),
        ("legal_name", "花\u202e子"),
        ("legal_name", "花" * 1_000_000),
        ("legal_name", "123"),
        ("legal_name", "花\n子"),
        ("reading", "高橋"),
        ("pen_name", "\u200f"),
        ("email", "nobody"),
        ("email", ""),
        ("phone", "12"),
        ("studio", "S" * 300),
        ("job_categories", []),
        ("job_categories", ["emperor"]),
        ("employment_form", "slave"),
        ("employment_form", ""),
        ("language", "fr"),
        ("consent", ""),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_bad_application_comes_back_with_the_fault_at_its_field(client, session, field, value, lang):
    data = {**GOOD, field: value}
    if not value:
        del data[field]
    answer = client.post(f"/membership/apply?lang={lang}", data=data)
    assert answer.status_code == 422
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}-wrong"' in answer.text
    assert "Hana@example.jp" in answer.text or field == "email"
    assert applications(session) == []


def test_text_that_is_no_unicode_comes_back_at_its_field(client, session):
    body = "legal_name=%ED%A0%80&reading=a&email=a@example.jp&consent=y"
    answer = client.post("/membership/apply", data=body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 422
    assert 'id="legal_name-wrong"' in answer.text
    assert applications(session) == []


def test_too_many_applications_for_one_address_are_stopped(client, session):
    answers = [client.post("/membership/apply", data=GOOD).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_applicant_confirms_follows_and_withdraws(client, session, lang):
    application = make_application(session, legal_name="髙橋 太郎")
    link = f"/membership/apply/confirm/{sign(mail.CONFIRM, str(application.id))}"
    assert "髙橋 太郎" in client.page(f"{link}?lang={lang}")
    session.expire_all()
    assert application.state is ApplicationState.SUBMITTED
    followed = client.post(link).location
    assert client.get(link).location.startswith("/membership/application/")
    assert client.page(f"{followed}?lang={lang}")
    assert client.post(f"{followed}/withdraw").status_code == 303
    assert client.page(f"{followed}?lang={lang}")
    session.expire_all()
    assert (application.state, application.legal_name) == (ApplicationState.WITHDRAWN, "")
    assert client.post(f"{followed}/withdraw").status_code == 409


def test_a_link_that_we_did_not_make_or_for_another_purpose_leads_nowhere(client, session):
    application = make_application(session)
    for token in ("nonsense", sign("first-password", str(application.id))):
        assert client.get(f"/membership/apply/confirm/{token}").status_code == 404
        assert client.get(f"/membership/application/{token}").status_code == 404
        assert client.post(f"/membership/application/{token}/withdraw").status_code == 404
        assert client.get(f"/membership/mail-change/{token}").status_code == 404


def test_a_refused_applicant_reads_why_and_has_the_data_erased(client, session, waiting, officer, at):
    operations.refuse(session, waiting, "定員のため\n\nまた来年", actor=officer, at=at)
    session.flush()
    link = f"/membership/application/{mail.follow_token(waiting.id)}"
    assert "定員のため" in client.page(link)
    assert client.post(f"{link}/erase").status_code == 303
    assert "定員のため" not in client.page(link)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_officer_sees_who_waits_and_who_it_may_be(client, session, waiting, officer, lang):
    make_member(session, legal_name="高橋 太郎", reading="タカハシ タロウ")
    client.act_as(officer)
    assert "髙橋 太郎" in client.page(f"/membership/applications?lang={lang}")
    shown = client.page(f"/membership/applications/{waiting.id}?lang={lang}")
    assert "高橋 太郎" in shown
    assert waiting.email in shown


def test_the_officer_admits(client, session, waiting, officer):
    client.act_as(officer)
    assert client.post(f"/membership/applications/{waiting.id}/admit").status_code == 303
    session.expire_all()
    assert waiting.state is ApplicationState.ADMITTED
    assert session.get(Member, waiting.member_id).legal_name == "髙橋 太郎"
    assert client.post(f"/membership/applications/{waiting.id}/admit").status_code == 409
    assert client.page(f"/membership/applications/{waiting.id}")


def test_the_officer_refuses_with_a_reason_only(client, session, waiting, officer):
    client.act_as(officer)
    address = f"/membership/applications/{waiting.id}/refuse"
    answer = client.post(address, data={"reason": " "})
    assert answer.status_code == 422
    assert 'id="reason-wrong"' in answer.text
    assert client.post(address, data={"reason": "理由"}).status_code == 303
    session.expire_all()
    assert (waiting.state, waiting.reason) == (ApplicationState.REFUSED, "理由")
    assert "理由" in client.page(f"/membership/applications/{waiting.id}")


def test_members_without_the_office_are_refused_and_visitors_sign_in(client, session, waiting):
    other = make_member(session)
    pages = (
        "/membership/applications",
        f"/membership/applications/{waiting.id}",
        "/membership/members",
        f"/membership/members/{other.id}",
        "/membership/imports",
    )
    for address in pages:
        assert client.get(address).status_code == 303
    client.act_as(make_actor(session))
    for address in pages:
        assert client.get(address).status_code == 403


def test_the_roll_of_thousands_takes_a_fixed_number_of_queries(client, session, officer, connection):
    statements = []
    from sqlalchemy import event  # noqa: PLC0415

    client.act_as(officer)
    seen = []
    for count in (3, 60):
        for number in range(count):
            make_member(session, legal_name=f"人 {number}", offices=[Office.TRUSTEE])
        event.listen(connection, "before_cursor_execute", lambda *a: statements.append(a[2]))
        statements.clear()
        assert client.page("/membership/members?search=人&status=active")
        seen.append(len(statements) // (1 + len(seen)))
    assert seen[0] == seen[1] <= 8


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_roll_is_searched_and_read_on(client, session, officer, monkeypatch, lang):
    monkeypatch.setattr("unionapp.membership.queries.roll.PAGE", 1)
    make_member(session, legal_name="最初", reading="アア")
    make_member(session, legal_name="次の", reading="イイ")
    client.act_as(officer)
    first = client.get(f"/membership/members?lang={lang}").text
    assert "最初" in first
    assert "次の" not in first
    [onward] = re.findall(r'rel="next"\s+href="([^"]+)"', first)
    assert "次の" in client.page(onward.replace("&amp;", "&"))
    assert "次の" in client.page(f"/membership/members?search=ii&lang={lang}")
    assert client.page("/membership/members?search=%00%ff&status=nonsense&after=nonsense")


def test_an_officer_changes_status_and_offices(client, session, officer):
    member = make_member(session, notes="一行目\n二行目")
    client.act_as(officer)
    base = f"/membership/members/{member.id}"
    assert "二行目" in client.page(base)
    for data in ({"status": "suspended"}, {"reason": "x"}, {"status": "active", "reason": "x"}):
        assert client.post(f"{base}/status", data=data).status_code == 422
    assert client.post(f"{base}/offices", data={"office": "member"}).status_code == 422
    assert client.post(f"{base}/offices", data={"office": "negotiator"}).status_code == 303
    held = session.scalars(select(OfficeHolding).where(OfficeHolding.office == Office.NEGOTIATOR)).one()
    assert client.post(f"{base}/offices/{held.id}/withdraw").status_code == 303
    assert client.post(f"{base}/offices/{held.id}/withdraw").status_code == 409
    assert client.post(f"{base}/invite").status_code == 303
    data = {"status": "suspended", "reason": "調査のため"}
    assert client.post(f"{base}/status", data=data).status_code == 303
    session.expire_all()
    assert member.status is MemberStatus.SUSPENDED
    assert "調査のため" in client.page(base)


def test_an_officer_erases_who_left_and_asks_for_it(client, session, officer):
    member = make_member(session, status=MemberStatus.LEFT)
    client.act_as(officer)
    base = f"/membership/members/{member.id}"
    assert f"{base}/erase" in client.get(base).text
    assert client.post(f"{base}/erase").status_code == 303
    assert "佐藤 花子" not in client.page(base)
    assert client.page("/membership/members")
    assert client.post(f"{base}/erase").status_code == 409


def test_an_officer_grants_nothing_to_themselves(client, session, officer):
    client.act_as(officer)
    base = f"/membership/members/{officer.member_id}"
    assert 'id="grant"' not in client.get(base).text
    assert client.post(f"{base}/offices", data={"office": "trustee"}).status_code == 403


def test_a_holding_that_is_nobody_s_is_not_found(client, session, officer, waiting):
    client.act_as(officer)
    own = f"/membership/members/{officer.member_id}"
    assert client.post(f"{own}/offices/{waiting.id}/withdraw").status_code == 404
    other = make_member(session, offices=[Office.TRUSTEE])
    held = session.scalars(select(OfficeHolding).where(OfficeHolding.member_id == other.id)).first()
    assert client.post(f"/membership/me/offices/{held.id}/lay-down").status_code == 404


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_member_sees_changes_and_takes_along_the_own_record(client, session, lang):
    member = make_member(session, offices=[Office.TRUSTEE])
    client.act_as(actor_of(member))
    assert "佐藤 花子" in client.page(f"/membership/me?lang={lang}")
    assert "サトウ ハナコ" in client.get(f"/membership/me/change?lang={lang}").text
    bad = client.post("/membership/me/change", data={**GOOD, "legal_name": "a\u202eb"})
    assert bad.status_code == 422
    assert client.post("/membership/me/change", data=GOOD).status_code == 303
    session.expire_all()
    assert (member.legal_name, member.phone) == ("髙橋 花子", "+819012345678")
    assert member.email != "Hana@example.jp"
    data = json.loads(client.get("/membership/me/data.json").text)
    assert data["record"]["legal_name"] == "髙橋 花子"
    assert {each["office"] for each in data["offices"]} == {"member", "trustee"}
    assert data["events"][0]["event"] == "member.changed"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_mail_address_changes_by_link(client, session, lang):
    member = make_member(session, email="old@example.jp")
    client.act_as(actor_of(member))
    assert "old@example.jp" in client.page(f"/membership/me/mail?lang={lang}")
    assert client.post("/membership/me/mail", data={"email": "no"}).status_code == 422
    assert client.post("/membership/me/mail", data={"email": "old@example.jp"}).status_code == 422
    assert client.post("/membership/me/mail", data={"email": "new@example.jp"}).status_code == 303
    link = "/membership/mail-change/" + mail.mail_change(member, "new@example.jp").facts["token"]
    assert "new@example.jp" in client.page(f"{link}?lang={lang}")
    assert client.post(link).status_code == 303
    session.expire_all()
    assert member.email == "new@example.jp"
    assert client.post(link).status_code == 409


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_member_lays_down_an_office_and_leaves(client, session, lang):
    member = make_member(session, offices=[Office.TRUSTEE])
    client.act_as(actor_of(member))
    held = session.scalars(select(OfficeHolding).where(OfficeHolding.office == Office.TRUSTEE)).one()
    assert client.post(f"/membership/me/offices/{held.id}/lay-down").status_code == 303
    assert client.page(f"/membership/me/leave?lang={lang}")
    assert client.post("/membership/me/leave").status_code == 303
    session.expire_all()
    assert member.status is MemberStatus.LEFT
    assert queries.actor_for(session, member.id) is None


ROLL = "氏名,フリガナ,メール\n髙橋 花子,タカハシ ハナコ,hana@example.jp\n,ナナシ,b@example.jp\n".encode(
    "cp932"
)


def upload(client, data, name="名簿.csv"):
    return client.post("/membership/imports", data={"file": (io.BytesIO(data), name)})


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_roll_is_looked_at_imported_and_undone(client, session, officer, lang):
    client.act_as(officer)
    assert client.page(f"/membership/imports?lang={lang}")
    batch = upload(client, ROLL).location
    assert "名簿.csv" in client.page(f"{batch}?lang={lang}")
    table = client.get(f"{batch}/problems.csv?lang={lang}")
    assert table.data.startswith(b"\xef\xbb\xbf")
    assert len(table.text.splitlines()) == 2
    assert queries.member_by_email(session, "hana@example.jp") is None
    assert client.post(f"{batch}/apply").status_code == 303
    assert client.page(f"{batch}?lang={lang}")
    assert queries.member_by_email(session, "hana@example.jp") is not None
    assert client.post(f"{batch}/apply").status_code == 409
    assert client.post(f"{batch}/invite").status_code == 303
    assert client.page(f"{batch}?lang={lang}")
    assert client.post(f"{batch}/undo").status_code == 303
    assert client.page(f"{batch}?lang={lang}")
    session.expire_all()
    assert queries.member_by_email(session, "hana@example.jp") is None
    again = upload(client, ROLL).location
    assert client.post(f"{again}/discard").status_code == 303
    assert client.page(f"{again}?lang={lang}")
    assert client.page(f"/membership/imports?lang={lang}")


def test_an_import_in_use_names_the_people_and_is_not_undone(client, session, officer, at):
    client.act_as(officer)
    batch = upload(client, ROLL).location
    client.post(f"{batch}/apply")
    hana = queries.member_by_email(session, "hana@example.jp")
    operations.grant_office(session, hana, Office.TRUSTEE, actor=officer, at=at)
    session.flush()
    assert "髙橋 花子" in client.page(batch)
    assert client.post(f"{batch}/undo").status_code == 409


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "empty.csv"),
        (b"\x00\x01\x02\xff" * 500, "binary.csv"),
        (b"PK\x03\x04broken", "broken.xlsx"),
        (b"%PDF-1.7", "roll.pdf"),
        (b"a,b\n1,2\n", "no-names.csv"),
        ("氏名\n髙橋".encode("cp932") + b"\x81", "cut.csv"),
    ],
)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_file_that_is_no_roll_is_refused_at_its_field(client, session, officer, data, name, lang):
    client.act_as(officer)
    answer = client.post(f"/membership/imports?lang={lang}", data={"file": (io.BytesIO(data), name)})
    assert answer.status_code == 422
    assert 'id="file-wrong"' in answer.text
    assert session.scalars(select(ImportBatch)).all() == []


def test_no_file_is_a_fault_too(client, session, officer):
    client.act_as(officer)
    answer = client.post("/membership/imports", data={})
    assert answer.status_code == 422
    assert 'id="file-wrong"' in answer.text


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("address", ["/membership/apply", "/membership/apply/sent", "/membership/your-data"])
def test_public_pages_are_there_in_both_languages(client, session, address, lang):
    assert client.page(f"{address}?lang={lang}")


def test_addresses_are_taken_in_wide_letters_and_refused_where_no_letter_arrives(client, session):
    wide = client.post("/membership/apply?lang=ja", data={**GOOD, "email": "Ｈａｎａ＠ｅｘａｍｐｌｅ．ｊｐ"})
    assert wide.status_code == 303
    [application] = applications(session)
    assert application.email == "Hana@example.jp"
    refused = client.post("/membership/apply?lang=en", data={**GOOD, "email": "花子@example.jp"})
    assert refused.status_code == 422
    assert "hana@example.jp" in refused.text


def test_marks_that_nobody_sees_do_not_make_another_name(client, session):
    assert (
        client.post("/membership/apply", data={**GOOD, "legal_name": "髙\u200b橋 花\u2060子"}).status_code
        == 303
    )
    assert applications(session)[0].legal_name == "髙橋 花子"
