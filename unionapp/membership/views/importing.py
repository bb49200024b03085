"""Pages of a roll that comes from another program."""

import csv
import io
import uuid

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.kernel import clock, db
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.i18n import _, locale
from unionapp.kernel.web import actor, page
from unionapp.membership import operations, queries
from unionapp.membership.forms import ImportForm
from unionapp.membership.models import ImportBatch, ImportState
from unionapp.membership.operations.importing import KEPT
from unionapp.membership.views.blueprint import bp
from unionapp.roster.limits import LIMITS

IMPORTS = holders_of(Permission.MEMBER_IMPORT)
SHOWN = 200
# OWASP, CSV injection; the wide forms because spreadsheets set to Japanese read them as the narrow ones
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@bp.route("/imports", methods=["GET", "POST"], access=IMPORTS)
def imports() -> BaseResponse:
    form = ImportForm()
    if form.validate_on_submit():
        batch = operations.stage_import(db.session(), form.roster, actor=actor(), at=clock.now())
        return _to(batch.id)
    return page(
        "membership/imports.html",
        form=form,
        batches=queries.imports_for(db.session(), actor()),
        limits=LIMITS,
    )


@bp.get("/imports/<uuid:import_id>", access=IMPORTS)
def show_import(import_id: uuid.UUID) -> Response:
    session = db.session()
    batch = queries.import_for(session, actor(), import_id)
    lines = queries.problem_lines(batch, locale())
    applied = batch.state is ImportState.APPLIED
    return page(
        "membership/import.html",
        batch=batch,
        lines=lines[:SHOWN],
        more=max(0, len(lines) - SHOWN),
        obstacles=queries.obstacles_to_undoing(session, actor(), batch) if applied else [],
        until=batch.staged_at + KEPT,
    )


@bp.get("/imports/<uuid:import_id>/problems.csv", access=IMPORTS)
def import_problems(import_id: uuid.UUID) -> Response:
    batch = queries.import_for(db.session(), actor(), import_id)
    return Response(
        _as_csv(queries.problem_lines(batch, locale())),
        mimetype="text/csv",
        headers={"Content-Disposition": 'attachment; filename="problems.csv"'},
    )


@bp.post("/imports/<uuid:import_id>/apply", access=IMPORTS)
def apply_import(import_id: uuid.UUID) -> BaseResponse:
    batch = _locked(import_id)
    operations.apply_import(db.session(), batch, actor=actor(), at=clock.now())
    return _to(import_id)


@bp.post("/imports/<uuid:import_id>/undo", access=IMPORTS)
def undo_import(import_id: uuid.UUID) -> BaseResponse:
    operations.undo_import(db.session(), _locked(import_id), actor=actor(), at=clock.now())
    return _to(import_id)


@bp.post("/imports/<uuid:import_id>/invite", access=IMPORTS)
def invite_import(import_id: uuid.UUID) -> BaseResponse:
    operations.invite_import(db.session(), _locked(import_id), actor=actor(), at=clock.now())
    flash(_("Letters with sign-in links are on their way."), "green")
    return _to(import_id)


@bp.post("/imports/<uuid:import_id>/discard", access=IMPORTS)
def discard_import(import_id: uuid.UUID) -> BaseResponse:
    operations.discard_import(db.session(), _locked(import_id), actor=actor(), at=clock.now())
    flash(_("The file was dropped. No member was touched."), "soft")
    return redirect(url_for("membership.imports"), code=303)


def _locked(import_id: uuid.UUID) -> ImportBatch:
    return queries.import_for(db.session(), actor(), import_id, locked=request.method == "POST")


def _to(import_id: uuid.UUID) -> BaseResponse:
    return redirect(url_for("membership.show_import", import_id=import_id), code=303)


def _as_csv(lines: list[queries.ProblemLine]) -> bytes:
    """Return the problems as Excel reads them: UTF-8 with its mark, no cell taken for a formula."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_("Row"), _("Column"), _("What is wrong"), _("What to do")])
    for line in lines:
        texts = (line.column, line.what, line.what_to_do)
        writer.writerow([line.row or "", *(f"'{t}" if t.startswith(_FORMULA_SIGNS) else t for t in texts)])
    return stream.getvalue().encode("utf-8-sig")
