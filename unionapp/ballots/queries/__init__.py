"""Reads of ballots."""

from unionapp.ballots.queries.board import (
    PAGE,
    Outcome,
    QuestionOutcome,
    TrackerLine,
    TrackerPage,
    archive_of,
    archive_so_far,
    box_count,
    find_tracker,
    is_on_roll,
    outcome,
    trackers_of,
    without_code,
)
from unionapp.ballots.queries.elections import (
    Candidate,
    Expected,
    candidates,
    election_for,
    elections_for,
    expected_voters,
    locked,
    managed,
    trusteeship,
)
from unionapp.ballots.queries.papers import Paper, paper_bytes, paper_of
from unionapp.ballots.queries.reading import reading

__all__ = [
    "PAGE",
    "Candidate",
    "Expected",
    "Outcome",
    "Paper",
    "QuestionOutcome",
    "TrackerLine",
    "TrackerPage",
    "archive_of",
    "archive_so_far",
    "box_count",
    "candidates",
    "election_for",
    "elections_for",
    "expected_voters",
    "find_tracker",
    "is_on_roll",
    "locked",
    "managed",
    "outcome",
    "paper_bytes",
    "paper_of",
    "reading",
    "trackers_of",
    "trusteeship",
    "without_code",
]
