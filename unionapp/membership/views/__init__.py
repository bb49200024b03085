"""Addresses of membership."""

from unionapp.membership import jobs
from unionapp.membership.views.blueprint import bp

__all__ = ["bp", "jobs"]
