"""The election committee's pages."""

import uuid
from datetime import timedelta

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.ballots import operations, queries
from unionapp.ballots.forms import CancelForm, DraftForm, TrusteesForm
from unionapp.ballots.models import Election, ElectionState
from unionapp.ballots.views.blueprint import bp
from unionapp.kernel import clock, db
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.clock import JAPAN
from unionapp.kernel.i18n import _
from unionapp.kernel.web import actor, page

COMMITTEE = holders_of(Permission.BALLOT_MANAGE)


@bp.route("/new", methods=["GET", "POST"], access=COMMITTEE)
def new() -> BaseResponse:
    begins = clock.now().astimezone(JAPAN).replace(minute=0) + timedelta(hours=1)
    form = DraftForm(opens_at=begins, closes_at=begins + timedelta(days=7))
    if form.validate_on_submit():
        election = operations.draft(db.session(), form.whole(), actor=actor(), at=clock.now())
        flash(_("The draft is kept. Check it, then name the trustees."), "green")
        return _to_management(election.id)
    return page("ballots/edit.html", form=form, election=None)


@bp.route("/<uuid:election_id>/edit", methods=["GET", "POST"], access=COMMITTEE)
def edit(election_id: uuid.UUID) -> BaseResponse:
    session = db.session()
    election = queries.managed(session, actor(), election_id, lock=request.method == "POST")
    if election.state is not ElectionState.DRAFT:
        raise operations.NotDraftError
    form = DraftForm.of(election)
    if form.validate_on_submit():
        operations.change(session, election, form.whole(), actor=actor(), at=clock.now())
        flash(_("The draft is changed."), "green")
        return _to_management(election_id)
    return page("ballots/edit.html", form=form, election=election)


@bp.get("/<uuid:election_id>/manage", access=COMMITTEE)
def manage(election_id: uuid.UUID) -> Response:
    return _management(queries.managed(db.session(), actor(), election_id), TrusteesForm())


@bp.post("/<uuid:election_id>/trustees", access=COMMITTEE)
def name_trustees(election_id: uuid.UUID) -> BaseResponse:
    session, form = db.session(), TrusteesForm()
    election = queries.managed(session, actor(), election_id, lock=True)
    form.trustees.choices = _choices()
    if not form.validate_on_submit():
        return _management(election, form)
    chosen = [uuid.UUID(each) for each in form.trustees.data or []]
    operations.ask_for_keys(session, election, chosen, actor=actor(), at=clock.now())
    flash(_("The trustees have been asked for their keys by mail."), "green")
    return _to_management(election_id)


@bp.post("/<uuid:election_id>/open", access=COMMITTEE)
def open_vote(election_id: uuid.UUID) -> BaseResponse:
    session = db.session()
    election = queries.managed(session, actor(), election_id, lock=True)
    operations.order_opening(session, election, actor=actor(), at=clock.now())
    flash(_("The opening is ordered. Each voter gets a letter with a voting code."), "green")
    return _to_management(election_id)


@bp.post("/<uuid:election_id>/close", access=COMMITTEE)
def close(election_id: uuid.UUID) -> BaseResponse:
    session = db.session()
    election = queries.managed(session, actor(), election_id, lock=True)
    operations.close(session, election, actor=actor(), at=clock.now())
    flash(_("The vote is closed. The trustees are asked to decrypt once the tally is made."), "green")
    return _to_management(election_id)


@bp.route("/<uuid:election_id>/cancel", methods=["GET", "POST"], access=COMMITTEE)
def cancel(election_id: uuid.UUID) -> BaseResponse:
    session, form = db.session(), CancelForm()
    election = queries.managed(session, actor(), election_id, lock=request.method == "POST")
    if form.validate_on_submit():
        operations.cancel(session, election, form.reason.data or "", actor=actor(), at=clock.now())
        flash(_("The ballot is cancelled. Its page says why."), "green")
        return _to_management(election_id)
    return page("ballots/cancel.html", form=form, election=election)


def _management(election: Election, form: TrusteesForm) -> Response:
    session = db.session()
    form.trustees.choices = _choices()
    return page(
        "ballots/manage.html",
        election=election,
        form=form,
        expected=queries.expected_voters(session, clock.today(max(clock.now(), election.opens_at))),
        without_code=queries.without_code(session, election),
        at=clock.now(),
    )


def _choices() -> list[tuple[str, str]]:
    return [(str(each.member_id), each.name) for each in queries.candidates(db.session(), at=clock.now())]


def _to_management(election_id: uuid.UUID) -> BaseResponse:
    return redirect(url_for("ballots.manage", election_id=election_id), code=303)
