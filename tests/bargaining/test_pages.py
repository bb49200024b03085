"""Every address of bargaining: for negotiators, for members, for strangers, in both languages."""

import hashlib
import json
import re
import uuid

import pytest

from tests.factories.bargaining import (
    check_all,
    edit,
    head,
    make_agreement,
    make_draft,
    make_negotiator,
)
from tests.factories.membership import make_actor
from unionapp.bargaining import operations, queries


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


def address(agreement, *rest):
    return "/".join(["", "bargaining", str(agreement.id), *map(str, rest)])


def test_strangers_and_members_find_no_draft(client, session, draft):
    agreement, (first, *_rest) = draft
    newest = queries.draft_for(session, make_negotiator(session), agreement).changeset.id
    client.act_as(make_actor(session))
    for path in (
        ("draft",),
        ("blanks",),
        ("library",),
        ("library", "term"),
        ("protections",),
        ("versions",),
        ("versions", newest),
        ("redline", newest, newest),
        ("seal",),
        ("units", first, "edit"),
        ("units", first, "translation"),
        ("units", first, "protections"),
        ("units", first, "remove"),
        ("add?kind=article",),
    ):
        assert client.get(address(agreement, *path)).status_code == 404, path
    for path in (
        ("seal",),
        ("blanks",),
        ("library", "term"),
        ("units", first, "move"),
        ("units", first, "edit"),
    ):
        assert client.post(address(agreement, *path), data={"direction": "up"}).status_code == 404, path
    assert client.get("/bargaining/new").status_code == 403
    assert "労働協約" not in client.page("/bargaining/?lang=ja").replace("団体", "")


def test_visitors_are_asked_to_sign_in(client, session, draft):
    agreement, _ids = draft
    client.act_as(None)
    assert client.get(address(agreement, "draft")).status_code == 303
    assert client.get("/bargaining/").status_code == 303


def test_an_agreement_is_begun(client, session, negotiator):
    sent = {
        "title_ja": "協約",
        "title_en": "Agreement",
        "employer_ja": "架空",
        "employer_en": "Fictional",
        "kind": "collective",
        "numbering": "statute",
        "bundle": "interim-memorandum",
        "term_from": "2027-04-01",
        "term_to": "2030-03-31",
    }
    answer = client.post("/bargaining/new", data=sent)
    assert answer.status_code == 303
    text = client.page(f"{answer.location}?lang=ja")
    assert "第一条 定義" in text
    refused = client.post("/bargaining/new?lang=en", data=sent | {"term_to": "2030-04-01", "title_ja": ""})
    assert refused.status_code == 422
    assert "at most three years" in refused.text
    assert "Please fill this in." in refused.text
    assert 'value="Agreement"' in refused.text
    assert len(queries.agreements_for(session, negotiator)) == 1


def test_a_text_is_edited_without_script(client, session, draft, negotiator):
    agreement, (_first, _one, _second, two) = draft
    url = address(agreement, "units", two, "edit")
    page = client.get(url)
    assert "{{第1条第1項}}" in page.text
    assert "{{Article 1, paragraph 1}}" in page.text
    sent = {
        "base": base_of(page.text),
        "ja": "{{第１条}}に従う。",
        "en": "See {{Article 1}}.",
        "message": "短く",
    }
    assert client.post(url, data=sent).status_code == 303
    text = client.page(address(agreement, "draft?lang=en"))
    assert "第1条に従う。" in text
    assert "See Article 1." in text
    assert "Translation not checked yet" in text
    assert "短く" in client.page(address(agreement, "versions"))


@pytest.mark.parametrize(
    ("ja", "message"),
    [
        ("{{第9条}}による", "{{第9条}} leads nowhere in this version."),
        ("a\x00b", "invisible control characters"),
        ("a\u202eb", "reverse the direction of writing"),
        ("\ufffd", "broken characters"),
        ("あ" * 20_001, "at most 20000 characters"),
    ],
)
def test_bad_texts_are_refused_at_their_field_and_kept(client, session, draft, negotiator, ja, message):
    agreement, (_first, one, *_rest) = draft
    url = address(agreement, "units", one, "edit")
    base = base_of(client.get(url).text)
    before = head(session, negotiator, agreement).changeset.id
    answer = client.post(f"{url}?lang=en", data={"base": base, "ja": ja, "en": "Typed by hand."})
    assert answer.status_code == 422
    assert message in answer.text
    assert "Typed by hand." in answer.text
    assert head(session, negotiator, agreement).changeset.id == before


