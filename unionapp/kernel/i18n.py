"""The reader's language: choosing it, dates and numbers in it. Flask-Babel is used only here."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

import flask_babel
from babel import dates
from flask import Flask, g, has_request_context, request

from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.clock import JAPAN

lazy = flask_babel.lazy_gettext

COOKIE = "language"
YEAR = 365 * 24 * 60 * 60
OWN_NAMES = {"ja": "日本語", "en": "English"}


def _(message: str, **variables: Any) -> str:
    """Return the message in the reader's language."""
    return cast("str", flask_babel.gettext(message, **variables))


def ngettext(singular: str, plural: str, num: int, **variables: Any) -> str:
    """Return the message for ``num`` things in the reader's language."""
    return cast("str", flask_babel.ngettext(singular, plural, num, **variables))


def translations_dir() -> Path:
    """Return where the catalogs lie: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parent.parent
    inside = package / "translations"
    return inside if inside.is_dir() else package.parent / "translations"


def init_app(app: Flask) -> None:
    """Set up the languages of pages and letters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(translations_dir())
    app.config["BABEL_DEFAULT_LOCALE"] = "en"
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Asia/Tokyo"
    flask_babel.Babel(app, locale_selector=choose)
    app.after_request(_remember)
    app.jinja_env.globals.update(
        locale=locale,
        format_date=format_date,
        format_datetime=format_datetime,
        format_number=format_number,
    )


def choose() -> str:
    """Return the language of this request: asked for, the member's own, chosen before, or the browser's."""
    if not has_request_context():
        return "ja"
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    actor = g.get("actor")
    cookie = request.cookies.get(COOKIE, "")
    own = getattr(actor, "language", None) or ""
    for known in (cookie, own):
        if known in LANGUAGES:
            return known
    return request.accept_languages.best_match(LANGUAGES) or "ja"


def locale() -> str:
    """Return "ja" or "en"."""
    return str(flask_babel.get_locale() or "ja")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Render what is inside in ``language``, whoever asks."""
    with flask_babel.force_locale(language):
        yield


def _remember(response: Any) -> Any:
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        response.set_cookie(
            COOKIE, asked, max_age=YEAR, samesite="Lax", httponly=True, secure=request.is_secure
        )
    return response


def format_date(value: date | datetime) -> str:
    """Return a calendar date in the reader's form."""
    day = value.astimezone(JAPAN).date() if isinstance(value, datetime) else value
    pattern = "y年M月d日" if locale() == "ja" else "d MMMM y"
    return dates.format_date(day, pattern, locale=locale())


def format_datetime(value: datetime) -> str:
    """Return a moment in Japan time, to the minute, in the reader's form."""
    here = value.astimezone(JAPAN)
    pattern = "y年M月d日 H:mm" if locale() == "ja" else "d MMMM y, HH:mm 'JST'"
    return dates.format_datetime(here, pattern, tzinfo=JAPAN, locale=locale())


def format_number(value: float) -> str:
    """Return a number with the reader's separators."""
    return cast("str", flask_babel.format_decimal(value))
