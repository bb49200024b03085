"""Addresses of bargaining."""

from unionapp.bargaining.views import agreements, drafting, review, sealing, units, versions
from unionapp.bargaining.views.blueprint import NAVIGATION, bp

PAGES = (agreements, drafting, review, sealing, units, versions)

__all__ = ["NAVIGATION", "PAGES", "bp"]
