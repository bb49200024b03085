"""Tables of ballots."""

from unionapp.ballots.models.elections import (
    MOVES,
    PROGRAM,
    PUBLISHED,
    Answer,
    Election,
    ElectionState,
    Group,
    Question,
    Trustee,
)
from unionapp.ballots.models.rules import RULES, Decision, DecisionRule

__all__ = [
    "MOVES",
    "PROGRAM",
    "PUBLISHED",
    "RULES",
    "Answer",
    "Decision",
    "DecisionRule",
    "Election",
    "ElectionState",
    "Group",
    "Question",
    "Trustee",
]
