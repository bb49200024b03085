import pytest

from tests.factories.accounts import PASSWORD, give_password
from tests.factories.membership import make_member
from unionapp.kernel import tokens


@pytest.fixture
def member(session, settings, at):
    member = make_member(session, language="en")
    give_password(session, settings, member, at=at)
    session.flush()
    return member


def sign_in(client, email, password=PASSWORD, **more):
    return client.post("/account/sign-in", data={"email": email, "password": password, **more})


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("path", ["sign-in", "forgot", "link-sent"])
def test_public_pages_stand_in_both_languages(client, path, language):
    assert client.page(f"/account/{path}?lang={language}")


def test_a_member_signs_in_sees_her_browsers_and_signs_out(client, member):
    response = sign_in(client, member.email)
    assert response.status_code == 303
    cookie = client.get_cookie("members")
    assert cookie.http_only
    assert cookie.same_site == "Lax"
    assert member.email not in cookie.value
    assert "this browser" in client.page("/account/sessions")
    assert client.page("/account/password")
    assert client.post("/account/sign-out").status_code == 303
    assert client.get("/account/sessions").status_code == 303


def test_wrong_and_unknown_are_answered_alike(client, member):
    known = sign_in(client, member.email, "wrong")
    unknown = sign_in(client, "nobody@example.jp", "wrong")
    assert known.status_code == unknown.status_code == 422
    assert known.text.replace(member.email, "@") == unknown.text.replace("nobody@example.jp", "@")
    assert "wrong" not in known.text.replace('class="wrong"', "").replace("-wrong", "")


def test_a_stranger_is_sent_to_sign_in_and_back_again(client, member):
    response = client.get("/account/sessions")
    assert response.status_code == 303
    assert "next=/account/sessions" in response.location.replace("%2F", "/")
    assert sign_in(client, member.email, next="/account/sessions").location == "/account/sessions"


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"]
)
def test_sign_in_never_sends_people_elsewhere(client, member, target):
    assert sign_in(client, member.email, next=target).location == "/"


def test_forgot_answers_alike_for_known_and_unknown(client, member):
    answers = [client.post("/account/forgot", data={"email": e}) for e in (member.email, "nobody@example.jp")]
    assert {answer.status_code for answer in answers} == {303}
    assert len({answer.location for answer in answers}) == 1


def test_the_first_password_is_set_through_its_link(client, session):
    member = make_member(session)
    session.flush()
    path = f"/account/first-password/{tokens.sign('first-password', str(member.id))}"
    assert client.page(path)
    weak = client.post(path, data={"password": "password"})
    assert weak.status_code == 422
    assert client.post(path, data={"password": PASSWORD}).status_code == 303
    assert sign_in(client, member.email).status_code == 303
    assert client.get(path).status_code == 422


def test_every_form_asks_for_the_token(app, client, member):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert sign_in(client, member.email).status_code == 400
        assert client.post("/account/sign-out").status_code == 400
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
