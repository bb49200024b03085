"""Addresses of casework."""

from unionapp.kernel.web import Blueprint

bp = Blueprint("casework", __name__)
