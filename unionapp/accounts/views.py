"""Addresses of accounts."""

from flask import Flask

from unionapp.config import Settings
from unionapp.kernel.access import ANONYMOUS, PUBLIC
from unionapp.kernel.web import ActorLoader, Blueprint

bp = Blueprint("accounts", __name__, url_prefix="/account")


def init_app(app: Flask, settings: Settings) -> ActorLoader:
    """Prepare sign-in for the members' site and return how a request's actor is found."""
    return lambda: ANONYMOUS


@bp.get("/sign-in", access=PUBLIC)
def sign_in() -> str:
    return "to be replaced by the accounts feature"
