"""Addresses of intake."""

from unionapp.kernel.web import Blueprint

bp = Blueprint("intake", __name__)
