"""The voting page, and the one address that takes ballots."""

import re
import uuid
from io import BytesIO
from threading import Lock

import segno
from flask import Response, g, jsonify, request
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import NotFound, RequestEntityTooLarge

from unionapp.ballots import operations, queries
from unionapp.ballots.models import ElectionState
from unionapp.ballots.operations import NotOpenError
from unionapp.ballots.views.blueprint import bp
from unionapp.ballots.views.pace import Pace
from unionapp.kernel import clock, db
from unionapp.kernel.access import PUBLIC
from unionapp.kernel.errors import DomainError
from unionapp.kernel.web import Blueprint, absolute_url, actor, page

# A blueprint of its own: its errors are answered to a script, not as pages.
casting = Blueprint("casting", "unionapp.ballots")
pace = Pace()
# Writers of one process queue here in order: SQLite lets them sleep ever longer, whoever came first.
turnstile = Lock()
TRACKER = re.compile("[A-Za-z0-9+/]{43}")


@bp.get("/<uuid:election_id>/booth", access=PUBLIC)
def booth(election_id: uuid.UUID) -> Response:
    election = queries.election_for(db.session(), actor(), election_id)
    is_open = election.state is ElectionState.OPEN and clock.now() < election.closes_at
    return page("ballots/booth.html", election=election, is_open=is_open)


@bp.get("/<uuid:election_id>/election.json", access=PUBLIC)
def paper(election_id: uuid.UUID) -> Response:
    """Give the election file, byte for byte as the archive holds it."""
    raw = queries.paper_bytes(db.session(), election_id)
    if raw is None:
        raise NotFound
    return Response(raw, mimetype="application/json")


@bp.get("/<uuid:election_id>/tracker.svg", access=PUBLIC)
def tracker_picture(election_id: uuid.UUID) -> Response:
    """Draw the QR code of a tracker's place on the board; the page asks without cookies, as when casting."""
    tracker = request.args.get("tracker", "")
    if not TRACKER.fullmatch(tracker):
        raise NotFound
    address = absolute_url("ballots.board", election_id=election_id, tracker=tracker)
    drawn = BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, "svg", border=4, scale=4, light="#fff")
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


@casting.post("/<uuid:election_id>/cast", access=PUBLIC)
def cast(election_id: uuid.UUID) -> Response:
    """Take a ballot. The voting code's signature is the right to cast it: no cookie is asked for."""
    pace.admit(request.remote_addr or "")
    request.max_content_length = operations.LARGEST_BALLOT
    found = queries.paper_of(election_id)
    if found is None:
        raise NotOpenError
    ballot = operations.examine(found, request.get_data(cache=False))
    g.in_turnstile = turnstile.acquire()
    receipt = operations.cast(db.session(), found, ballot, at=clock.now())
    return jsonify(tracker=receipt.tracker, repeated=receipt.repeated)


@casting.after_request
def count_refusals(response: Response) -> Response:
    """Remember refused ballots, and only those."""
    if 400 <= response.status_code < 500:  # noqa: PLR2004  # the client's faults
        pace.refused(request.remote_addr or "")
    return response


@casting.teardown_request
def let_the_next_in(_error: BaseException | None) -> None:
    """Open the turnstile once the transaction has ended, well or not."""
    if g.pop("in_turnstile", False):
        turnstile.release()


@casting.errorhandler(DomainError)
def say_why(error: DomainError) -> Response:
    """Answer the page's script with the sentence alone."""
    response = jsonify(error=str(error.message))
    response.status_code = error.status
    return response


@casting.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """Answer what is far too large to be a ballot."""
    return say_why(operations.TooLargeBallotError())


@casting.record_once
def _ask_for_no_token(state: BlueprintSetupState) -> None:
    # A forged request could borrow no right from a cookie here: the ballot carries its own.
    state.app.extensions["csrf"].exempt(cast)


bp.register_blueprint(casting)
bp.rules |= {f"{bp.name}.{name}": rule for name, rule in casting.rules.items()}
