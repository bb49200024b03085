"""A sealed text is put before the members, its hash on the ballot paper."""

import pytest

from tests.factories import bargaining as texts
from tests.factories.ballots import make_committee
from tests.factories.membership import make_actor
from unionapp.ballots.models import Election, ElectionState
from unionapp.bargaining import operations as bargaining

TIMES = {"opens_at": "2030-01-01T09:00", "closes_at": "2030-01-08T18:00"}


@pytest.fixture
def sealed(session, at):
    negotiator = texts.make_negotiator(session)
    agreement, _units = texts.make_draft(session, negotiator, at=at)
    texts.check_all(session, agreement, negotiator, at=at)
    base = texts.head(session, negotiator, agreement).changeset.id
    made = bargaining.seal(session, agreement, base, actor=negotiator, at=at)
    session.flush()
    return made


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_the_hash_of_the_sealed_text_stands_on_the_paper(client, session, sealed, lang):
    client.act_as(make_committee(session))
    assert sealed.sha256 in client.page(f"/ratification/?lang={lang}")
    address = f"/ratification/{sealed.id}/new"
    shown = client.get(f"{address}?lang={lang}").text
    assert sealed.sha256 in shown
    question = {"question_ja": "承認しますか。", "question_en": "Do you approve?"}
    form = {"title_ja": "批准", "title_en": "Ratification", **question, **TIMES}
    answer = client.post(address, data={**form, "rule": "more_yes_than_no", "group": "Ed25519"})
    assert answer.status_code == 303
    election = session.query(Election).one()
    assert election.state is ElectionState.DRAFT
    assert (election.text_hash, election.text_url) == (sealed.sha256, f"/bargaining/sealed/{sealed.id}")
    assert sealed.sha256 in client.page(f"{answer.location}?lang={lang}")
    assert client.get(election.text_url).status_code == 200


def test_nothing_is_sealed_yet(client, session):
    client.act_as(make_committee(session))
    assert "No sealed text yet" in client.page("/ratification/?lang=en")


def test_a_bad_paper_is_refused(client, session, sealed):
    client.act_as(make_committee(session))
    answer = client.post(f"/ratification/{sealed.id}/new", data={"title_ja": "批准", **TIMES})
    assert answer.status_code == 422
    assert session.query(Election).count() == 0


def test_only_the_committee_and_only_what_exists(client, session, sealed):
    client.act_as(make_actor(session))
    assert client.get("/ratification/").status_code == 403
    assert client.get(f"/ratification/{sealed.id}/new").status_code == 403
    client.act_as(make_committee(session))
    assert client.get("/ratification/00000000-0000-0000-0000-000000000000/new").status_code == 404