def test_a_unit_needs_a_text(client, session, draft):
    agreement, (_first, one, *_rest) = draft
    url = address(agreement, "units", one, "edit")
    answer = client.post(f"{url}?lang=en", data={"base": base_of(client.get(url).text), "ja": " ", "en": ""})
    assert answer.status_code == 422
    assert "at least one language" in answer.text


def test_joined_changes_are_shown(client, session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    url = address(agreement, "units", one, "edit")
    base = base_of(client.get(url).text)
    edit(
        session,
        agreement,
        negotiator,
        one,
        base=head(session, negotiator, agreement),
        ja="会社は、六十日前までに組合へ書面で通知する。",
        at=at,
    )
    sent = {"base": base, "ja": "会社は、三十日前までに組合へ書面又は電子で通知する。", "en": ENGLISH}
    answer = client.post(url, data=sent)
    assert answer.status_code == 303
    assert "/merge/" in answer.location
    text = client.get(f"{answer.location}?lang=en").text
    assert re.search(r"<del>.*三十日前.*</del><ins>.*六十日前", text)


ENGLISH = "The Company shall notify the Union in writing thirty days before."


def test_a_clash_shows_three_texts_and_keeps_what_was_typed(client, session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    url = address(agreement, "units", one, "edit")
    base = base_of(client.get(url).text)
    theirs = "会社は、六十日前までに組合へ書面で通知する。"
    edit(session, agreement, negotiator, one, base=head(session, negotiator, agreement), ja=theirs, at=at)
    mine = "会社は、十四日前までに組合へ書面で通知する。"
    answer = client.post(f"{url}?lang=en", data={"base": base, "ja": mine, "en": ENGLISH, "message": "急ぐ"})
    assert answer.status_code == 409
    for words in ("三十日前", "六十日前", "十四日前", mine, "急ぐ", "Your change", "The other change"):
        assert words in answer.text
    newest = head(session, negotiator, agreement)
    assert newest.document.by_id[one].texts["ja"] == theirs
    assert base_of(answer.text) == str(newest.changeset.id)
    settled = {"base": base_of(answer.text), "ja": mine, "en": ENGLISH}
    assert client.post(url, data=settled).status_code == 303
    assert head(session, negotiator, agreement).document.by_id[one].texts["ja"] == mine


def test_writing_a_removed_unit_offers_to_put_it_back(client, session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    url = address(agreement, "units", one, "edit")
    base = base_of(client.get(url).text)
    newest = head(session, negotiator, agreement).changeset.id
    operations.remove_unit(session, agreement, one, base=newest, actor=negotiator, at=at)
    answer = client.post(f"{url}?lang=en", data={"base": base, "ja": "会社は通知する。", "en": ENGLISH})
    assert answer.status_code == 409
    assert "会社は通知する。" in answer.text
    again = {"base": base_of(answer.text), "restore": "1", "ja": "会社は通知する。", "en": ENGLISH}
    assert client.post(url, data=again).status_code == 303
    assert head(session, negotiator, agreement).document.by_id[one].texts["ja"] == "会社は通知する。"


def test_a_base_that_is_no_version_is_not_found(client, session, draft):
    agreement, (_first, one, *_rest) = draft
    url = address(agreement, "units", one, "edit")
    for base in ("", "x", str(uuid.uuid4())):
        answer = client.post(url, data={"base": base, "ja": "打った文", "en": ""})
        assert answer.status_code == 404
        assert "打った文" in answer.text


def test_units_are_added_moved_and_removed(client, session, draft, negotiator):
    agreement, (first, one, second, _two) = draft
    url = address(agreement, f"add?kind=item&parent={one}")
    base = base_of(client.get(url).text)
    assert client.post(url, data={"base": base, "ja": "号", "en": "Item"}).status_code == 303
    assert (
        client.post(address(agreement, "add?kind=item"), data={"base": base, "ja": "号"}).status_code == 422
    )
    assert client.get(address(agreement, "add?kind=nonsense")).status_code == 404
    move = address(agreement, "units", second, "move")
    assert client.post(move, data={"direction": "up"}).status_code == 303
    assert client.post(move, data={"direction": "up"}).status_code == 409
    assert client.post(move, data={"direction": "sideways"}).status_code == 404
    remove = address(agreement, "units", first, "remove")
    page = client.get(f"{remove}?lang=en")
    assert "their references will lead nowhere" in page.text
    assert client.post(remove, data={"base": base_of(page.text)}).status_code == 303
    assert first not in head(session, negotiator, agreement).document.by_id


def test_translations_are_checked(client, session, draft, negotiator):
    agreement, (_first, one, *_rest) = draft
    url = address(agreement, "units", one, "translation")
    page = client.get(url).text
    sent = dict(re.findall(r'name="(ja_sha|en_sha)"\s+value="([0-9a-f]+)"', page))
    assert client.post(url, data=sent | {"en_sha": "00"}).status_code == 409
    assert client.post(url, data=sent).status_code == 303
    document = head(session, negotiator, agreement).document
    assert queries.translations(session, document)[one].state == "checked"


def test_a_changed_text_is_marked_on_the_draft(client, session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    check_all(session, agreement, negotiator, at=at)
    assert "訳文要確認" not in client.page(address(agreement, "draft?lang=ja"))
    edit(
        session,
        agreement,
        negotiator,
        one,
        base=head(session, negotiator, agreement),
        ja="会社は通知する。",
        at=at,
    )
    assert "訳文要確認" in client.page(address(agreement, "draft?lang=ja"))
    assert "三十日前" in client.page(address(agreement, "units", one, "translation"))


def test_clauses_come_from_the_library(client, session, draft, negotiator):
    agreement, (first, *_rest) = draft
    text = client.page(address(agreement, "library", "training-use?lang=en"))
    assert "WGA Minimum Basic Agreement 2023" in text
    assert "the wording itself was read, in part" in text
    insert = address(agreement, "library", "training-use")
    assert client.post(insert, data={"after": str(first)}).status_code == 303
    assert client.post(insert).status_code == 409
    assert client.post(address(agreement, "library", "no-such")).status_code == 422
    assert client.get(address(agreement, "library", "no-such")).status_code == 404
    outermost = head(session, negotiator, agreement).document.children(None)
    assert [part.library_path for part in outermost] == ["", "training-use", ""]
    assert "TRN 学習利用 4" in client.page(address(agreement, "draft?lang=ja"))


def test_blanks_are_filled_on_their_page(client, session, negotiator, at):
    agreement = make_agreement(session, negotiator, bundle="interim-memorandum", at=at)
    url = address(agreement, "blanks?lang=en")
    assert "not before the day it is signed or sealed" in client.page(url)
    sent = {
        "term:effective_date:date": "2027-04-01",
        "preamble:company_name:ja": "架空アニメ株式会社",
        "preamble:company_name:en": "Kakuu Anime Inc.",
    }
    assert client.post(url, data=sent).status_code == 303
    text = client.page(address(agreement, "draft"))
    assert "2027年4月1日" in text
    assert "1 April 2027" in text
    assert "Kakuu Anime Inc." in text
    refused = client.post(url, data={"signature-block:signature_date:date": "soon"})
    assert refused.status_code == 422


@pytest.mark.parametrize("figure", ["zero", "0", "１０"])
def test_a_figure_out_of_bounds_is_refused(client, session, negotiator, at, figure):
    agreement = make_agreement(session, negotiator, bundle="animators-starter", at=at)
    answer = client.post(address(agreement, "blanks"), data={"training-use:breach_yen:number": figure})
    assert answer.status_code == (303 if figure == "１０" else 422)


def test_protections_are_judged(client, session, draft):
    agreement, (first, *_rest) = draft
    url = address(agreement, "units", first, "protections?lang=en")
    assert client.post(url, data={"code": "REQ", "level": "-1", "note": "会社が求めた"}).status_code == 303
    text = client.page(address(agreement, "protections?lang=en"))
    assert "24 of 24 protections are at 0 or N." in text
    assert "会社が求めた" in client.page(url)
    assert client.post(url, data={"code": "XXX", "level": "1"}).status_code == 422
    assert client.post(url, data={"code": "REQ"}).status_code == 422


def test_two_versions_have_a_permanent_address(client, session, draft, negotiator, at):
    agreement, (_first, one, *_rest) = draft
    old = head(session, negotiator, agreement)
    edit(
        session,
        agreement,
        negotiator,
        one,
        base=old,
        ja="会社は、十四日前までに組合へ書面で通知する。",
        at=at,
    )
    new = head(session, negotiator, agreement)
    chosen = f"compare?old={new.changeset.id}&new={old.changeset.id}"
    answer = client.get(address(agreement, chosen))
    assert answer.status_code == 303
    assert answer.location == address(agreement, "redline", old.changeset.id, new.changeset.id)
    text = client.get(f"{answer.location}?lang=en").text
    assert re.search(r"<del>.*三十日前.*</del><ins>.*十四日前", text)
    assert "Change 1: “三十日前” becomes “十四日前”" in text
    assert "学習への利用" not in text
    assert "学習への利用" in client.get(f"{answer.location}?all=1").text
    assert client.get(address(agreement, "compare?old=x")).status_code == 404


def test_sealing_and_reading_the_sealed_text(client, session, draft, negotiator, at):
    agreement, _ids = draft
    url = address(agreement, "seal?lang=en")
    page = client.get(url)
    assert "Left to do before it can be sealed" in page.text
    newest = head(session, negotiator, agreement).changeset.id
    assert client.post(url, data={"base": str(newest)}).status_code == 409
    check_all(session, agreement, negotiator, at=at)
    answer = client.post(url, data={"base": base_of(client.get(url).text)})
    assert answer.status_code == 303
    assert client.post(url, data={"base": str(newest)}).status_code == 409
    client.act_as(make_actor(session))
    text = client.page(f"{answer.location}?lang=ja")
    [sealed] = queries.sealed_texts(session, negotiator)
    assert sealed.sha256 in text
    assert "sha256sum" in text
    assert "第1条第1項の通知なしに学習に用いてはならない。" in text
    download = client.get(f"{answer.location}/text.json")
    assert hashlib.sha256(download.data).hexdigest() == sealed.sha256
    assert json.loads(download.data)["title"]["en"] == sealed.title.en
    plain = client.get(f"{answer.location}/ja.txt")
    assert plain.mimetype == "text/plain"
    assert "第2条　学習への利用\n第1条第1項の通知なしに" in plain.data.decode()
    assert "Article 2 Training use" in client.get(f"{answer.location}/en.txt").data.decode()
    assert client.get(f"{answer.location}/fr.txt").status_code == 404
    assert client.get(f"/bargaining/sealed/{uuid.uuid4()}").status_code == 404
    assert sealed.sha256[:12] in client.page("/bargaining/?lang=en")
    assert client.get(address(agreement, "draft")).status_code == 404


def test_blanks_take_neither_braces_nor_endless_figures(client, session, negotiator, at):
    agreement = make_agreement(session, negotiator, bundle="animators-complete", at=at)
    session.commit()
    address = f"/bargaining/{agreement.id}/blanks"
    names = re.findall(r'name="([a-z0-9-]+:[a-z0-9_]+:(?:ja|number))"', client.get(address).text)
    words = next(name for name in names if name.endswith(":ja"))
    figures = next(name for name in names if name.endswith(":number"))
    assert client.post(address, data={words: "{{blank:x}}"}).status_code == 422
    assert client.post(address, data={figures: "9" * 5000}).status_code == 422
    assert "{{blank:x}}" not in head(session, negotiator, agreement).document.parts[0].texts["ja"]


def test_words_for_a_blank_that_was_filled_meanwhile_are_given_back(client, session, negotiator, at):
    agreement = make_agreement(session, negotiator, bundle="animators-complete", at=at)
    session.commit()
    address = f"/bargaining/{agreement.id}/blanks"
    name = re.search(r'name="([a-z0-9-]+:[a-z0-9_]+:ja)"', client.get(address).text)[1]
    pair = {name: "架空第一", name.removesuffix("ja") + "en": "Fictional One"}
    assert client.post(address, data=pair).status_code == 303
    assert client.post(address, data={name: "架空第二"}).status_code == 303
    assert "架空第二" in client.page(f"/bargaining/{agreement.id}/draft")


def test_a_long_draft_has_contents_that_lead_to_its_articles(client, session, negotiator, at):
    agreement = make_agreement(session, negotiator, bundle="animators-complete", at=at)
    session.commit()
    html = client.get(f"/bargaining/{agreement.id}/draft").text
    contents = re.search(r'<details class="screen-only contents">.*?</details>', html, re.DOTALL)[0]
    outermost = [part for part in head(session, negotiator, agreement).document.parts if part.headed]
    targets = re.findall(r'href="#(u-[0-9a-f-]{36})"', contents)
    assert targets == [f"u-{part.id}" for part in outermost]
    assert all(f'id="{target}"' in html for target in targets)


def test_the_version_seen_travels_with_a_kept_draft(client, session, draft):
    agreement, units = draft
    session.commit()
    html = client.get(f"/bargaining/{agreement.id}/units/{units[0]}/edit").text
    assert re.search(r'<input[^>]*data-kept[^>]*name="base"|<input[^>]*name="base"[^>]*data-kept', html)
    assert 'id="unit"' in html
