"""Two negotiators write an agreement in both languages at once, compare versions and seal the text."""

import hashlib
import json
import re

from tests.browser.conftest import both
from tests.browser.pictures import picture, shot
from unionapp.bargaining.library import library

FIRST = "学習利用をし、又は第三者に"
SECOND = "不採用となり、"


@both
def test_an_agreement_is_drafted_by_two_and_sealed(visit, stage, language, device):
    ann, ben = (negotiator(visit, stage, f"{who}-{language}", language, device) for who in ("ann", "ben"))
    draft = begin(ann)
    join(ann, ben, draft)
    clash(ann, ben, draft)
    translate(ann, draft)
    compare(ann, draft, visit, stage)
    fill(ann, draft)
    text = seal(ann, draft)
    read(visit, stage, text, language, device)


def negotiator(visit, stage, who, language, device):
    seated = visit(language=language, device=device)
    name = "架空 あおい" if who.startswith("ann") else "架空 ひかる"
    seated.sign_in(stage.person(f"{who}@example.jp", "negotiator", name=name, language=language))
    return seated


def begin(ann):
    """Begin an agreement from a bundle of the library; return the draft's address."""
    ann.open("/bargaining/")
    shot(ann, "agreements")
    ann.follow("Begin an agreement")
    ann.fill("Title in English", "Collective Agreement on Generative AI")
    ann.expect("422")
    ann.press("Begin the draft")
    assert ann.field("Title in English").input_value() == "Collective Agreement on Generative AI"
    ann.fill("Title in Japanese", "生成AIの利用に関する労働協約")
    ann.fill("Employer's name in Japanese", "株式会社架空アニメ")
    ann.fill("Employer's name in English", "Kakuu Anime Inc. (fictional)")
    ann.page.locator("[name=bundle][value=animators-starter]").check()
    shot(ann, "agreement-begin")
    ann.press("Begin the draft")
    articles = [each.inner_text() for each in ann.page.locator("main h2").all()]
    numbered = [re.search(r"\d+", each) for each in articles]
    numbers = [int(each.group()) for each in numbered if each]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) > 10
    shot(ann, "draft")
    return ann.page.url.partition("#")[0]


def edit(who, draft, words):
    """Open the page that edits the unit whose Japanese text holds ``words``."""
    who.open(draft)
    unit = who.page.locator("ol.parallel > li").filter(has_text=words).first
    unit.locator("summary").click()
    with who.page.expect_navigation():
        unit.get_by_role("link", name=who.say("Edit"), exact=True).click()
    who.look()


def change(who, label, old, new):
    field = who.field(label)
    before = field.input_value()
    assert before.count(old) == 1, before
    field.fill(before.replace(old, new))


def unit_text(who, draft, words):
    who.open(draft)
    return who.page.locator("ol.parallel > li").filter(has_text=words).first.inner_text()


def join(ann, ben, draft):
    """Both change different words of one paragraph from the same version: both changes stand."""
    for who in (ann, ben):
        edit(who, draft, FIRST)
    shot(ann, "unit-edit")
    change(ann, "Japanese text", "本人の同意", "本人の書面による個別の同意")
    change(ann, "Japanese text", "させてはならない", "行わせてはならない")
    ann.press("Save")
    ann.reads("Saved.")
    change(ben, "Japanese text", "作画素材等についても", "作画素材等及び絵コンテについても")
    ben.press("Save")
    ben.reads(
        "Somebody else saved this text while you were writing."
        " Nothing clashed. Please read what was merged in."
    )
    shot(ben, "merge")
    text = unit_text(ann, draft, FIRST)
    assert "書面による個別の同意" in text
    assert "作画素材等及び絵コンテについても" in text


def clash(ann, ben, draft):
    """Both change the same words: the second is shown both, and neither text is lost."""
    for who in (ann, ben):
        edit(who, draft, SECOND)
    change(ann, "Japanese text", "供してはならない", "供し、又は保存してはならない")
    ann.press("Save")
    change(ben, "Japanese text", "供してはならない", "供し、又は売却してはならない")
    ben.expect("409")
    ben.press("Save")
    ben.reads("Two changes of the same words")
    shot(ben, "clash")
    main = ben.page.locator("main").inner_text()
    assert "保存し" in main
    assert "売却し" in ben.field("Japanese text").input_value()
    assert "又は保存してはならない" in unit_text(ann, draft, SECOND)
    mine = ben.field("Japanese text").input_value()
    ben.field("Japanese text").fill(mine.replace("供し、又は売却し", "供し、保存し、又は売却し"))
    ben.press("Save this text")
    assert "供し、保存し、又は売却してはならない" in unit_text(ann, draft, SECOND)
    ann.open(room(draft, "versions"))
    with ann.page.expect_navigation():
        ann.page.locator("#versions tbody tr").nth(1).locator("a").first.click()
    ann.look()
    assert "又は保存してはならない" in ann.page.locator("main").inner_text()


