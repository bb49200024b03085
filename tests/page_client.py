"""A test client that reads every page it gets as a careful reader would."""

import contextvars
import re

import html5lib
from flask.testing import FlaskClient
from lxml import etree

from unionapp.kernel.web import MEMBERS_POLICY, REPORTING_POLICY

XHTML = "{http://www.w3.org/1999/xhtml}"
SERVER_ERROR = 500


class PageClient(FlaskClient):
    """Checks HTML answers: strict HTML5, one h1, title, lang, ids, labels, CSP, nothing inline."""

    def __init__(self, app):
        super().__init__(app, app.response_class)
        self._app = app
        self._loader = app.extensions["unionapp_load_actor"]

    def act_as(self, actor):
        """Answer the next requests as ``actor``; ANONYMOUS restores the real sign-in."""
        signed_in = getattr(actor, "member_id", None) is not None
        self._app.extensions["unionapp_load_actor"] = (lambda: actor) if signed_in else self._loader

    def open(self, *args, **kwargs):
        # A context of its own: inside a test's application context Flask would reuse that one, and its g.
        response = contextvars.Context().run(super().open, *args, **kwargs)
        if response.mimetype == "text/html" and response.status_code not in range(300, 400) and response.data:
            check_page(response)
        return response

    def page(self, url, **kwargs):
        """GET a page that must exist and return its text without tags."""
        response = self.get(url, **kwargs)
        assert response.status_code == 200, f"{url}: {response.status_code}"
        return visible_text(response.text)


def parse(html):
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("lxml"), strict=False)
    tree = parser.parse(html)
    faults = [f"{position}: {code} {facts}" for position, code, facts in parser.errors]
    assert not faults, "\n".join(faults[:5])
    return tree


def visible_text(html):
    text = " ".join(parse(html).getroot().itertext())
    return re.sub(r"\s+", " ", text)


def check_page(response):
    tree = parse(response.text)
    root = tree.getroot()
    assert root.get("lang") in {"ja", "en"}
    assert response.headers["Content-Security-Policy"] in {MEMBERS_POLICY, REPORTING_POLICY}
    headings = root.findall(f".//{XHTML}h1")
    assert len(headings) == 1, f"{len(headings)} h1"
    title = root.find(f".//{XHTML}title")
    assert title is not None
    assert (title.text or "").strip()
    ids = [element.get("id") for element in root.iter() if isinstance(element.tag, str) and element.get("id")]
    assert len(ids) == len(set(ids)), f"doubled ids: {sorted({i for i in ids if ids.count(i) > 1})}"
    _check_fields(root)
    _check_no_inline(root)


def _check_fields(root):
    labelled = {label.get("for") for label in root.iter(f"{XHTML}label")}
    for field in [e for name in ("input", "select", "textarea") for e in root.iter(f"{XHTML}{name}")]:
        if field.get("type") in {"hidden", "submit", "button"}:
            continue
        inside = any(parent.tag == f"{XHTML}label" for parent in field.iterancestors())
        named = (
            field.get("id") in labelled or inside or field.get("aria-label") or field.get("aria-labelledby")
        )
        assert named, f"a field without a label: {etree.tostring(field)[:200]}"


def _check_no_inline(root):
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.get("style") is None, f"inline style on {element.tag}"
        handlers = [name for name in element.keys() if name.lower().startswith("on")]  # noqa: SIM118
        assert not handlers, f"inline script {handlers} on {element.tag}"
        if element.tag == f"{XHTML}script":
            assert element.get("src"), "inline script"
        assert element.tag != f"{XHTML}style", "inline style element"
