"""Errors become pages: one mapping, both languages, and what was typed is kept."""

import logging
import re
from collections.abc import Sequence
from types import TracebackType
from urllib.parse import quote

from flask import Flask, Response, current_app, g, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from markupsafe import escape
from werkzeug.exceptions import HTTPException

from unionapp.kernel.errors import DomainError, TooManyError
from unionapp.kernel.faults import log_fault
from unionapp.kernel.forms import showable
from unionapp.kernel.i18n import _, locale

log = logging.getLogger(__name__)

_NEVER_SHOWN = re.compile(r"password|passphrase|words|receipt|code|token|key", re.IGNORECASE)
MOST_FIELDS = 200  # no form here is longer; a million empty fields would make a page of 200 MB

Caught = tuple[type, BaseException, TracebackType] | tuple[None, None, None]


def init_app(app: Flask) -> None:
    """Answer every error with a page that says what happened and what to do."""
    app.register_error_handler(DomainError, _domain)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(Exception, _unexpected)
    app.log_exception = _log_exception  # type: ignore[method-assign,assignment]  # the documented way


def _domain(error: DomainError) -> Response:
    response = _page(error.status, str(error.message))
    if error.status == 401:  # noqa: PLR2004  # RFC 9110 asks for a challenge; browsers leave this one to the page
        response.headers["WWW-Authenticate"] = "Cookie"
    if isinstance(error, TooManyError):
        response.headers["Retry-After"] = str(error.retry_after)
    return response


def _csrf(_error: CSRFError) -> Response:
    return _page(400, _("This page was open too long. Please check what you typed and send it again."))


def _http(error: HTTPException) -> Response:
    if error.code is None or error.code < 400:  # noqa: PLR2004  # a redirect raised as an exception
        return make_response(error.get_response())
    response = _page(error.code, _explanation(error.code))
    if error.code == 405:  # noqa: PLR2004  # RFC 9110 asks for Allow
        response.headers.update(dict(error.get_headers()))
        response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


def _unexpected(error: Exception) -> Response:
    if current_app.testing:
        raise error
    log_fault(log, f"unexpected error at {request.endpoint}", error)
    return _page(500, _explanation(500))


def _log_exception(caught: Caught) -> None:
    """Log what failed outside of views (a commit, a hook) as everything else: without its message."""
    if caught[1] is not None:
        log_fault(log, f"unexpected error around {request.endpoint}", caught[1])


def _explanation(status: int) -> str:
    known = {
        400: _("The request could not be read."),
        401: _("You were signed out in the meantime."),
        403: _("Your offices do not allow this."),
        404: _("There is nothing at this address, or nothing that you may see."),
        405: _("This address does not take that kind of request."),
        409: _("Somebody changed this in the meantime."),
        413: _("What you sent is too large."),
        422: _("Please check what you entered."),
        429: _("Too many attempts. Please wait a while and try again."),
        500: _("Something went wrong on our side. Nothing was changed."),
    }
    return known.get(status, known[400] if status < 500 else known[500])  # noqa: PLR2004


def _remedy(status: int) -> str:
    known = {
        401: _("Sign in in another tab or window, then send this again from here."),
        403: _("If you need this for your work in the union, ask an officer for the office."),
        404: _("Check the address, or start again from the first page."),
        413: _("Send a smaller file, or several smaller ones."),
        429: _("Nothing is lost: what you typed is below."),
        500: _("What you typed is below. Please try again; if it happens again, tell the server's officer."),
    }
    return known.get(status, _("What you typed is below, so that nothing is lost."))


def _files_too(remedy: str) -> str:
    if not _lost_files():
        return remedy
    return _("%(remedy)s Files are not kept: go back and choose them again.", remedy=remedy)


def _title(status: int) -> str:
    known = {
        400: _("The request could not be read"),
        401: _("You are signed out"),
        403: _("Not allowed"),
        404: _("Not found"),
        409: _("Not possible now"),
        413: _("Too large"),
        422: _("Please check what you entered"),
        429: _("Please wait a while"),
        500: _("Something went wrong"),
    }
    return known.get(status, known[400] if status < 500 else known[500])  # noqa: PLR2004


def _lost_files() -> bool:
    try:
        return any(file.filename for file in request.files.values())
    except HTTPException:  # too large to be read at all
        return False


def _typed() -> Sequence[tuple[str, str, str]]:
    if request.method != "POST":
        return []
    try:
        items = list(request.form.items(multi=True))
    except HTTPException:  # too large to be read at all: there is nothing to show
        return []
    if len(items) > MOST_FIELDS:
        return []
    labels: dict[str, str] = g.get("form_labels", {})
    return [
        (showable(labels.get(name, name)), showable(value), showable(name))
        for name, value in items
        if not _NEVER_SHOWN.search(name)
    ]


def _same_address() -> str | None:
    """Return the path and query that were posted to; never "//host", which is another site."""
    if request.method != "POST":
        return None
    query = request.query_string.decode("latin-1")
    return "/" + quote(request.path.lstrip("/")) + ("?" + quote(query, safe="%&=+;/:") if query else "")


def _page(status: int, message: str) -> Response:
    try:
        return _drawn(status, message)
    except Exception as error:
        if current_app.testing:
            raise
        log_fault(log, f"the error page {status} could not be drawn at {request.endpoint}", error)
        return _last_page(max(status, 500))  # a page that fails is our fault


def _drawn(status: int, message: str) -> Response:
    html = render_template(
        "errors/error.html",
        base=_base(status),
        status=status,
        title=_title(status),
        message=message,
        remedy=_files_too(_remedy(status)),
        typed=_typed(),
        retry_url=_same_address(),
    )
    return make_response(html, status)


def _last_page(status: int) -> Response:
    """Return a page that needs no template, for the day on which the error page itself fails."""
    title, message = escape(_title(status)), escape(_explanation(status))
    return make_response(
        f'<!DOCTYPE html><html lang="{locale()}"><meta charset="utf-8"><title>{title}</title>'
        f"<h1>{title}</h1><p>{message}</p></html>",
        status,
    )


def _base(status: int) -> str:
    if current_app.extensions["unionapp_sign_in"] is None:
        return "reporting_base.html"
    return "base.html" if status < 500 else "bare_base.html"  # noqa: PLR2004  # the database may be gone
