"""The demo's AI-use agreement: begun from the library, edited by two negotiators, sealed."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from unionapp.bargaining import operations, queries
from unionapp.bargaining.library import library
from unionapp.bargaining.models import Agreement, SealedText
from unionapp.bargaining.models.document import Part
from unionapp.demo.people import actor_of
from unionapp.kernel.access import Actor
from unionapp.kernel.bilingual import LANGUAGES, Bilingual

BUNDLE = "animators-starter"
TITLE = Bilingual("生成AIの利用に関する労働協約", "Collective agreement on the use of generative AI")
EMPLOYER = Bilingual("架空アニメーション株式会社", "Kakuu Animation Inc. (fictional)")
TERM = (date(2027, 4, 1), date(2029, 3, 31))
# What the fictional parties wrote where the library leaves a blank without a usual value.
WORDS = {
    "company_name": {"ja": "架空アニメーション株式会社", "en": "Kakuu Animation Inc."},
    "union_name": {"ja": "架空アニメーターユニオン", "en": "the Fictional Animators' Union"},
    "breach_yen": {"ja": "五十万", "en": "500,000"},
    "effective_date": {"ja": "2027年4月1日", "en": "1 April 2027"},
    "signature_date": {"ja": "2027年3月20日", "en": "20 March 2027"},
    "company_signatory": {
        "ja": "東京都架空区一番町一番 架空アニメーション株式会社 代表取締役 架空 太郎",
        "en": "Kakuu Animation Inc., 1-1 Ichibancho, Kakuu-ku, Tokyo; Taro Kakuu, Representative Director",
    },
    "union_signatory": {
        "ja": "東京都架空区二番町二番 架空アニメーターユニオン 執行委員長 架空 はな",
        "en": "Fictional Animators' Union, 2-2 Nibancho, Kakuu-ku, Tokyo; Hana Kakuu, President",
    },
}
DAY = timedelta(days=1)


def draft_and_seal(session: Session, at: datetime) -> SealedText:
    """Let the negotiators draft, check the translations and seal; then let them go on drafting."""
    first, second = (actor_of(session, f"negotiator{n}@example.jp") for n in (1, 2))
    facts = operations.Facts(TITLE, EMPLOYER, term_from=TERM[0], term_to=TERM[1])
    agreement = operations.begin(session, facts, bundle=BUNDLE, actor=first, at=at)
    _fill(session, agreement, first, at + DAY)
    _check(session, agreement, second, at + 2 * DAY)
    version = queries.draft_for(session, first, agreement)
    sealed = operations.seal(session, agreement, version.changeset.id, actor=first, at=at + 3 * DAY)
    _go_on(session, agreement, first, at + 4 * DAY)
    return sealed


def _fill(session: Session, agreement: Agreement, actor: Actor, at: datetime) -> None:
    values = {
        (clause.slug, blank.name): WORDS[blank.name]
        for clause in map(library().clause, library().bundle(BUNDLE).clauses)
        for blank in clause.blanks
        if blank.default is None
    }
    operations.fill_blanks(session, agreement, values, actor=actor, at=at)


def _check(session: Session, agreement: Agreement, actor: Actor, at: datetime) -> None:
    """Compare every pair of texts that is not yet checked."""
    document = queries.draft_for(session, actor, agreement).document
    for part in queries.obstacles(session, document).translations:
        compared = (part.pair[0].hex(), part.pair[1].hex())
        operations.check_translation(session, agreement, part.id, compared, actor=actor, at=at)


def _go_on(session: Session, agreement: Agreement, actor: Actor, at: datetime) -> None:
    """Change one Japanese text after the sealing, so that its English is seen to be stale."""
    version = queries.draft_for(session, actor, agreement)
    part = next(each for each in version.document.parts if _speaks_of_days(each))
    texts: dict[str, str] = {language: part.texts[language] for language in LANGUAGES}
    texts["ja"] = texts["ja"].replace("会社は、", "会社は、個別の作品ごとに、", 1)
    edit = operations.Edit(version.changeset.id, texts, "作品ごとの手続にする")
    operations.save_unit(session, agreement, part.id, edit, actor=actor, at=at)


def _speaks_of_days(part: Part) -> bool:
    return part.texts["ja"].startswith("会社は、") and "日" in part.texts["ja"]
