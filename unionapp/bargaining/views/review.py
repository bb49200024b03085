"""Looking a draft over: translations, protections, the table beside the model agreements."""

import uuid

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.bargaining import operations, queries
from unionapp.bargaining.access import READERS
from unionapp.bargaining.forms import WITHDRAWN, AssessmentForm
from unionapp.bargaining.models import Document, Part
from unionapp.bargaining.views.blueprint import bp, draft_of
from unionapp.bargaining.views.drafting import certainty_words
from unionapp.bargaining.views.outline import level_words, name_of, rated, row_of
from unionapp.kernel import clock, db
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.i18n import _
from unionapp.kernel.web import actor, page
from unionapp.membership import queries as members

UNIT = "/<uuid:agreement_id>/units/<uuid:unit_id>"


@bp.route(f"{UNIT}/translation", methods=["GET", "POST"], access=READERS)
def translation(agreement_id: uuid.UUID, unit_id: uuid.UUID) -> BaseResponse:
    agreement, version = draft_of(agreement_id)
    part = _part(version.document, unit_id)
    if request.method == "POST":
        compared = (request.form.get("ja_sha", ""), request.form.get("en_sha", ""))
        operations.check_translation(
            db.session(), agreement, unit_id, compared, actor=actor(), at=clock.now()
        )
        flash(_("The translation is marked as checked."))
        return redirect(
            url_for("bargaining.draft", agreement_id=agreement.id, _anchor=f"u-{unit_id}"), code=303
        )
    states = queries.translations(db.session(), version.document)
    pairings = queries.pairings_of(db.session(), [unit_id]).get(unit_id, [])
    last = pairings[-1] if pairings else None
    return page(
        "bargaining/translation.html",
        agreement=agreement,
        row=row_of(version.document, part, states),
        name=name_of(version.document, part),
        shas=[sha.hex() for sha in part.pair],
        last=last,
        checker=members.member_name(db.session(), last.by) if last and last.by else None,
        since=queries.since_pairing(db.session(), version.document, part, last) if last else {},
    )


@bp.route(f"{UNIT}/protections", methods=["GET", "POST"], access=READERS)
def protections(agreement_id: uuid.UUID, unit_id: uuid.UUID) -> BaseResponse:
    agreement, version = draft_of(agreement_id)
    part = _part(version.document, unit_id)
    form = AssessmentForm()
    if form.validate_on_submit():
        level = None if form.level.data == WITHDRAWN else int(form.level.data)
        operations.assess(
            db.session(),
            agreement,
            unit_id,
            operations.Assessment(form.code.data, level, form.note.data or ""),
            actor=actor(),
            at=clock.now(),
        )
        flash(_("The judgement is in the draft."))
        return redirect(
            url_for("bargaining.protections", agreement_id=agreement.id, unit_id=unit_id), code=303
        )
    return page(
        "bargaining/protections.html",
        agreement=agreement,
        form=form,
        unit_id=unit_id,
        name=name_of(version.document, part),
        rated=rated(part),
    )


@bp.get("/<uuid:agreement_id>/protections", access=READERS)
def coverage(agreement_id: uuid.UUID) -> Response:
    agreement, version = draft_of(agreement_id)
    rows = queries.rows(version.document)
    return page(
        "bargaining/coverage.html",
        agreement=agreement,
        version=version,
        columns=queries.columns(),
        rows=[_row(version.document, row) for row in rows],
        open=[row.code for row in rows if row.open],
        certainties=certainty_words(),
    )


def _row(document: Document, row: queries.Row) -> dict[str, object]:
    return {
        "code": row.code,
        "level": level_words(row.level),
        "negative": row.level is not None and row.level < 0,
        "givers": [(name_of(document, part), part.id) for part in row.givers],
        "cells": row.cells,
    }


def _part(document: Document, unit_id: uuid.UUID) -> Part:
    found = document.by_id.get(unit_id)
    if found is None:
        raise NotFoundError
    return found