def translate(ann, draft):
    """The changed Japanese marks its English as stale, until somebody has read both."""
    ann.open(draft)
    stale = ann.page.locator("ol.parallel .chip.red", has_text=ann.say("Translation to be checked"))
    assert stale.count() == 2
    for words, old, new in (
        (FIRST, "own consent", "own separate consent in writing"),
        (SECOND, "put to Training Use", "put to Training Use, keep or sell"),
    ):
        edit(ann, draft, words)
        english = ann.field("English text").input_value()
        ann.field("English text").fill(english.replace(old, new))
        ann.press("Save")
        unit = ann.page.locator("ol.parallel > li").filter(has_text=words).first
        unit.locator("summary").click()
        with ann.page.expect_navigation():
            unit.get_by_role("link", name=ann.say("Check the translation")).click()
        ann.look()
        shot(ann, "translation")
        ann.press("They say the same")
    ann.open(draft)
    assert stale.count() == 0


def compare(ann, draft, visit, stage):
    """The redline of the first and the newest version, in each language."""
    ann.open(room(draft, "versions"))
    shot(ann, "versions")
    ann.page.locator("[name=old]").last.check()
    ann.press("Compare")
    for language, gone, come in (
        ("ja", "", "書面による個別の"),
        ("en", "", "separate"),
    ):
        text = ann.page.locator(f"p.text[lang={language}]")
        assert come in " ".join(text.locator("ins").all_inner_texts())
        assert gone in " ".join(text.locator("del").all_inner_texts())
    shot(ann, "redline")
    if ann.language == "ja":
        desk = visit(language="ja", device="desk")
        desk.sign_in("ann-ja@example.jp")
        desk.open(ann.page.url)
        shot(desk, "redline")
        picture(desk, "redline-ja-1280", height=800)


def fill(ann, draft):
    """Fill every blank of the library's clauses, in both languages at once."""
    blanks = {(clause.slug, blank.name): blank for clause in library().clauses for blank in clause.blanks}
    ann.open(room(draft, "blanks"))
    shot(ann, "blanks")
    for field in ann.page.locator("#blanks input:not([type=hidden])").all():
        slug, name, kind = field.get_attribute("name").split(":")
        if kind == "date":
            field.fill("2027-01-15")
        elif kind == "number":
            blank = blanks.get((slug, name))
            field.fill(str(max(30, (blank.minimum or 1)) if blank else 30))
        else:
            field.fill("架空の名" if kind == "ja" else "a fictional name")
    ann.press("Fill in")
    ann.reads("No blank is left")


def seal(ann, draft):
    """Seal the newest version; return the sealed text's address and hash."""
    ann.open(room(draft, "protections"))
    shot(ann, "coverage")
    ann.open(room(draft, "library"))
    shot(ann, "library")
    ann.open(room(draft, "seal"))
    shot(ann, "seal")
    ann.reads("All translations are checked, all blanks are filled, all references lead somewhere.")
    ann.page.locator("main form").get_by_role("button").first.click()
    ann.page.wait_for_url("**/sealed/**")
    ann.look()
    shot(ann, "sealed")
    return ann.page.url, ann.page.locator("#sha256").inner_text()


def read(visit, stage, text, language, device):
    """Any member reads the sealed text and finds the hash right, but no draft."""
    address, sha256 = text
    member = visit(language=language, device=device)
    member.sign_in(stage.person(f"reader-{language}@example.jp", language=language))
    member.open("/bargaining/")
    assert sha256[:12] in member.page.locator("main").inner_text()
    member.open(address)
    with member.page.expect_download() as download:
        member.page.locator("main a[href$='text.json']").click()
    raw = download.value.path().read_bytes()
    assert hashlib.sha256(raw).hexdigest() == sha256
    assert "供し、保存し、又は売却してはならない" in json.dumps(json.loads(raw), ensure_ascii=False)


def room(draft, name):
    return draft.removesuffix("draft") + name
