"""Addresses of accounts: signing in and out, passwords, sessions."""

import uuid
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, flash, redirect, request, url_for
from flask import session as cookie
from flask_login import LoginManager, UserMixin, login_user, logout_user
from flask_login.utils import _get_user
from werkzeug.wrappers import Response as BaseResponse

from unionapp.accounts import jobs, queries
from unionapp.accounts.forms import AddressForm, ChangePasswordForm, PasswordForm, SignInForm
from unionapp.accounts.models import TOUCH
from unionapp.accounts.operations import signing_in
from unionapp.accounts.operations.passwords import Hasher
from unionapp.config import Settings
from unionapp.kernel import clock, db
from unionapp.kernel.access import ANONYMOUS, PUBLIC, SIGNED_IN, Actor
from unionapp.kernel.errors import ForbiddenError
from unionapp.kernel.i18n import _
from unionapp.kernel.throttle import network_of
from unionapp.kernel.unit_of_work import record_anyway
from unionapp.kernel.web import ActorLoader, Blueprint, actor, page
from unionapp.membership import queries as members

bp = Blueprint("accounts", __name__, url_prefix="/account")
JOBS = jobs  # known to workers once this module is imported

BROWSERS = ("Edg", "Firefox", "Chrome", "Safari")
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "Linux")


class CookieUser(UserMixin):  # type: ignore[misc]  # flask_login has no types
    """What Flask-Login keeps in the signed cookie: a session's id and secret, nothing of the member."""

    def __init__(self, session_id: uuid.UUID, secret: str, member: Actor = ANONYMOUS) -> None:
        self.id = f"{session_id}.{secret}"
        self.actor = member


def init_app(app: Flask, settings: Settings) -> ActorLoader:
    """Prepare sign-in for the members' site and return how a request's actor is found."""
    app.extensions["unionapp_hasher"] = Hasher(settings)
    manager = LoginManager(app)
    manager.session_protection = None  # our sessions are rows: revocable, with limits of their own
    manager.user_loader(_load)
    return _present_actor


@bp.route("/sign-in", methods=["GET", "POST"], access=PUBLIC)
def sign_in() -> BaseResponse:
    form = SignInForm()
    if request.method == "GET":
        form.next.data = request.args.get("next", "")
    if form.validate_on_submit():
        found = signing_in.sign_in(
            db.session(),
            hasher(),
            signing_in.Credentials(
                form.email.data or "",
                form.password.data or "",
                network_of(request.remote_addr),
                device(request.user_agent.string),
            ),
            at=clock.now(),
        )
        if found is not None:
            row, secret = found
            if actor().signed_in:  # the cookie that named the session before is lost now
                signing_in.sign_out(db.session(), actor=actor(), at=clock.now())
            cookie.clear()
            login_user(CookieUser(row.id, secret))
            return redirect(_own_address(form.next.data) or url_for("front.start"), code=303)
        form.password.errors = [_("The mail address and the password do not match.")]
    return page("accounts/sign_in.html", form=form)


