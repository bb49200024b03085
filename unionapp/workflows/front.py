"""The start page: what the union is, and the first step for each of its users."""

from flask import Response

from unionapp.kernel.access import PUBLIC
from unionapp.kernel.web import Blueprint, page

bp = Blueprint("front", __name__)


@bp.get("/", access=PUBLIC)
def start() -> Response:
    return page("workflows/start.html")
