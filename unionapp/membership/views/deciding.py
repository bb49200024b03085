"""Pages of the membership officer who decides on applications."""

import uuid

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.kernel import clock, db
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.i18n import _
from unionapp.kernel.web import actor, page
from unionapp.membership import operations, queries
from unionapp.membership.forms import RefusalForm
from unionapp.membership.models import Application
from unionapp.membership.views.blueprint import bp

DECIDES = holders_of(Permission.MEMBER_APPROVE)


@bp.get("/applications", access=DECIDES)
def applications() -> Response:
    waiting = queries.waiting_for(db.session(), actor())
    return page("membership/applications.html", waiting=waiting, now=clock.now())


@bp.get("/applications/<uuid:application_id>", access=DECIDES)
def application(application_id: uuid.UUID) -> Response:
    found = queries.application_for(db.session(), actor(), application_id)
    return _show(found, RefusalForm())


@bp.post("/applications/<uuid:application_id>/admit", access=DECIDES)
def admit(application_id: uuid.UUID) -> BaseResponse:
    found = queries.application_for(db.session(), actor(), application_id, locked=True)
    member = operations.admit(db.session(), found, actor=actor(), at=clock.now())
    flash(_("%(name)s is a member now. A letter is on its way.", name=member.name), "green")
    return redirect(url_for("membership.applications"), code=303)


@bp.post("/applications/<uuid:application_id>/refuse", access=DECIDES)
def refuse(application_id: uuid.UUID) -> BaseResponse:
    found = queries.application_for(db.session(), actor(), application_id, locked=True)
    form = RefusalForm()
    if not form.validate_on_submit():
        return _show(found, form)
    operations.refuse(db.session(), found, form.reason.data or "", actor=actor(), at=clock.now())
    flash(_("The application is refused. A letter with the reason is on its way."), "soft")
    return redirect(url_for("membership.applications"), code=303)


def _show(found: Application, form: RefusalForm) -> Response:
    session = db.session()
    return page(
        "membership/application.html",
        application=found,
        form=form,
        duplicates=queries.possible_duplicates(session, actor(), found),
        decider=queries.member_name(session, found.decided_by) if found.decided_by else None,
    )
