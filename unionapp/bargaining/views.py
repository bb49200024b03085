"""Addresses of bargaining."""

from unionapp.kernel.web import Blueprint

bp = Blueprint("bargaining", __name__, url_prefix="/bargaining")
