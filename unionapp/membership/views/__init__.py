"""Addresses of membership."""

from unionapp.kernel.access import SIGNED_IN, Permission, holders_of
from unionapp.kernel.i18n import lazy
from unionapp.kernel.web import NavigationEntry
from unionapp.membership import jobs
from unionapp.membership.views import applying, deciding, importing, members, own
from unionapp.membership.views.blueprint import bp

NAVIGATION = (
    NavigationEntry(
        lazy("Members"),
        "membership.members",
        holders_of(Permission.MEMBER_READ),
        lazy("The roll: who belongs, at which studio, with which office."),
    ),
    NavigationEntry(
        lazy("Applications"),
        "membership.applications",
        holders_of(Permission.MEMBER_APPROVE),
        lazy("People who wait for a decision on joining."),
    ),
    NavigationEntry(
        lazy("My record"),
        "membership.me",
        SIGNED_IN,
        lazy("What the union knows of you; change it, take it with you, leave."),
    ),
)

__all__ = ["NAVIGATION", "applying", "bp", "deciding", "importing", "jobs", "members", "own"]
