"""Addresses of membership."""

from unionapp.kernel.access import SIGNED_IN, Permission, holders_of
from unionapp.kernel.i18n import lazy
from unionapp.kernel.web import NavigationEntry
from unionapp.membership import jobs
from unionapp.membership.views import applying, deciding, importing, members, own
from unionapp.membership.views.blueprint import bp

NAVIGATION = (
    NavigationEntry(lazy("Members"), "membership.members", holders_of(Permission.MEMBER_READ)),
    NavigationEntry(lazy("Applications"), "membership.applications", holders_of(Permission.MEMBER_APPROVE)),
    NavigationEntry(lazy("My record"), "membership.me", SIGNED_IN),
)

__all__ = ["NAVIGATION", "applying", "bp", "deciding", "importing", "jobs", "members", "own"]