@bp.post("/sign-out", access=PUBLIC)
def sign_out() -> BaseResponse:
    if actor().signed_in:
        signing_in.sign_out(db.session(), actor=actor(), at=clock.now())
    logout_user()
    cookie.clear()
    response = redirect(url_for("front.start"), code=303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/forgot", methods=["GET", "POST"], access=PUBLIC)
def forgot() -> BaseResponse:
    form = AddressForm()
    if form.validate_on_submit():
        signing_in.ask_reset(
            db.session(), email=form.email.data or "", network=network_of(request.remote_addr), at=clock.now()
        )
        return redirect(url_for("accounts.link_sent"), code=303)
    return page("accounts/forgot.html", form=form)


@bp.get("/link-sent", access=PUBLIC)
def link_sent() -> Response:
    return page("accounts/link_sent.html")


@bp.route("/first-password/<token>", methods=["GET", "POST"], access=PUBLIC)
def first_password(token: str) -> BaseResponse:
    return _password_by_link("first-password", token)


@bp.route("/reset/<token>", methods=["GET", "POST"], access=PUBLIC)
def reset(token: str) -> BaseResponse:
    return _password_by_link("reset-password", token)


@bp.route("/password", methods=["GET", "POST"], access=SIGNED_IN)
def password() -> BaseResponse:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        signing_in.change_password(
            db.session(),
            hasher(),
            old=form.old.data or "",
            password=form.password.data or "",
            actor=actor(),
            at=clock.now(),
        )
        flash(_("Your password is changed. Other browsers were signed out."))
        return redirect(url_for("accounts.sessions"), code=303)
    return page("accounts/password.html", form=form)


@bp.get("/sessions", access=SIGNED_IN)
def sessions() -> Response:
    rows = queries.sessions_of(db.session(), _own_id(), at=clock.now())
    return page("accounts/sessions.html", sessions=rows, present=actor().session_id)


@bp.post("/sessions/<uuid:session_id>/revoke", access=SIGNED_IN)
def revoke(session_id: uuid.UUID) -> BaseResponse:
    signing_in.revoke(db.session(), session_id, actor=actor(), at=clock.now())
    flash(_("That browser is signed out."))
    return redirect(url_for("accounts.sessions"), code=303)


@bp.post("/sessions/revoke-others", access=SIGNED_IN)
def revoke_others() -> BaseResponse:
    signing_in.revoke_others(db.session(), actor=actor(), at=clock.now())
    flash(_("All other browsers are signed out."))
    return redirect(url_for("accounts.sessions"), code=303)


def hasher() -> Hasher:
    """Return the application's password hasher."""
    found: Hasher = current_app.extensions["unionapp_hasher"]
    return found


def device(user_agent: str) -> str:
    """Return a coarse name of a browser, enough to know one's own again."""
    browser = next((name for name in BROWSERS if name in user_agent), "?")
    system = next((name for name in SYSTEMS if name in user_agent), "?")
    return f"{'Edge' if browser == 'Edg' else browser} · {system}"


def _own_id() -> uuid.UUID:
    member_id = actor().member_id
    if member_id is None:
        raise ForbiddenError
    return member_id


def _password_by_link(purpose: str, token: str) -> BaseResponse:
    form = PasswordForm()
    if form.validate_on_submit():
        signing_in.set_password_by_link(
            db.session(),
            hasher(),
            purpose=purpose,
            token=token,
            password=form.password.data or "",
            at=clock.now(),
        )
        flash(_("Your password is set. Please sign in with it."))
        return redirect(url_for("accounts.sign_in"), code=303)
    signing_in.member_of_link(db.session(), purpose, token)
    return page("accounts/new_password.html", form=form, first=purpose == "first-password")


def _load(cookie_value: str) -> CookieUser | None:
    raw_id, _dot, secret = cookie_value.partition(".")
    try:
        session_id = uuid.UUID(raw_id)
    except ValueError:
        return None
    now = clock.now()
    row = queries.live_session(db.session(), session_id, secret, at=now)
    found = members.actor_for(db.session(), row.member_id) if row else None
    if row is None or found is None:
        return None
    if now - row.last_seen_at > TOUCH:  # otherwise every page would wait for its turn to write
        record_anyway(lambda own: signing_in.touch(own, session_id, at=now))
    present = Actor(found.member_id, found.permissions, found.name, found.language, row.id)
    return CookieUser(session_id, secret, present)


def _present_actor() -> Actor:
    user = _get_user()
    return user.actor if isinstance(user, CookieUser) else ANONYMOUS


def _own_address(target: str | None) -> str | None:
    """Return ``target`` if it is a path on this site: a sign-in never sends people elsewhere."""
    parts = urlsplit(target or "")
    plain = target and target.startswith("/") and not target.startswith("//") and "\\" not in target
    return target if plain and not parts.scheme and not parts.netloc else None
