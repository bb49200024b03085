"""One unit: writing it, adding beside it, moving it, removing it."""

import uuid

from flask import Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.bargaining import operations, queries
from unionapp.bargaining.access import READERS
from unionapp.bargaining.forms import TextsForm
from unionapp.bargaining.models import Agreement, Part, UnitKind
from unionapp.bargaining.views.blueprint import bp, draft_of, identifier, optional_identifier
from unionapp.bargaining.views.clashes import clash_facts
from unionapp.bargaining.views.outline import kind_words, name_of, row_of
from unionapp.kernel import clock, db
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.i18n import _
from unionapp.kernel.web import actor, page

CONFLICT = 409
UNIT = "/<uuid:agreement_id>/units/<uuid:unit_id>"


@bp.route(f"{UNIT}/edit", methods=["GET", "POST"], access=READERS)
def edit(agreement_id: uuid.UUID, unit_id: uuid.UUID) -> BaseResponse:
    agreement, version = draft_of(agreement_id)
    form = TextsForm()
    form.document = version.document
    if request.method == "POST":
        seen = queries.version_for(db.session(), actor(), agreement, identifier(form.base.data))
        form.document = seen.document
        if form.validate():
            return _save(agreement, unit_id, form)
        if unit_id not in version.document.by_id:
            version = seen
    part = _part(version, unit_id)
    if request.method == "GET":
        form.base.data = str(version.changeset.id)
        form.ja.data = version.document.typed(part, "ja")
        form.en.data = version.document.typed(part, "en")
    states = queries.translations(db.session(), version.document)
    return page(
        "bargaining/edit.html",
        agreement=agreement,
        version=version,
        form=form,
        row=row_of(version.document, part, states),
        head=version.document.head_of(part),
        name=name_of(version.document, part),
    )


def _save(agreement: Agreement, unit_id: uuid.UUID, form: TextsForm) -> BaseResponse:
    written = operations.Edit(
        identifier(form.base.data), form.stored, form.message.data or "", restore=bool(form.restore.data)
    )
    outcome = operations.save_unit(db.session(), agreement, unit_id, written, actor=actor(), at=clock.now())
    if isinstance(outcome, operations.Clash):
        facts = clash_facts(db.session(), agreement, unit_id, outcome, form)
        # The answer is an error, so nothing of this request is stored; what was typed is in the page.
        return make_response(page("bargaining/clash.html", **facts).get_data(), CONFLICT)
    if outcome.changeset is None:
        flash(_("Nothing was changed."))
    elif outcome.merges:
        flash(_("Saved. Somebody else had changed this text meanwhile; both changes are in it."))
        return redirect(
            url_for(
                "bargaining.merge",
                agreement_id=agreement.id,
                changeset_id=outcome.changeset.id,
                unit_id=unit_id,
            ),
            code=303,
        )
    else:
        flash(_("Saved."))
    return redirect(_address(agreement, unit_id), code=303)


@bp.route("/<uuid:agreement_id>/add", methods=["GET", "POST"], access=READERS)
def add(agreement_id: uuid.UUID) -> BaseResponse:
    agreement, version = draft_of(agreement_id)
    kind = _kind(request.args.get("kind", ""))
    parent = optional_identifier(request.args.get("parent"))
    after = optional_identifier(request.args.get("after"))
    form = TextsForm()
    form.document = version.document
    if request.method == "POST":
        form.document = queries.version_for(
            db.session(), actor(), agreement, identifier(form.base.data)
        ).document
        if form.validate():
            made = operations.add_unit(
                db.session(),
                agreement,
                operations.NewUnit(kind, form.stored, parent, after),
                actor=actor(),
                at=clock.now(),
            )
            flash(_("Added."))
            return redirect(_address(agreement, made), code=303)
    else:
        form.base.data = str(version.changeset.id)
    known = version.document.by_id
    place = known.get(after) if after else known.get(parent) if parent else None
    return page(
        "bargaining/add.html",
        agreement=agreement,
        form=form,
        kind=kind,
        kind_words=kind_words(kind),
        after=name_of(version.document, place) if place and after else None,
        under=name_of(version.document, place) if place and not after else None,
        query={key: request.args[key] for key in ("kind", "parent", "after") if request.args.get(key)},
    )


@bp.post(f"{UNIT}/move", access=READERS)
def move(agreement_id: uuid.UUID, unit_id: uuid.UUID) -> BaseResponse:
    agreement, _version = draft_of(agreement_id)
    direction = request.form.get("direction")
    if direction not in {"up", "down"}:
        raise NotFoundError
    operations.move_unit(
        db.session(),
        agreement,
        unit_id,
        "up" if direction == "up" else "down",
        actor=actor(),
        at=clock.now(),
    )
    flash(_("Moved. Numbers and references follow by themselves."))
    return redirect(_address(agreement, unit_id), code=303)


@bp.route(f"{UNIT}/remove", methods=["GET", "POST"], access=READERS)
def remove(agreement_id: uuid.UUID, unit_id: uuid.UUID) -> BaseResponse:
    agreement, version = draft_of(agreement_id)
    part = _part(version, unit_id)
    if request.method == "POST":
        operations.remove_unit(
            db.session(),
            agreement,
            unit_id,
            base=identifier(request.form.get("base")),
            actor=actor(),
            at=clock.now(),
        )
        flash(_("Removed. The versions before still have it."))
        return redirect(url_for("bargaining.draft", agreement_id=agreement.id), code=303)
    below = version.document.under(part)
    going = {each.id for each in below}
    return page(
        "bargaining/remove.html",
        agreement=agreement,
        version=version,
        part=part,
        name=name_of(version.document, part),
        rows=[row_of(version.document, each, {}) for each in below],
        referring=[
            (name_of(version.document, each), each.id)
            for each in version.document.parts
            if each.id not in going and version.document.leads_to(each) & going
        ],
    )


@bp.get("/<uuid:agreement_id>/versions/<uuid:changeset_id>/merge/<uuid:unit_id>", access=READERS)
def merge(agreement_id: uuid.UUID, changeset_id: uuid.UUID, unit_id: uuid.UUID) -> Response:
    agreement, _version = draft_of(agreement_id)
    after = queries.version_for(db.session(), actor(), agreement, changeset_id)
    if after.changeset.merge_parent_id is None or after.changeset.parent_id is None:
        raise NotFoundError
    base = queries.version_for(db.session(), actor(), agreement, after.changeset.merge_parent_id)
    theirs = queries.version_for(db.session(), actor(), agreement, after.changeset.parent_id)
    name = name_of(after.document, _part(after, unit_id))
    halves = [
        next((each for each in queries.compare(old, new).units if each.part.id == unit_id), None)
        for old, new in ((base.document, theirs.document), (theirs.document, after.document))
    ]
    return page(
        "bargaining/merge.html",
        agreement=agreement,
        name=name,
        theirs=halves[0],
        own=halves[1],
        unit_id=unit_id,
    )


def _part(version: queries.Version, unit_id: uuid.UUID) -> Part:
    found = version.document.by_id.get(unit_id)
    if found is None:
        raise NotFoundError
    return found


def _kind(value: str) -> UnitKind:
    try:
        return UnitKind(value)
    except ValueError:
        raise NotFoundError from None


def _address(agreement: Agreement, unit_id: uuid.UUID) -> str:
    return url_for("bargaining.draft", agreement_id=agreement.id, _anchor=f"u-{unit_id}")
