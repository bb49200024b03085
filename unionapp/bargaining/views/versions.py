"""History: the list of versions, any of them, and the redline of any two."""

import uuid
from dataclasses import dataclass

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.bargaining import queries
from unionapp.bargaining.access import READERS
from unionapp.bargaining.models import Agreement, Changeset, Deed, LineKind
from unionapp.bargaining.queries import UnitComparison, UnitFate
from unionapp.bargaining.views.blueprint import bp, draft_of, identifier
from unionapp.bargaining.views.outline import SELF_NAMED, level_words, name_of, sheets
from unionapp.kernel import db
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.i18n import _, locale
from unionapp.kernel.web import actor, page
from unionapp.membership import queries as members


@dataclass(frozen=True)
class Step:
    """A changeset in the list of versions."""

    changeset: Changeset
    author: str | None
    deed: str
    units: list[str]


@dataclass(frozen=True)
class Group:
    """A headed unit of a redline with the units below it."""

    title: UnitComparison | None
    units: list[UnitComparison]


@bp.get("/<uuid:agreement_id>/versions", access=READERS)
def versions(agreement_id: uuid.UUID) -> Response:
    agreement, newest = draft_of(agreement_id)
    return page("bargaining/versions.html", agreement=agreement, steps=_steps(agreement, newest))


@bp.get("/<uuid:agreement_id>/versions/<uuid:changeset_id>", access=READERS)
def version(agreement_id: uuid.UUID, changeset_id: uuid.UUID) -> Response:
    agreement = queries.agreement_for(db.session(), actor(), agreement_id)
    found = queries.version_for(db.session(), actor(), agreement, changeset_id)
    author = found.changeset.author_id
    return page(
        "bargaining/version.html",
        agreement=agreement,
        version=found,
        sheets=list(sheets(found.document, {})),
        author=members.member_name(db.session(), author) if author else None,
        deed=deed_words(found.changeset),
    )


@bp.get("/<uuid:agreement_id>/compare", access=READERS)
def compare(agreement_id: uuid.UUID) -> BaseResponse:
    agreement = queries.agreement_for(db.session(), actor(), agreement_id)
    ids = [identifier(request.args.get(side)) for side in ("old", "new")]
    pair = [queries.changeset_for(db.session(), actor(), agreement, each) for each in ids]
    old, new = sorted(pair, key=lambda each: (each.at, each.number))
    address = url_for("bargaining.redline", agreement_id=agreement.id, old_id=old.id, new_id=new.id)
    return redirect(address, code=303)


@bp.get("/<uuid:agreement_id>/redline/<uuid:old_id>/<uuid:new_id>", access=READERS)
def redline(agreement_id: uuid.UUID, old_id: uuid.UUID, new_id: uuid.UUID) -> Response:
    agreement = queries.agreement_for(db.session(), actor(), agreement_id)
    old = queries.version_for(db.session(), actor(), agreement, old_id)
    new = queries.version_for(db.session(), actor(), agreement, new_id)
    comparison = queries.compare(old.document, new.document)
    everything = request.args.get("all") == "1"
    return page(
        "bargaining/redline.html",
        agreement=agreement,
        old=old,
        new=new,
        comparison=comparison,
        groups=_groups(old, new, comparison, everything=everything),
        everything=everything,
        fates=fate_words(),
        spoken=_spoken(old, new, comparison),
        falls=[
            (fall.code.name.in_language(locale()), level_words(fall.old), level_words(fall.new))
            for fall in queries.falls(old.document, new.document)
        ],
        self_named=SELF_NAMED,
    )


def deed_words(changeset: Changeset) -> str:
    """Return what a changeset did, in words; the library's names for its clauses and bundles."""
    words = {
        Deed.BEGAN: _("The draft was begun"),
        Deed.ADDED: _("A unit was added"),
        Deed.INSERTED: _("A clause of the library was put in"),
        Deed.CHANGED: _("A text was changed"),
        Deed.MERGED: _("A text was changed and merged with another change"),
        Deed.MOVED: _("A unit was moved"),
        Deed.REMOVED: _("Units were removed"),
        Deed.RESTORED: _("Units were put back"),
        Deed.FILLED: _("Blanks were filled"),
        Deed.ASSESSED: _("The protections of a unit were judged"),
        Deed.SEALED: _("The text was sealed"),
    }
    return words[changeset.deed]


def fate_words() -> dict[UnitFate, str]:
    """Return what became of a unit, in words."""
    return {
        UnitFate.ADDED: _("added"),
        UnitFate.REMOVED: _("removed"),
        UnitFate.CHANGED: _("changed"),
        UnitFate.SAME: _("unchanged"),
    }


def _steps(agreement: Agreement, newest: queries.Version) -> list[Step]:
    session = db.session()
    line = queries.line_of(session, agreement, LineKind.UNION_WORKING)
    if line is None:
        return []
    found = queries.changesets_of(session, line)
    touched = queries.touched_units(session, line)
    names = members.members_named(session, [each.author_id for each in found if each.author_id])
    return [
        Step(
            each,
            names.get(each.author_id) if each.author_id else None,
            deed_words(each),
            [
                name_of(newest.document, part)
                for part in newest.document.parts
                if part.id in touched.get(each.id, ())
            ],
        )
        for each in found
    ]


def _groups(
    old: queries.Version, new: queries.Version, comparison: queries.Comparison, *, everything: bool
) -> list[Group]:
    """Gather units under their captions; without `everything`, only where something changed."""
    heads: dict[uuid.UUID, Group] = {}
    for unit in comparison.units:
        document = new.document if unit.part.id in new.document.by_id else old.document
        head = document.head_of(unit.part).id
        if head == unit.part.id:
            heads[head] = Group(unit, [])
        else:
            heads.setdefault(head, Group(None, [])).units.append(unit)
    return [group for group in heads.values() if everything or _touched(group)]


def _touched(group: Group) -> bool:
    titled = group.title is not None and group.title.touched
    return titled or any(unit.touched for unit in group.units)


def _sentences(unit: UnitComparison) -> list[tuple[str, list[str]]]:
    return [(language, queries.spoken_changes(unit, language, _)) for language in LANGUAGES]


def _spoken(
    old: queries.Version, new: queries.Version, comparison: queries.Comparison
) -> list[tuple[str, str, list[tuple[str, list[str]]]]]:
    """Return the changes as sentences: (unit, what became of it, [(language, sentences)])."""
    words = fate_words()
    listed = []
    for unit in comparison.units:
        if not unit.touched:
            continue
        document = new.document if unit.part.id in new.document.by_id else old.document
        fate = _("moved") if unit.fate is UnitFate.SAME else words[unit.fate]
        sentences = _sentences(unit) if unit.fate is UnitFate.CHANGED else []
        listed.append((name_of(document, unit.part), fate, [each for each in sentences if each[1]]))
    return listed
