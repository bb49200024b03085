"""The two WSGI applications: the only module that knows every feature."""

import logging
from collections.abc import Sequence
from pathlib import Path

from flask import Flask
from flask_alembic import Alembic
from werkzeug.middleware.proxy_fix import ProxyFix

import unionapp.accounts.views
import unionapp.ballots.views
import unionapp.bargaining.views
import unionapp.grievances.casework.views
import unionapp.grievances.intake.views
import unionapp.membership.views
import unionapp.workflows.front
import unionapp.workflows.ratification
from unionapp.config import Settings, ensure_secret
from unionapp.kernel import audit, db, i18n, jobs, mail, pages, throttle, unit_of_work, web
from unionapp.kernel.queue import Wakener
from unionapp.kernel.web import Blueprint, NavigationEntry

FORM_MEMORY = 4 * 1024 * 1024  # one field; longer text is refused at its field, not with a bare 413

MEMBERS_SITE: Sequence[Blueprint] = (
    unionapp.accounts.views.bp,
    unionapp.ballots.views.bp,
    unionapp.bargaining.views.bp,
    unionapp.grievances.casework.views.bp,
    unionapp.membership.views.bp,
    unionapp.workflows.front.bp,
    unionapp.workflows.ratification.bp,
)
REPORTING_SITE: Sequence[Blueprint] = (unionapp.grievances.intake.views.bp,)
NAVIGATION: Sequence[NavigationEntry] = (
    *unionapp.bargaining.views.NAVIGATION,
    *unionapp.ballots.views.NAVIGATION,
    *unionapp.grievances.casework.views.NAVIGATION,
    *unionapp.membership.views.NAVIGATION,
)

TABLES = (audit, jobs, throttle)  # their tables are known once the modules are imported


def migrations_dir() -> Path:
    """Return where the migration scripts lie: inside an installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    inside = package / "migrations"
    return inside if inside.is_dir() else package.parent / "migrations"


def create_app(
    settings: Settings, *, wakener: Wakener | None = None, more: Sequence[Blueprint] = ()
) -> Flask:
    """Return the members' and officers' site; ``more`` are the demo's own pages."""
    app = _base("unionapp.members", settings, wakener)
    app.config["SESSION_COOKIE_NAME"] = "__Host-members" if settings.secure else "members"
    web.protect_from_forgery(app)
    load_actor = unionapp.accounts.views.init_app(app, settings)
    web.init_app(
        app,
        settings,
        blueprints=[*MEMBERS_SITE, *more],
        navigation=NAVIGATION,
        sign_in_endpoint="accounts.sign_in",
        load_actor=load_actor,
    )
    pages.init_app(app)
    return app


def create_reporting_app(settings: Settings, *, wakener: Wakener | None = None) -> Flask:
    """Return the anonymous reporting site: its own origin, no cookie, no way to know who is signed in."""
    app = _base("unionapp.reporting", settings, wakener)
    app.config["SESSION_COOKIE_NAME"] = "__Host-reporting" if settings.secure else "reporting"
    app.config["WTF_CSRF_ENABLED"] = False
    web.init_app(app, settings, blueprints=REPORTING_SITE)
    pages.init_app(app)
    return app


def _base(name: str, settings: Settings, wakener: Wakener | None) -> Flask:
    settings.data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    app = Flask(
        name, root_path=str(Path(__file__).parent), static_folder="static", template_folder="templates"
    )
    app.config.update(
        SECRET_KEY=ensure_secret(settings),
        MAX_CONTENT_LENGTH=settings.max_upload_bytes,
        MAX_FORM_MEMORY_SIZE=FORM_MEMORY,
        SEND_FILE_MAX_AGE_DEFAULT=365 * 24 * 60 * 60,
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        WTF_CSRF_TIME_LIMIT=12 * 60 * 60,
        WTF_CSRF_SSL_STRICT=False,  # it wants a Referer, which our own pages forbid; the cookie is __Host-
    )
    unit_of_work.init_app(app)  # first: Flask runs after_request hooks in reverse, so the commit comes last
    db.init_app(app, settings)
    _alembic(app)
    i18n.init_app(app)
    mail.init_app(app, settings)
    jobs.init_app(app, (wakener or Wakener(settings)).wake)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the documented way
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies
        )
    return app


def _alembic(app: Flask) -> None:
    app.config["ALEMBIC"] = {"script_location": str(migrations_dir())}
    app.config["ALEMBIC_CONTEXT"] = {"render_as_batch": True, "compare_server_default": False}
    Alembic(app, metadatas=db.Model.metadata, run_mkdir=False)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # commands say in one line what they did
