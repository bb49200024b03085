"""Addresses and pages: blueprints that refuse a route without a rule, the guard, headers, templates."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import flask
from flask import Flask, Response, current_app, g, redirect, render_template, request, url_for
from flask.sansio.scaffold import T_route
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader, StrictUndefined
from werkzeug.wrappers import Response as BaseResponse

from unionapp.config import Settings
from unionapp.kernel import i18n
from unionapp.kernel.access import ANONYMOUS, PUBLIC, Access, Actor
from unionapp.kernel.errors import ForbiddenError, SignedOutError
from unionapp.kernel.unit_of_work import FIRST_ERROR_STATUS

PACKAGE = Path(__file__).parent.parent
UNPROCESSABLE = 422

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types "
)
# The one trusted type of the members' site names the worker that encrypts and verifies ballots.
MEMBERS_POLICY = _POLICY + "unionapp-worker"
REPORTING_POLICY = _POLICY + "'none'"
HEADERS = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

ActorLoader = Callable[[], Actor]


class Blueprint(flask.Blueprint):  # noqa: TID251  # the one place that may
    """A feature's addresses. Each declares who may come in: ``@bp.get("/waiting", access=SIGNED_IN)``."""

    def __init__(self, name: str, import_name: str, **kwargs: Any) -> None:
        super().__init__(name, import_name, **kwargs)
        self.rules: dict[str, Access] = {}

    def route(self, rule: str, **options: Any) -> Callable[[T_route], T_route]:
        if "access" not in options:
            raise TypeError(f"{self.name}: route {rule!r} declares no access")
        return super().route(rule, **options)

    def add_url_rule(  # type: ignore[override]  # the library's signature plus our own keyword
        self,
        rule: str,
        endpoint: str | None = None,
        view_func: Callable[..., Any] | None = None,
        *,
        access: Access | None = None,
        **options: Any,
    ) -> None:
        """Add an address. Raises TypeError when no access rule is given, or another than before."""
        if access is None:
            raise TypeError(f"{self.name}: route {rule!r} declares no access")
        name = endpoint or cast("Any", view_func).__name__
        if self.rules.setdefault(f"{self.name}.{name}", access) != access:
            raise TypeError(f"{self.name}: two addresses of {name} declare different access")
        super().add_url_rule(rule, endpoint, view_func, **options)


@dataclass(frozen=True)
class Software:
    """What runs here, and where its source is offered (GNU AGPL, section 13)."""

    version: str
    source_url: str


@dataclass(frozen=True)
class NavigationEntry:
    """A word in the menu: where it leads, who sees it, and a sentence about it for the start page."""

    label: Any
    endpoint: str
    access: Access
    about: Any = ""


@dataclass(frozen=True)
class NavigationLink:
    """A menu word as the template draws it."""

    label: str
    url: str
    current: bool
    about: str


def init_app(
    app: Flask,
    settings: Settings,
    *,
    blueprints: Sequence[Blueprint],
    navigation: Sequence[NavigationEntry] = (),
    sign_in_endpoint: str | None = None,
    load_actor: ActorLoader = lambda: ANONYMOUS,
) -> None:
    """Register the blueprints with their rules, the guard, the headers and what templates may call."""
    app.extensions["unionapp_settings"] = settings
    rules: dict[str, Access] = {"static": PUBLIC}
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
        rules |= blueprint.rules
    app.extensions["unionapp_access"] = rules
    app.extensions["unionapp_navigation"] = navigation
    app.extensions["unionapp_sign_in"] = sign_in_endpoint
    app.extensions["unionapp_load_actor"] = load_actor
    app.before_request(guard)
    app.after_request(add_headers)
    _prepare_templates(app, settings)


def protect_from_forgery(app: Flask) -> None:
    """Ask for a CSRF token on every unsafe request of the application."""
    CSRFProtect(app)


def guard() -> BaseResponse | None:
    """Refuse the request unless the address's rule admits the actor.

    Who is signed out goes to the sign-in and comes back; what was sent is not dropped on that way but shown.
    """
    if request.endpoint == "static":  # the same for everybody: no question to the database
        return None
    g.actor = current_app.extensions["unionapp_load_actor"]()
    if request.endpoint is None:
        return None
    rule: Access | None = current_app.extensions["unionapp_access"].get(request.endpoint)
    if rule is not None and rule.admits(g.actor):
        return None
    sign_in = current_app.extensions["unionapp_sign_in"]
    if rule is not None and rule.needs_sign_in and sign_in and not g.actor.signed_in:
        if request.method == "POST":
            raise SignedOutError
        where = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for(sign_in, next=where), code=303)
    raise ForbiddenError


