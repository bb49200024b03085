"""Ratification: a sealed text of the bargaining is put before the members, its hash on the ballot paper."""

import uuid
from datetime import timedelta

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.ballots import operations as ballots
from unionapp.ballots.forms import PaperForm
from unionapp.bargaining import queries as bargaining
from unionapp.kernel import clock, db
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.clock import JAPAN
from unionapp.kernel.i18n import _
from unionapp.kernel.web import Blueprint, actor, page

bp = Blueprint("ratification", __name__, url_prefix="/ratification")

COMMITTEE = holders_of(Permission.BALLOT_MANAGE)
NOTICE = timedelta(days=3)
WINDOW = timedelta(days=7)


@bp.get("/", access=COMMITTEE)
def choose() -> Response:
    return page("workflows/ratification/choose.html", texts=bargaining.sealed_texts(db.session(), actor()))


@bp.route("/<uuid:sealed_id>/new", methods=["GET", "POST"], access=COMMITTEE)
def new(sealed_id: uuid.UUID) -> BaseResponse:
    """Draft a ballot on this very text: its hash goes onto the paper, and nobody types it."""
    session = db.session()
    text = bargaining.sealed_text_for(session, actor(), sealed_id)
    begins = clock.now().astimezone(JAPAN).replace(minute=0) + NOTICE
    form = PaperForm(
        title_ja=f"{text.title.ja}の批准",
        title_en=f"Ratification: {text.title.en}",
        question_ja=f"「{text.title.ja}」を承認しますか。",
        question_en=f"Do you approve “{text.title.en}”?",
        opens_at=begins,
        closes_at=begins + WINDOW,
    )
    if form.validate_on_submit():
        address = url_for("bargaining.sealed", sealed_id=sealed_id)
        drafted = form.drafted(text_hash=text.sha256, text_url=address)
        election = ballots.draft(session, drafted, actor=actor(), at=clock.now())
        flash(_("The draft is kept. Check it, then name the trustees."), "green")
        return redirect(url_for("ballots.manage", election_id=election.id), code=303)
    return page("workflows/ratification/new.html", form=form, text=text)
