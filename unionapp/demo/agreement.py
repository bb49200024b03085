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
TERM = (date(2027, 4, 1), date(2030, 3, 31))
# What the fictional parties agreed where the library leaves a blank.
WORDS = {
    "name": {"ja": "架空アニメーション株式会社", "en": "Kakuu Animation Inc."},
    "number": {"ja": "三十", "en": "thirty"},
    "date": {"ja": "2027年4月1日", "en": "1 April 2027"},
    "words": {"ja": "別紙に定めるもの", "en": "those set out in the schedule"},
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
        (clause.slug, blank.name): WORDS[blank.kind]
        for clause in library().clauses
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
