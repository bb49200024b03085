"""The list of ballots, the board of each, and its archive."""

import uuid

from flask import Response, request

from unionapp.ballots import queries
from unionapp.ballots.views.blueprint import bp
from unionapp.kernel import clock, db
from unionapp.kernel.access import PUBLIC, Permission, holders_of
from unionapp.kernel.web import actor, page

INSIDE = holders_of(Permission.BALLOT_DECRYPT, Permission.BALLOT_MANAGE, Permission.BALLOT_VOTE)
TRACKER_LENGTH = 43


@bp.get("/", access=INSIDE)
def index() -> Response:
    elections = queries.elections_for(db.session(), actor())
    return page("ballots/index.html", elections=elections, at=clock.now())


@bp.get("/<uuid:election_id>/", access=PUBLIC)
def board(election_id: uuid.UUID) -> Response:
    session = db.session()
    election = queries.election_for(session, actor(), election_id)
    tracker = request.args.get("tracker", "").strip()
    return page(
        "ballots/board.html",
        election=election,
        outcome=queries.outcome(session, election),
        tracker=tracker,
        found=queries.find_tracker(session, election, tracker) if len(tracker) == TRACKER_LENGTH else None,
        trackers=queries.trackers_of(session, actor(), election, request.args.get("page", 1, int)),
        at=clock.now(),
    )


@bp.get("/<uuid:election_id>/archive.bel", access=PUBLIC)
def archive(election_id: uuid.UUID) -> Response:
    """Give the archive: to members after the close, to everybody after the result."""
    election, pieces = queries.archive_of(db.session(), actor(), election_id)
    # The session ends with the request, before a stream would be read.
    response = Response(b"".join(pieces), mimetype="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="{election.belenios_id}.bel"'
    return response
