"""Agreements for tests: empty, with a few units, or with a bundle of the library."""

from tests.factories.membership import LONG_AGO, make_actor
from unionapp.bargaining import operations, queries
from unionapp.bargaining.models import UnitKind
from unionapp.kernel.bilingual import Bilingual
from unionapp.membership.models import Office

TITLE = Bilingual("生成AIの利用に関する労働協約", "Collective agreement on the use of generative AI")
EMPLOYER = Bilingual("架空アニメーション株式会社", "Kakuu Animation Inc. (fictional)")


def make_negotiator(session, **changes):
    """Add a member who may draft."""
    return make_actor(session, Office.NEGOTIATOR, **changes)


def make_agreement(session, actor, *, bundle=None, at=LONG_AGO, **changes):
    """Begin an agreement, empty or with a bundle."""
    facts = operations.Facts(**({"title": TITLE, "employer": EMPLOYER} | changes))
    return operations.begin(session, facts, bundle=bundle, actor=actor, at=at)


def add(session, agreement, actor, ja, en, *, kind=UnitKind.ARTICLE, parent=None, after=None, at=LONG_AGO):
    """Add a unit and return its id."""
    new = operations.NewUnit(kind, {"ja": ja, "en": en}, parent, after)
    return operations.add_unit(session, agreement, new, actor=actor, at=at)


def make_draft(session, actor, *, at=LONG_AGO, **changes):
    """Begin an agreement of two articles; return it with the ids of its four units."""
    agreement = make_agreement(session, actor, at=at, **changes)
    first = add(session, agreement, actor, "目的", "Purpose", at=at)
    one = add(
        session,
        agreement,
        actor,
        "会社は、三十日前までに組合へ書面で通知する。",
        "The Company shall notify the Union in writing thirty days before.",
        kind=UnitKind.PARAGRAPH,
        parent=first,
        at=at,
    )
    second = add(session, agreement, actor, "学習への利用", "Training use", at=at)
    two = add(
        session,
        agreement,
        actor,
        f"{{{{ref:{one}}}}}の通知なしに学習に用いてはならない。",
        f"No training use without the notice under {{{{ref:{one}}}}}.",
        kind=UnitKind.PARAGRAPH,
        parent=second,
        at=at,
    )
    return agreement, (first, one, second, two)


def head(session, actor, agreement):
    """Return the newest working version."""
    return queries.draft_for(session, actor, agreement)


def edit(session, agreement, actor, unit_id, *, base, ja=None, en=None, at=LONG_AGO, **changes):
    """Save a unit as seen at `base`, a version; languages that are not given stay as they were there."""
    part = base.document.by_id[unit_id]
    texts = {
        "ja": part.texts["ja"] if ja is None else ja,
        "en": part.texts["en"] if en is None else en,
    }
    written = operations.Edit(base.changeset.id, texts, **changes)
    return operations.save_unit(session, agreement, unit_id, written, actor=actor, at=at)


def check_all(session, agreement, actor, at=LONG_AGO):
    """Check every translation of the newest version."""
    for part in head(session, actor, agreement).document.parts:
        compared = tuple(sha.hex() for sha in part.pair)
        operations.check_translation(session, agreement, part.id, compared, actor=actor, at=at)
