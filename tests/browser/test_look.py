"""Every page with an address of its own, for every office, on both sites, at both widths, light and dark."""

import pytest

from tests.browser.pictures import shot
from tests.factories.ballots import make_open
from tests.factories.bargaining import make_draft, make_negotiator
from tests.factories.membership import make_application, make_member
from unionapp.kernel import clock
from unionapp.membership.models import ApplicationState, Office
from unionapp.roster import fictional

NOT_PAGES = {"static", "membership.export"}
OFFICES = [office.value for office in Office if office is not Office.MEMBER]
EVERYTHING = "everything"
combinations = pytest.mark.parametrize(
    ("language", "device"),
    [("ja", "phone"), ("ja", "desk"), ("en", "phone"), ("en", "desk")],
    ids=["ja-390", "ja-1280", "en-390", "en-1280"],
)


@pytest.fixture(scope="module")
def people(stage):
    """A union with something on every list, and somebody for every office; addresses by office."""

    def fill(session):
        at = clock.now()
        for person in fictional.people(60, 7, clock.today(at)):
            make_member(
                session,
                legal_name=person.name,
                reading=person.reading,
                pen_name=person.pen_name,
                email=person.email,
                studio=person.studio,
            )
        for name in ("髙橋 太郎", "架空 ひなた"):
            make_application(session, legal_name=name, state=ApplicationState.CONFIRMED, confirmed_at=at)
        make_draft(session, make_negotiator(session), at=at)
        make_open(session, at, voters=0)

    stage.act(fill)
    found = {office: stage.person(f"{office}@example.jp", office, name="架空 みどり") for office in OFFICES}
    found["member"] = stage.person("member@example.jp", name="架空 はな")
    found[EVERYTHING] = stage.person("everything@example.jp", *OFFICES, name="架空 ぜんぶ")
    return found


def addresses(stage):
    """Return the addresses of the members' pages that need no parameters."""
    return sorted(
        rule.rule
        for rule in stage.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and not rule.arguments and rule.endpoint not in NOT_PAGES
    )


def sign_in(visitor, address):
    """Sign in, in the visitor's language whatever the member's own is."""
    visitor.open(f"/?lang={visitor.language}")
    visitor.sign_in(address)


def admitted(visitor, address):
    """Open an address; tell whether the visitor may see it. What is refused says so in words."""
    status = visitor.page.request.get(visitor.stage.members_url + address, max_redirects=0).status
    if status == 200:
        visitor.open(address)
        return True
    assert status in {303, 403}, f"{address}: {status}"
    return False


@combinations
def test_every_page_looks_right_to_whoever_holds_all_offices(visit, stage, people, language, device):
    visitor = visit(language=language, device=device)
    sign_in(visitor, people[EVERYTHING])
    pages = [address for address in addresses(stage) if admitted_and_seen(visitor, address)]
    assert {"/", "/membership/members", "/bargaining/", "/ballots/", "/cases"} <= set(pages)


def admitted_and_seen(visitor, address):
    if not admitted(visitor, address):
        return False
    name = "look" + address.replace("/", "-").rstrip("-")
    for scheme in ("light", "dark"):
        visitor.page.emulate_media(color_scheme=scheme)
        shot(visitor, name)
    visitor.page.emulate_media(color_scheme="light")
    return True


@pytest.mark.parametrize("office", ["nobody", "member", *OFFICES])
def test_every_office_sees_its_pages_and_no_others(visit, stage, people, office):
    language, device = ("ja", "phone") if len(office) % 2 else ("en", "desk")
    visitor = visit(language=language, device=device)
    if office != "nobody":
        sign_in(visitor, people[office])
    pages = {address for address in addresses(stage) if admitted(visitor, address)}
    assert ("/membership/me" in pages) == (office != "nobody")
    assert ("/membership/imports" in pages) == (office == "membership_officer")
    assert ("/cases" in pages) == (office == "case_worker")
    assert ("/bargaining/new" in pages) == (office == "negotiator")
    assert ("/ballots/new" in pages) == (office == "election_committee")


@combinations
def test_the_reporting_site_looks_right(visit, stage, language, device):
    visitor = visit(language=language, device=device)
    for address in ("/", "/report", "/mailbox"):
        visitor.open(stage.reporting_url + address)
        shot(visitor, "reporting" + address.replace("/", "-").rstrip("-"))
