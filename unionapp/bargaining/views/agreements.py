"""The list of agreements, beginning one, and the draft as a whole."""

import uuid

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.bargaining import operations, queries
from unionapp.bargaining.access import DRAFTERS, READERS, may_draft
from unionapp.bargaining.forms import NO_BUNDLE, AgreementForm
from unionapp.bargaining.library import library
from unionapp.bargaining.models import AgreementKind, Numbering
from unionapp.bargaining.views.blueprint import bp, draft_of
from unionapp.bargaining.views.outline import sheets
from unionapp.kernel import clock, db
from unionapp.kernel.bilingual import Bilingual
from unionapp.kernel.i18n import _, locale
from unionapp.kernel.web import actor, page
from unionapp.membership import queries as members


@bp.get("/", access=READERS)
def agreements() -> Response:
    rows = queries.agreements_for(db.session(), actor())
    return page("bargaining/agreements.html", rows=rows, drafter=may_draft(actor()))


@bp.route("/new", methods=["GET", "POST"], access=DRAFTERS)
def begin() -> BaseResponse:
    form = AgreementForm()
    if form.validate_on_submit():
        facts = operations.Facts(
            title=Bilingual(form.title_ja.data or "", form.title_en.data or ""),
            employer=Bilingual(form.employer_ja.data or "", form.employer_en.data or ""),
            kind=AgreementKind(form.kind.data),
            numbering=Numbering(form.numbering.data),
            term_from=form.term_from.data,
            term_to=form.term_to.data,
            auto_renew=bool(form.auto_renew.data),
        )
        bundle = None if form.bundle.data == NO_BUNDLE else form.bundle.data
        made = operations.begin(db.session(), facts, bundle=bundle, actor=actor(), at=clock.now())
        flash(_("The agreement is begun."))
        return redirect(url_for("bargaining.draft", agreement_id=made.id), code=303)
    term = next(note for note in library().legal_notes if note.id == "tua-15")
    hints = {bundle.id: bundle.purpose.in_language(locale()) for bundle in library().bundles}
    return page("bargaining/begin.html", form=form, term=term, hints=hints)


@bp.get("/<uuid:agreement_id>/draft", access=READERS)
def draft(agreement_id: uuid.UUID) -> Response:
    agreement, version = draft_of(agreement_id)
    states = queries.translations(db.session(), version.document)
    writer = version.changeset.author_id
    return page(
        "bargaining/draft.html",
        agreement=agreement,
        version=version,
        sheets=list(sheets(version.document, states)),
        author=members.member_name(db.session(), writer) if writer else None,
        sealed=[
            text for text in queries.sealed_texts(db.session(), actor()) if text.agreement_id == agreement.id
        ],
        open=queries.obstacles(db.session(), version.document),
    )
