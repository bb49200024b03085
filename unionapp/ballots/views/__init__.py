"""Addresses of ballots."""

from unionapp.ballots import jobs
from unionapp.ballots.views import board, booth, committee, trustees
from unionapp.ballots.views.blueprint import bp
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.i18n import lazy
from unionapp.kernel.web import NavigationEntry

NAVIGATION = (
    NavigationEntry(
        lazy("Ballots"),
        "ballots.index",
        holders_of(Permission.BALLOT_DECRYPT, Permission.BALLOT_MANAGE, Permission.BALLOT_VOTE),
        lazy("Votes that are open, their results, and how to check them."),
    ),
)

__all__ = ["NAVIGATION", "board", "booth", "bp", "committee", "jobs", "trustees"]
