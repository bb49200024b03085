"""Pages of the roll."""

import uuid

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.kernel import clock, db
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.i18n import _
from unionapp.kernel.web import actor, page
from unionapp.membership import access, operations, queries
from unionapp.membership.forms import OfficeForm, StatusForm
from unionapp.membership.models import Member, MemberStatus, Office
from unionapp.membership.views.blueprint import bp

READS = holders_of(Permission.MEMBER_READ)
DECIDES = holders_of(Permission.MEMBER_APPROVE)
GRANTS = holders_of(Permission.OFFICE_GRANT)


@bp.get("/members", access=READS)
def members() -> Response:
    search = "".join(c for c in request.args.get("search", "")[:100] if c.isprintable()).strip()
    status = request.args.get("status", "")
    found = queries.members_for(
        db.session(),
        actor(),
        search,
        request.args.get("after", type=uuid.UUID),
        status=MemberStatus(status) if status in set(MemberStatus) else None,
    )
    offices = queries.offices_by_member(db.session(), [m.id for m in found.members], at=clock.now())
    return page(
        "membership/members.html",
        found=found,
        offices=offices,
        search=search,
        status=status,
        further="after" in request.args,
    )


@bp.get("/members/<uuid:member_id>", access=READS)
def member(member_id: uuid.UUID) -> Response:
    return _show(queries.member_for(db.session(), actor(), member_id))


@bp.post("/members/<uuid:member_id>/status", access=DECIDES)
def change_status(member_id: uuid.UUID) -> BaseResponse:
    found = queries.member_for(db.session(), actor(), member_id, locked=True)
    form = _status_form(found)
    if not form.validate_on_submit():
        return _show(found, status_form=form)
    status = MemberStatus(form.status.data)
    operations.change_status(
        db.session(), found, status, form.reason.data or "", actor=actor(), at=clock.now()
    )
    flash(_("The status was changed."), "green")
    return _back(found)


@bp.post("/members/<uuid:member_id>/invite", access=DECIDES)
def invite(member_id: uuid.UUID) -> BaseResponse:
    found = queries.member_for(db.session(), actor(), member_id, locked=True)
    operations.invite(db.session(), found, actor=actor(), at=clock.now())
    flash(_("A letter with a sign-in link is on its way."), "green")
    return _back(found)


@bp.post("/members/<uuid:member_id>/erase", access=DECIDES)
def erase_member(member_id: uuid.UUID) -> BaseResponse:
    found = queries.member_for(db.session(), actor(), member_id, locked=True)
    operations.erase_member(db.session(), found, actor=actor(), at=clock.now())
    flash(_("The record was erased."), "soft")
    return _back(found)


@bp.post("/members/<uuid:member_id>/offices", access=GRANTS)
def grant_office(member_id: uuid.UUID) -> BaseResponse:
    found = queries.member_for(db.session(), actor(), member_id, locked=True)
    form = _office_form()
    if not form.validate_on_submit():
        return _show(found, office_form=form)
    operations.grant_office(db.session(), found, Office(form.office.data), actor=actor(), at=clock.now())
    flash(_("The office was granted."), "green")
    return _back(found)


@bp.post("/members/<uuid:member_id>/offices/<uuid:holding_id>/withdraw", access=GRANTS)
def withdraw_office(member_id: uuid.UUID, holding_id: uuid.UUID) -> BaseResponse:
    found = queries.member_for(db.session(), actor(), member_id, locked=True)
    holding = queries.holding_for(db.session(), actor(), holding_id)
    operations.withdraw_office(db.session(), holding, actor=actor(), at=clock.now())
    flash(_("The office has ended."), "soft")
    return _back(found)


def _status_form(found: Member) -> StatusForm:
    form = StatusForm()
    form.offer([status for status in MemberStatus if access.may_move(actor(), found, status)])
    return form


def _office_form() -> OfficeForm:
    form = OfficeForm()
    form.offer([office for office in Office if office is not Office.MEMBER])
    return form


def _show(
    found: Member, *, status_form: StatusForm | None = None, office_form: OfficeForm | None = None
) -> Response:
    session = db.session()
    changes = queries.status_changes_of(session, actor(), found)
    form = status_form or office_form
    return page(
        "membership/member.html",
        form=form,
        member=found,
        holdings=queries.holdings_of(session, actor(), found),
        changes=changes,
        names=queries.members_named(session, [c.changed_by for c in changes if c.changed_by]),
        status_form=status_form or _status_form(found),
        office_form=office_form or _office_form(),
        may_grant=access.may_grant(actor(), found.id) and found.status is MemberStatus.ACTIVE,
        may_erase=access.may_decide(actor()) and found.status is MemberStatus.LEFT and found.legal_name,
        may_invite=access.may_decide(actor()) and found.status is MemberStatus.ACTIVE,
    )


def _back(found: Member) -> BaseResponse:
    return redirect(url_for("membership.member", member_id=found.id), code=303)
