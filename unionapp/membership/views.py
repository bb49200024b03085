"""Addresses of membership."""

from unionapp.kernel.web import Blueprint

bp = Blueprint("membership", __name__, url_prefix="/membership")
