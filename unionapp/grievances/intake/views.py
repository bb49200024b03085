"""Addresses of the reporting site. Nothing secret stands in an address; no answer carries a cookie."""

import time
from functools import cached_property
from pathlib import Path
from typing import IO, Any, cast
from urllib.parse import quote

import flask
from flask import current_app, request
from flask.blueprints import BlueprintSetupState

from unionapp.config import Settings
from unionapp.crypto import receipt
from unionapp.crypto.case_format import FEWEST_HANDLERS
from unionapp.grievances.intake import forms, operations, queries
from unionapp.grievances.intake.access import WrongWords
from unionapp.grievances.intake.box import MOST_BYTES_A_FILE, MOST_FILES, Uploads
from unionapp.grievances.intake.queries import Mailbox
from unionapp.kernel import clock
from unionapp.kernel.access import PUBLIC
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.db import session
from unionapp.kernel.errors import TooManyError
from unionapp.kernel.forms import showable
from unionapp.kernel.web import Blueprint, page

bp = Blueprint("intake", __name__)

WRONG_WORDS = "unionapp_wrong_words"


class SealingRequest(flask.Request):
    """A request whose uploads are sealed while they arrive. Werkzeug itself would keep them in clear."""

    @cached_property
    def uploads(self) -> Uploads:
        """The files of this request."""
        return Uploads(attachments_dir())

    def _get_file_stream(
        self,
        total_content_length: int | None,  # noqa: ARG002  # the library's signature
        content_type: str | None,  # noqa: ARG002
        filename: str | None = None,  # noqa: ARG002
        content_length: int | None = None,  # noqa: ARG002
    ) -> IO[bytes]:
        return self.uploads.open()  # type: ignore[return-value]  # of IO it has what the parser calls


class CookielessResponse(flask.Response):
    """An answer that cannot carry a cookie, whoever asks for one. The language travels in addresses."""

    def set_cookie(self, *_args: Any, **_kwargs: Any) -> None:
        """Do nothing."""


@bp.record_once
def make_anonymous(state: BlueprintSetupState) -> None:
    """Give the application its sealing requests and its answers without cookies."""
    app = cast("flask.Flask", state.app)
    app.request_class = SealingRequest
    app.response_class = CookielessResponse
    app.extensions[WRONG_WORDS] = WrongWords()


@bp.app_url_defaults
def keep_language(endpoint: str, values: dict[str, Any]) -> None:
    """Carry the chosen language from page to page, where a cookie would."""
    if endpoint != "static" and request.args.get("lang") in LANGUAGES:
        values.setdefault("lang", request.args["lang"])


@bp.teardown_app_request
def discard_unclaimed(_error: BaseException | None) -> None:
    """Remove the uploads that no case has claimed."""
    if "uploads" in vars(request):
        uploads().discard()


def uploads() -> Uploads:
    """Return the present request's files."""
    found: Uploads = request.uploads  # type: ignore[attr-defined]  # SealingRequest stands behind the proxy
    return found


def attachments_dir() -> Path:
    """Return where sealed files lie."""
    settings: Settings = current_app.extensions["unionapp_settings"]
    return settings.attachments_dir


@bp.get("/", access=PUBLIC)
def start() -> flask.Response:
    return page("intake/start.html", readers=queries.readers(session()), fewest=FEWEST_HANDLERS)


@bp.route("/report", methods=["GET", "POST"], access=PUBLIC)
def report() -> flask.Response:
    readers = queries.readers(session())
    if len(readers) < FEWEST_HANDLERS:
        return page("intake/unavailable.html")
    form = forms.ReportForm()
    form.offer(readers)
    if not form.validate_on_submit():
        form.prepare()
        return page("intake/report.html", form=form, readers=readers, **_limits())
    seed = forms.read_seed(form.receipt_seed.data) or b""
    entropy = operations.entropy_of(seed)
    operations.receive(session(), form.report(), uploads(), entropy=entropy, at=clock.now())
    return page("intake/words.html", words=_in_both(entropy), language_links=list)


