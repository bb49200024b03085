"""From the draft to the verified archive, through the operations alone."""

import pytest

from tests.factories.ballots import BLANK, NO, YES, cast, close, decrypt, make_open
from unionapp.ballots import box, queries
from unionapp.ballots.models import ElectionState, Group
from unionapp.crypto.belenios.verify import verify_archive
from unionapp.kernel.access import ANONYMOUS


@pytest.mark.parametrize("group", list(Group))
def test_two_trustees_revotes_and_blank(session, at, group):
    made = make_open(session, at, voters=4, group=group)
    codes = made.codes
    assert len(codes) == 7
    cast(session, made, codes[0], NO, at)
    cast(session, made, codes[1], YES, at)
    cast(session, made, codes[2], BLANK, at)
    cast(session, made, codes[0], YES, at)
    close(session, made, at)
    assert made.election.state is ElectionState.DECRYPTING
    assert made.election.counted == 3
    decrypt(session, made, at)

    assert made.election.state is ElectionState.FINISHED
    assert made.election.result == [[1, 2, 0]]
    report = verify_archive(b"".join(box.file(session, made.election.id)), jobs=1)
    assert report.result == ((1, 2, 0),)
    assert (report.credentials, report.ballots, report.revotes, report.trustees) == (7, 4, 1, 2)
    assert report.last_event == made.election.last_event
    assert report.fingerprint == made.election.fingerprint
    outcome = queries.outcome(session, made.election)
    assert (outcome.voters, outcome.counted, outcome.cast) == (7, 3, 4)
    [question] = outcome.questions
    assert question.blank == 1
    assert (question.decision.passed, question.decision.part, question.decision.whole) == (True, 2, 2)
    _, pieces = queries.archive_of(session, ANONYMOUS, made.election.id)
    assert b"".join(pieces)


def test_nobody_votes(session, at):
    made = make_open(session, at)
    close(session, made, at)
    decrypt(session, made, at)
    assert made.election.result == [[0, 0, 0]]
    assert queries.outcome(session, made.election).questions[0].decision.passed is False
