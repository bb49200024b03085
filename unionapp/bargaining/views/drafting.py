"""The clause library beside a draft, and the blanks still to be filled."""

import uuid
from datetime import date
from typing import Any

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.bargaining import operations
from unionapp.bargaining.access import READERS
from unionapp.bargaining.forms import blanks_form
from unionapp.bargaining.library import CERTAINTIES, Blank, Clause, library, rewrite
from unionapp.bargaining.models import Document
from unionapp.bargaining.models.document import blank_words
from unionapp.bargaining.views.blueprint import bp, draft_of, optional_identifier
from unionapp.bargaining.views.outline import name_of
from unionapp.kernel import clock, db
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.forms import showable
from unionapp.kernel.i18n import _, format_date, locale, speaking
from unionapp.kernel.web import actor, page

MOST_GIVEN_BACK = 1_000
"""Characters: the message travels in a cookie."""


@bp.get("/<uuid:agreement_id>/library", access=READERS)
def clause_library(agreement_id: uuid.UUID) -> Response:
    agreement, version = draft_of(agreement_id)
    standing = {part.library_path for part in version.document.parts}
    wanted = request.args.get("code", "")
    clauses = [clause for clause in library().clauses if not wanted or wanted in clause.codes]
    return page(
        "bargaining/library.html",
        agreement=agreement,
        clauses=clauses,
        standing=standing,
        codes=library().codes,
        names={code.code: code.name.in_language(locale()) for code in library().codes},
        wanted=wanted,
        after=request.args.get("after", ""),
    )


@bp.get("/<uuid:agreement_id>/library/<slug>", access=READERS)
def clause(agreement_id: uuid.UUID, slug: str) -> Response:
    agreement, version = draft_of(agreement_id)
    found = next((each for each in library().clauses if each.slug == slug), None)
    if found is None:
        raise NotFoundError
    notes = {note.id: note for note in library().legal_notes}
    standing = {part.library_path for part in version.document.parts}
    return page(
        "bargaining/clause.html",
        agreement=agreement,
        clause=found,
        rows=_preview(found),
        standing=standing,
        names={code.code: code.name.in_language(locale()) for code in library().codes},
        models={each.id: each for each in library().agreements},
        laws=[notes[each] for each in found.legal_basis],
        certainties=certainty_words(),
        missing=sorted(found.requires - standing),
        titles={each.slug: each.title.in_language(locale()) for each in library().clauses},
        after=request.args.get("after", ""),
    )


@bp.post("/<uuid:agreement_id>/library/<slug>", access=READERS)
def insert(agreement_id: uuid.UUID, slug: str) -> BaseResponse:
    agreement, _version = draft_of(agreement_id)
    head = operations.insert_clause(
        db.session(),
        agreement,
        slug,
        after=optional_identifier(request.form.get("after")),
        actor=actor(),
        at=clock.now(),
    )
    flash(_("The clause is in the draft. Its origin stays with it."))
    return redirect(url_for("bargaining.draft", agreement_id=agreement.id, _anchor=f"u-{head}"), code=303)


@bp.route("/<uuid:agreement_id>/blanks", methods=["GET", "POST"], access=READERS)
def blanks(agreement_id: uuid.UUID) -> BaseResponse:
    agreement, version = draft_of(agreement_id)
    found = _blanks_of(version.document)
    form = blanks_form([(slug, blank, name) for slug, blank, name, _place in found])()
    if form.validate_on_submit():
        values = {(slug, name): _value(form, slug, name) for slug, _blank, name, _place in found}
        filled = operations.fill_blanks(db.session(), agreement, values, actor=actor(), at=clock.now())
        flash(_("Filled in, in both languages.") if filled else _("Nothing was changed."))
        _tell_too_late(form)
        return redirect(url_for("bargaining.blanks", agreement_id=agreement.id), code=303)
    hints = {
        f"{slug}:{name}": _("%(place)s. %(explanation)s", place=place, explanation=explained(blank))
        for slug, blank, name, place in found
    }
    return page("bargaining/blanks.html", agreement=agreement, form=form, hints=hints)


def _tell_too_late(form: Any) -> None:
    """Give back what was typed for blanks that somebody else had filled while the page was open."""
    late = [
        value for name, value in request.form.items() if ":" in name and name not in form and value.strip()
    ]
    if late:
        flash(
            _(
                "Somebody else filled some blanks meanwhile. What you wrote for them was not put in: "
                "%(words)s",
                words=showable(" / ".join(late)[:MOST_GIVEN_BACK]),
            )
        )


def certainty_words() -> dict[str, str]:
    """Return what the certainty marks mean."""
    words = {
        "T": _("the wording itself was read, in part"),
        "U": _("the party's own summary"),
        "P": _("press or law firm"),
        "S": _("one secondary source: a lead only"),
        "B": _("general knowledge, seen in no source read"),
        "X": _("sources contradict each other"),
    }
    return {mark: words[mark] for mark in CERTAINTIES}


def explained(blank: Blank | None) -> str:
    """Return what the library says of a blank; nothing for one that somebody made up."""
    return blank.explanation.in_language(locale()) if blank else ""


def _preview(found: Clause) -> list[dict[str, Any]]:
    """Return a clause's units as they would stand, with the library's own titles for references."""
    titles = {each.slug: each.title for each in library().clauses}
    brackets = {"ja": "［%s］", "en": "[%s]"}

    def text(body: str, language: str) -> str:
        defaults = {one.name: one.default.in_language(language) for one in found.blanks if one.default}
        return rewrite(
            body,
            lambda path: brackets[language] % titles[path.split(".")[0]].in_language(language),
            lambda name: defaults.get(name) or blank_words(found.slug, name, language),
        )

    return [
        {"depth": path.count("."), "ja": text(both.ja, "ja"), "en": text(both.en, "en")}
        for path, both in found.units()
    ]


def _blanks_of(document: Document) -> list[tuple[str, Blank | None, str, str]]:
    """Return each blank once as (clause, the library's blank, name, where it first stands)."""
    clauses = {clause.slug: clause for clause in library().clauses}
    seen: dict[tuple[str, str], tuple[str, Blank | None, str, str]] = {}
    for part in document.parts:
        slug = part.clause_slug
        for name in document.blanks(part):
            known = clauses[slug].blanks if slug in clauses else ()
            blank = next((each for each in known if each.name == name), None)
            where = name_of(document, document.head_of(part))
            seen.setdefault((slug, name), (slug, blank, name, where))
    return list(seen.values())


def _value(form: Any, slug: str, name: str) -> dict[str, str]:
    key = f"{slug}:{name}"
    fields = {field.name: field.data for field in form}
    if f"{key}:date" in fields:
        day: date | None = fields[f"{key}:date"]
        return {} if day is None else {language: _written(day, language) for language in LANGUAGES}
    if f"{key}:number" in fields:
        figures = fields[f"{key}:number"] or ""
        return {"ja": figures, "en": figures}
    return {language: fields[f"{key}:{language}"] or "" for language in LANGUAGES}


def _written(day: date, language: str) -> str:
    with speaking(language):
        return format_date(day)
