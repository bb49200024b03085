"""Signed links: who a link is for and what it allows, with an age limit. Nothing secret is inside."""

from typing import cast

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer

DAY = 24 * 60 * 60


def sign(purpose: str, subject: str) -> str:
    """Return a token for a link that proves we made it for this purpose and subject."""
    return _serializer(purpose).dumps(subject)


def read(purpose: str, token: str, *, max_age: int) -> str | None:
    """Return the subject; None when the token is forged, for another purpose, or older than ``max_age`` s."""
    try:
        return cast("str", _serializer(purpose).loads(token, max_age=max_age))
    except BadSignature:
        return None


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(cast("str", current_app.secret_key), salt=f"unionapp/{purpose}")
