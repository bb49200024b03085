"""The trustees' page: make a key, later decrypt. Private keys stay in their browsers."""

import json
import uuid

from flask import Response, flash, redirect, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.ballots import operations, queries
from unionapp.ballots.forms import HandInForm
from unionapp.ballots.views.blueprint import bp
from unionapp.kernel import clock, db
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.i18n import _
from unionapp.kernel.web import actor, page

TRUSTEES = holders_of(Permission.BALLOT_DECRYPT)


@bp.get("/<uuid:election_id>/trustee", access=TRUSTEES)
def trustee(election_id: uuid.UUID) -> Response:
    return _ceremony(election_id, HandInForm())


@bp.post("/<uuid:election_id>/trustee/key", access=TRUSTEES)
def give_key(election_id: uuid.UUID) -> BaseResponse:
    form = HandInForm()
    if not form.validate_on_submit():
        return _ceremony(election_id, form)
    session = db.session()
    election, _own = queries.trusteeship(session, actor(), election_id, lock=True)
    operations.give_key(session, election, form.raw(), actor=actor(), at=clock.now())
    flash(_("Your public key is checked and kept. Keep your private key file until the result."), "green")
    return redirect(url_for("ballots.trustee", election_id=election_id), code=303)


@bp.post("/<uuid:election_id>/trustee/share", access=TRUSTEES)
def give_share(election_id: uuid.UUID) -> BaseResponse:
    form = HandInForm()
    if not form.validate_on_submit():
        return _ceremony(election_id, form)
    session = db.session()
    election, _own = queries.trusteeship(session, actor(), election_id, lock=True)
    operations.give_share(session, election, form.raw(), actor=actor(), at=clock.now())
    flash(_("Your decryption is checked and kept. Thank you."), "green")
    return redirect(url_for("ballots.trustee", election_id=election_id), code=303)


def _ceremony(election_id: uuid.UUID, form: HandInForm) -> Response:
    election, own = queries.trusteeship(db.session(), actor(), election_id)
    given = json.loads(own.public_key)["public_key"] if own.public_key else ""
    return page("ballots/trustee.html", election=election, own=own, form=form, public_key=given)
