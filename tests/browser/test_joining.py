"""An animator applies on a phone, the union decides, and the new member finds her own record."""

from tests.browser.conftest import both
from tests.browser.letters import link_in, text_of
from tests.browser.pictures import picture, shot

PASSWORD = "paper, pegs and a soft pencil"
REASON = "編集部の方は、いまの規約では組合員になれません。\n\n規約第五条をご覧ください。"


@both
def test_an_animator_joins(visit, stage, language, device):
    applicant = visit(language=language, device=device)
    address = f"hana-{language}@example.jp"
    apply(applicant, address)
    stage.person(f"hanako-{language}@example.jp", name="高橋 花子", pen_name="べつの花子")
    officer = visit(language=language, device=device)
    sign_in_officer(officer, stage, language)
    decide(officer, applicant, address)
    enter(applicant, address)


@both
def test_an_applicant_is_refused_with_a_reason(visit, stage, language, device):
    applicant = visit(language=language, device=device)
    address = f"tarou-{language}@example.jp"
    confirm(applicant, send(applicant, address, "架空 太郎", "かくう たろう"))
    status_page = applicant.page.url
    officer = visit(language=language, device=device)
    sign_in_officer(officer, stage, f"refusing-{language}")
    officer.open("/membership/applications")
    open_application(officer, "架空 太郎")
    officer.expect("422")
    officer.press("Refuse")
    assert officer.page.locator(".wrong").count() == 1
    officer.fill("Reason for refusing", REASON)
    officer.press("Refuse")
    officer.reads("The application is refused. A letter with the reason is on its way.")
    assert "規約第五条をご覧ください。" in text_of(stage.letters.wait(address, saying="規約第五条"))
    applicant.open(status_page)
    assert "規約第五条をご覧ください。" in applicant.page.locator("main").inner_text()
    shot(applicant, "application-refused")
    applicant.press("Erase my data")
    applicant.reads("What you told us is erased.")


def apply(applicant, address):
    applicant.open("/")
    shot(applicant, "start")
    applicant.follow("Apply for membership")
    applicant.fill("Legal name", "髙橋 花子")
    applicant.fill("Reading", "高橋")
    applicant.fill("Pen name", "はなこ")
    applicant.fill("Mail address", "hana@")
    applicant.page.locator("[name=job_categories][value=in_between]").check()
    applicant.expect("422")
    applicant.press("Apply")
    shot(applicant, "apply-refused")
    wrong = " ".join(applicant.page.locator(".wrong").all_inner_texts())
    for sentence in (
        "Please enter a mail address such as hana@example.jp.",
        "Please write the reading in kana or Latin letters.",
        "Please choose one.",
        "Without your consent the union may not keep what you wrote.",
    ):
        assert applicant.say(sentence) in wrong
    assert applicant.field("Legal name").input_value() == "髙橋 花子"
    assert applicant.field("Mail address").input_value() == "hana@"
    assert applicant.page.locator("[name=job_categories][value=in_between]").is_checked()
    confirm(applicant, send(applicant, address, fresh=False))


def send(applicant, address, name="髙橋 花子", reading="たかはし はなこ", *, fresh=True):
    """Fill the form and send it; return the letter that asks for confirmation."""
    if fresh:
        applicant.open("/membership/apply")
    applicant.fill("Legal name", name)
    applicant.fill("Reading", reading)
    applicant.fill("Mail address", address)
    applicant.fill("Studio", "架空スタジオ一番")
    for code in ("key_animation", "in_between"):
        applicant.page.locator(f"[name=job_categories][value={code}]").check()
    applicant.page.locator("[name=employment_form][value=freelance]").check()
    applicant.page.locator("[name=consent]").check()
    if applicant.language == "ja" and fresh:
        picture(applicant, "join-ja-390", height=1300)
    applicant.press("Apply")
    applicant.reads("Please look into your mail")
    shot(applicant, "apply-sent")
    letter = applicant.stage.letters.wait(address)
    assert letter["Content-Language"] == applicant.language
    return letter


def confirm(applicant, letter):
    applicant.open(link_in(letter, "/confirm/"))
    shot(applicant, "apply-confirm")
    applicant.press("Confirm the application")
    applicant.reads(
        "What happens next: a membership officer decides."
        " You get a letter either way; there is nothing more for you to do."
    )
    shot(applicant, "apply-follow")


def sign_in_officer(officer, stage, who):
    address = stage.person(
        f"officer-{who}@example.jp", "membership_officer", name="架空 みどり", language=officer.language
    )
    officer.sign_in(address)
    shot(officer, "desk-officer")


def open_application(officer, name):
    with officer.page.expect_navigation():
        officer.page.locator("main").get_by_role("link", name=name).first.click()
    officer.look()


def decide(officer, applicant, address):
    officer.open("/membership/applications")
    shot(officer, "applications")
    open_application(officer, "髙橋 花子")
    officer.reads("Compare before you decide: these members share something with the applicant.")
    shot(officer, "application")
    status_page = applicant.page.url
    officer.press("Admit")
    officer.reads("%(name)s is a member now. A letter is on its way.", name="はなこ")
    applicant.open(status_page)
    applicant.reads("You are a member. The letter of admission holds your first way to sign in.")
    officer.open("/membership/members?search=タカハシ")
    assert "髙橋 花子" in officer.page.locator("main").inner_text()
    shot(officer, "members")
    assert officer.stage.letters.wait(address, saying="/account/first-password/")


def enter(applicant, address):
    letter = applicant.stage.letters.wait(address, saying="/account/first-password/")
    applicant.open(link_in(letter, "/first-password/"))
    shot(applicant, "first-password")
    applicant.page.locator("[type=password]").fill("password")
    applicant.expect("422")
    applicant.press("Set the password")
    applicant.page.locator("[type=password]").fill(PASSWORD)
    applicant.press("Set the password")
    applicant.reads("Your password is set. Please sign in with it.")
    applicant.sign_in(address, PASSWORD)
    shot(applicant, "desk-member")
    applicant.open("/membership/me")
    for own in ("髙橋 花子", "タカハシ ハナコ", "はなこ", address, "架空スタジオ一番"):
        assert own in applicant.page.locator("main").inner_text()
    shot(applicant, "me")
    other = "en" if applicant.language == "ja" else "ja"
    applicant.language = other
    with applicant.page.expect_navigation():
        applicant.page.locator(f"header a[hreflang={other}]").click()
    applicant.look()
    applicant.reads("My record")
    applicant.open("/")
    applicant.reads("Your desk")
