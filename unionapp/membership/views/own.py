"""Pages of a member's own record."""

import json
import uuid
from datetime import timedelta

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.kernel import clock, db, throttle
from unionapp.kernel.access import PUBLIC, SIGNED_IN
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.forms import Form
from unionapp.kernel.i18n import _
from unionapp.kernel.throttle import Limit
from unionapp.kernel.tokens import read
from unionapp.kernel.web import actor, page
from unionapp.membership import mail, operations, queries
from unionapp.membership.forms import MailForm, ParticularsForm, prefilled
from unionapp.membership.models import Member
from unionapp.membership.views.applying import LinkEndedError
from unionapp.membership.views.blueprint import bp

MAIL_CHANGES = Limit("change of mail address", 5, timedelta(hours=1))


@bp.get("/me", access=SIGNED_IN)
def me() -> Response:
    member = _own()
    session = db.session()
    return page("membership/me.html", member=member, holdings=queries.holdings_of(session, actor(), member))


@bp.route("/me/change", methods=["GET", "POST"], access=SIGNED_IN)
def change() -> BaseResponse:
    member = _own()
    form = ParticularsForm(data=prefilled(member))
    if form.validate_on_submit():
        operations.change_own(db.session(), member, form.particulars(), actor=actor(), at=clock.now())
        flash(_("Your record is up to date."), "green")
        return redirect(url_for("membership.me"), code=303)
    return page("membership/change.html", form=form, studios=queries.studios(db.session()))


@bp.route("/me/mail", methods=["GET", "POST"], access=SIGNED_IN)
def change_mail() -> BaseResponse:
    member, form = _own(), MailForm()
    if form.validate_on_submit():
        session, at = db.session(), clock.now()
        throttle.count(session, MAIL_CHANGES, str(member.id), at=at)
        operations.ask_mail_change(session, member, form.email.data or "", actor=actor(), at=at)
        flash(_("A letter is on its way to the new address. Follow the link in it."), "blue")
        return redirect(url_for("membership.me"), code=303)
    return page("membership/mail.html", form=form, member=member)


@bp.route("/mail-change/<token>", methods=["GET", "POST"], access=PUBLIC)
def confirm_mail_change(token: str) -> BaseResponse:
    told = read(mail.MAIL_CHANGE, token, max_age=mail.MAIL_CHANGE_AGE)
    if told is None:
        raise LinkEndedError
    member_id, old_key, new_email = told.split("\n")
    if request.method == "POST":
        operations.confirm_mail_change(db.session(), uuid.UUID(member_id), old_key, new_email, at=clock.now())
        flash(_("The union writes to the new address from now on."), "green")
        return redirect(url_for("membership.me"), code=303)
    return page("membership/mail_change.html", token=token, email=new_email)


@bp.get("/me/data.json", access=SIGNED_IN)
def export() -> Response:
    data = queries.export_of(db.session(), actor(), _own())
    name = f"my-data-{clock.today():%Y-%m-%d}.json"
    return Response(
        json.dumps(data, ensure_ascii=False, indent=2) + "\n",
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.route("/me/leave", methods=["GET", "POST"], access=SIGNED_IN)
def leave() -> BaseResponse:
    member, form = _own(), Form()
    if form.validate_on_submit():
        operations.leave(db.session(), member, actor=actor(), at=clock.now())
        flash(_("You have left the union. A letter confirms it."), "soft")
        return redirect("/", code=303)
    return page("membership/leave.html", form=form, member=member)


@bp.post("/me/offices/<uuid:holding_id>/lay-down", access=SIGNED_IN)
def lay_down(holding_id: uuid.UUID) -> BaseResponse:
    holding = queries.holding_for(db.session(), actor(), holding_id)
    if holding.member_id != actor().member_id:
        raise NotFoundError
    operations.withdraw_office(db.session(), holding, actor=actor(), at=clock.now())
    flash(_("You have laid the office down."), "soft")
    return redirect(url_for("membership.me"), code=303)


def _own() -> Member:
    member_id = actor().member_id
    if member_id is None:  # the address asks for somebody signed in; this only says so to the type checker
        raise NotFoundError
    return queries.member_for(db.session(), actor(), member_id, locked=request.method == "POST")