@bp.route("/mailbox", methods=["GET", "POST"], access=PUBLIC)
def mailbox() -> flask.Response:
    form = forms.WordsForm()
    if not form.validate_on_submit():
        return _closed(form)
    box = _opened(form)
    return _mailbox_page(box, form) if box else _closed(form)


@bp.post("/mailbox/message", access=PUBLIC)
def write() -> flask.Response:
    form = forms.MessageForm()
    valid = form.validate()
    box = _opened(form, locked=True) if form.entropy else None
    if box is None:
        return _closed(form)
    if valid:
        operations.write_again(session(), box, form.text.data or "", form.sent, uploads(), at=clock.now())
        form.text.data = ""
    return _mailbox_page(box, form, done="written" if valid else "")


@bp.post("/mailbox/file", access=PUBLIC)
def download() -> flask.Response:
    form = forms.FileForm()
    box = _opened(form) if form.validate() else None
    if box is None:
        return _closed(form)
    about, content = queries.file_of(session(), box, form.file.data or "", attachments_dir())
    answer = current_app.response_class(content(), mimetype="application/octet-stream")
    name = quote(about.name.replace("/", "_"), safe="")  # RFC 8187: headers are ASCII
    answer.headers["Content-Disposition"] = f"attachment; filename=file; filename*=UTF-8''{name}"
    answer.content_length = about.size
    return answer


@bp.post("/mailbox/delete", access=PUBLIC)
def delete() -> flask.Response:
    form = forms.DeleteForm()
    case = queries.case_of(session(), form.entropy, locked=True) if form.validate() else None
    if case is None:
        if form.entropy:
            _refuse(form)
        return _closed(form)
    if form.confirmed.data != "yes":
        return page("intake/delete.html", words=form.words.data, language_links=list)
    operations.delete(session(), case, attachments_dir())
    answer = page("intake/deleted.html", language_links=list)
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'  # "cookies" would reach the members' site too
    return answer


@bp.app_errorhandler(queries.BrokenCaseError)
def broken(error: queries.BrokenCaseError) -> flask.Response:
    """Say that the right words open nothing any more, and offer what is left: to delete the case."""
    words = showable(request.form.get("words", ""))
    answer = page("intake/broken.html", message=str(error), words=words, language_links=list)
    answer.status_code = error.status
    return answer


def _opened(form: forms.WordsForm, *, locked: bool = False) -> Mailbox | None:
    box = queries.mailbox(session(), form.entropy, locked=locked)
    if box is None:
        _refuse(form)
    return box


def _refuse(form: forms.WordsForm) -> None:
    """Say that the words open nothing, and count the try."""
    form.refuse()
    wrong: WrongWords = current_app.extensions[WRONG_WORDS]
    if wrong.too_many(receipt.derive(form.entropy).stored_lookup, time.monotonic()):
        raise TooManyError(60)


def _closed(form: forms.WordsForm) -> flask.Response:
    shown = forms.WordsForm(formdata=None)
    shown.words.data, shown.words.errors = form.words.data, form.words.errors
    typed = form.text.data if isinstance(form, forms.MessageForm) else None
    return page("intake/mailbox_closed.html", form=shown, typed=typed)


def _mailbox_page(box: Mailbox, form: forms.WordsForm, *, done: str = "") -> flask.Response:
    answer = form if isinstance(form, forms.MessageForm) else forms.MessageForm(formdata=None)
    return page(
        "intake/mailbox.html",
        form=answer,
        case=box.case,
        thread=queries.thread(session(), box),
        category_names=forms.category_names(),
        words=form.words.data,
        done=done,
        language_links=list,
        **_limits(),
    )


def _limits() -> dict[str, int]:
    return {"most_files": MOST_FILES, "most_bytes": MOST_BYTES_A_FILE}


def _in_both(entropy: bytes) -> dict[str, tuple[str, ...]]:
    return {
        "ja": receipt.words(entropy, receipt.Language.JAPANESE),
        "en": receipt.words(entropy, receipt.Language.ENGLISH),
    }