def actor() -> Actor:
    """Return who makes the present request; nobody outside of one."""
    return cast("Actor", g.get("actor", ANONYMOUS))


def page(template: str, **facts: Any) -> Response:
    """Render a page; with errors in ``form`` the answer is 422 and keeps what was typed."""
    form = facts.get("form")
    status = UNPROCESSABLE if form is not None and form.errors else 200
    return flask.make_response(render_template(template, **facts), status)


def add_headers(response: Response) -> Response:
    """Add the security headers every answer carries; pages are never stored by caches."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    members = current_app.extensions["unionapp_sign_in"] is not None
    response.headers.setdefault("Content-Security-Policy", MEMBERS_POLICY if members else REPORTING_POLICY)
    settings: Settings = current_app.extensions["unionapp_settings"]
    if settings.secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
    if request.endpoint != "static" or response.status_code >= FIRST_ERROR_STATUS:
        response.headers.setdefault("Cache-Control", "no-store")
    elif "v" not in request.args:  # modules import each other without a version: ask whether they changed
        response.headers["Cache-Control"] = "no-cache"
    return response


def absolute_url(endpoint: str, **values: Any) -> str:
    """Return a full address on the members' site, also outside a request (letters)."""
    settings: Settings = current_app.extensions["unionapp_settings"]
    host = settings.members_url.split("://", 1)[1]
    adapter = current_app.url_map.bind(host, url_scheme=settings.members_url.split("://", 1)[0])
    return adapter.build(endpoint, values, force_external=True)


def static_url(filename: str) -> str:
    """Return the address of an asset; it changes when the file does, so browsers may keep it."""
    versions: dict[str, str] = current_app.extensions.setdefault("unionapp_static_versions", {})
    if filename not in versions or current_app.debug:
        stat = (PACKAGE / "static" / filename).stat()
        versions[filename] = f"{stat.st_mtime_ns:x}"
    return url_for("static", filename=filename, v=versions[filename])


def _prepare_templates(app: Flask, settings: Settings) -> None:
    features = {
        path.parent.name: FileSystemLoader(path)
        for path in sorted(PACKAGE.glob("*/templates"))
        if path.parent != PACKAGE
    }
    nested = {path.parent.name: FileSystemLoader(path) for path in sorted(PACKAGE.glob("*/*/templates"))}
    app.jinja_env.loader = ChoiceLoader(
        [PrefixLoader({**features, **nested}), FileSystemLoader(PACKAGE / "templates")]
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.pop("config", None)
    app.jinja_env.globals.update(
        actor=actor,
        navigation=_navigation,
        language_links=_language_links,
        static_url=static_url,
        absolute_url=absolute_url,
        union_name=lambda: settings.union_name_ja if i18n.locale() == "ja" else settings.union_name_en,
        reporting_url=lambda: settings.reporting_url,
        members_url=lambda: settings.members_url,
        demo=settings.demo,
        software=Software(version("unionapp"), settings.source_url),
    )
    app.context_processor(lambda: {"config": None})


def _navigation() -> list[NavigationLink]:
    entries: Sequence[NavigationEntry] = current_app.extensions["unionapp_navigation"]
    seen = [(entry, url_for(entry.endpoint)) for entry in entries if entry.access.admits(actor())]
    here = _room([url for _entry, url in seen], [entry.endpoint for entry, _url in seen])
    return [NavigationLink(str(entry.label), url, url == here, str(entry.about)) for entry, url in seen]


def _room(urls: Sequence[str], endpoints: Sequence[str]) -> str | None:
    """Return which menu address the page belongs to: the longest it lies under, else its feature's first."""
    under = [url for url in urls if f"{request.path}/".startswith(f"{url.rstrip('/')}/")]
    if under:
        return max(under, key=len)
    feature = (request.endpoint or "").partition(".")[0]
    same = [url for url, endpoint in zip(urls, endpoints, strict=True) if endpoint.startswith(f"{feature}.")]
    return same[0] if same else None


@dataclass(frozen=True)
class LanguageLink:
    """A way to the same page in another language, named in that language."""

    code: str
    name: str
    url: str
    current: bool


def _language_links() -> list[LanguageLink]:
    def address(code: str) -> str:
        # Relative to this page: what stands in a query must never choose where a link leads.
        kept = [] if request.method == "POST" else list(request.args.items(multi=True))
        return "?" + urlencode([*((name, value) for name, value in kept if name != "lang"), ("lang", code)])

    return [
        LanguageLink(code, name, address(code), code == i18n.locale())
        for code, name in i18n.OWN_NAMES.items()
    ]
