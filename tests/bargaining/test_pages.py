"""Every address of bargaining: for negotiators, for members, for strangers, in both languages."""

import json
import re
import uuid

import pytest

from tests.factories.bargaining import (
    add,
    check_all,
    edit,
    head,
    make_agreement,
    make_draft,
    make_negotiator,
)
from tests.factories.membership import make_actor
from unionapp.bargaining import operations, queries
from unionapp.bargaining.models import UnitKind


@pytest.fixture
def negotiator(session, client):
    actor = make_negotiator(session)
    client.act_as(actor)
    return actor


@pytest.fixture
def draft(session, negotiator, at):
    return make_draft(session, negotiator, at=at)


def base_of(html):
    return re.search(r'name="base"[^>]*value="([^"]+)"', html)[1]


@pytest.mark.parametrize("lang", ["ja", "en"])
def test_every_page_of_a_bundle_in_both_languages(client, session, negotiator, at, lang):
    agreement = make_agreement(session, negotiator, bundle="animators-complete", at=at)
    version = head(session, negotiator, agreement)
    unit = next(part for part in version.document.parts if part.library_path == "training-use")
    edit(session, agreement, negotiator, unit.id, base=version, ja="学習への利用の制限", at=at)
    newest = head(session, negotiator, agreement)
    session.commit()
    root = f"/bargaining/{agreement.id}"
    for path in (
        "/bargaining/",
        "/bargaining/new",
        f"{root}/draft",
        f"{root}/blanks",
        f"{root}/library",
        f"{root}/library?code=TRN",
        f"{root}/library/training-use",
        f"{root}/protections",
        f"{root}/versions",
        f"{root}/versions/{version.changeset.id}",
        f"{root}/redline/{version.changeset.id}/{newest.changeset.id}",
        f"{root}/redline/{version.changeset.id}/{newest.changeset.id}?all=1",
        f"{root}/seal",
        f"{root}/units/{unit.id}/edit",
        f"{root}/units/{unit.id}/translation",
        f"{root}/units/{unit.id}/protections",
        f"{root}/units/{unit.id}/remove",
        f"{root}/add?kind=article",
        f"{root}/add?kind=paragraph&parent={unit.id}",
    ):
        text = client.page(f"{path}{'&' if '?' in path else '?'}lang={lang}")
        assert "None" not in text, path
