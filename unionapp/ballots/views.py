"""Addresses of ballots."""

from unionapp.kernel.web import Blueprint

bp = Blueprint("ballots", __name__, url_prefix="/ballots")
