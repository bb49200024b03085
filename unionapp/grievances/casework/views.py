"""Addresses of casework: pages without contents, and the ciphertext their scripts ask for."""

import base64
import secrets
import uuid
from typing import Any

from flask import Response, current_app, jsonify, redirect, send_from_directory, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.config import Settings
from unionapp.crypto.case_format import FEWEST_HANDLERS
from unionapp.grievances.casework import forms, operations, queries
from unionapp.grievances.casework import jobs as _jobs  # noqa: F401  # registers the digest
from unionapp.grievances.intake.forms import category_names
from unionapp.grievances.intake.models import CASE_MOVES, Case, CaseState, CaseWrap, SealedMessage
from unionapp.grievances.intake.queries import readers
from unionapp.kernel import clock
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.db import session
from unionapp.kernel.errors import InvalidInputError, NotFoundError
from unionapp.kernel.i18n import _, format_date, lazy
from unionapp.kernel.web import Blueprint, NavigationEntry, actor, page

bp = Blueprint("casework", __name__, url_prefix="/cases")

CASE_WORKERS = holders_of(Permission.CASE_WORK)
NAVIGATION: tuple[NavigationEntry, ...] = (
    NavigationEntry(
        lazy("Cases"),
        "casework.inbox",
        CASE_WORKERS,
        lazy("Sealed reports that your key opens, and your answers."),
    ),
)


@bp.get("", access=CASE_WORKERS)
def inbox() -> Response:
    key = queries.key_of(session(), actor())
    return page("casework/inbox.html", key=key, rows=queries.inbox_for(session(), actor()), **_for_script())


@bp.post("/labels.json", access=CASE_WORKERS)
def labels() -> Response:
    rows = queries.inbox_for(session(), actor())
    return jsonify([_case_json(row.case, row.wrap) | {"messages": [_message(row.label)]} for row in rows])


@bp.route("/key", methods=["GET", "POST"], access=CASE_WORKERS)
def key() -> BaseResponse:
    form = forms.KeyForm()
    if not form.validate_on_submit():
        facts = {
            "form": form,
            "key": queries.key_of(session(), actor()),
            "handler": secrets.token_urlsafe(15),
            "last_but_one": len(readers(session())) <= FEWEST_HANDLERS,
        }
        return page("casework/key.html", **facts, **_for_script())
    operations.publish_handler_key(
        session(),
        form.bundle.data or "",
        public_name=form.public_name.data or "",
        actor=actor(),
        at=clock.now(),
    )
    return redirect(url_for("casework.key"), code=303)


@bp.post("/key/revoke", access=CASE_WORKERS)
def revoke() -> BaseResponse:
    own = queries.key_of(session(), actor())
    if own is None:
        raise NotFoundError
    operations.revoke_handler_key(session(), own, actor=actor(), at=clock.now())
    return redirect(url_for("casework.key"), code=303)


@bp.get("/<uuid:case_id>", access=CASE_WORKERS)
def show(case_id: uuid.UUID) -> Response:
    case = queries.case_for(session(), actor(), case_id)
    return page("casework/show.html", case=case, key=queries.key_of(session(), actor()), **_for_script())


@bp.post("/<uuid:case_id>/sealed.json", access=CASE_WORKERS)
def sealed(case_id: uuid.UUID) -> Response:
    case = queries.case_for(session(), actor(), case_id, locked=True)
    wrap = operations.open_case(session(), case, actor=actor(), at=clock.now())
    handlers = queries.handlers_of(session(), case)
    messages = [
        _message(each)
        | {
            "author": handlers[each.role].public_name if each.role in handlers else "",
            "verify_key": _encode(handlers[each.role].verify_key) if each.role in handlers else None,
        }
        for each in case.messages
    ]
    return jsonify(
        _case_json(case, wrap)
        | {
            "messages": messages,
            "state": case.state.value,
            "sealed_by": case.sealed_by.value,
            "moves": [after.value for before, after in CASE_MOVES if before is case.state],
            "others": [
                {"handler": each.handler, "name": each.public_name, "hpke": _encode(each.public_key)}
                for each in queries.others_for(session(), case)
            ],
        }
    )


@bp.post("/<uuid:case_id>/files/<file_id>", access=CASE_WORKERS)
def file(case_id: uuid.UUID, file_id: str) -> Response:
    case = queries.case_for(session(), actor(), case_id, locked=True)
    found = operations.take_file(session(), case, file_id, actor=actor(), at=clock.now())
    settings: Settings = current_app.extensions["unionapp_settings"]
    return send_from_directory(
        settings.attachments_dir, found.id.hex, mimetype="application/octet-stream", max_age=0, etag=False
    )


@bp.post("/<uuid:case_id>/messages", access=CASE_WORKERS)
def answer(case_id: uuid.UUID) -> Response:
    form = forms.AnswerForm()
    case = queries.case_for(session(), actor(), case_id, locked=True)
    if not form.validate():
        raise InvalidInputError
    said = operations.Answer(form.seq.data or 0, form.sealed.data, form.signature.data)  # type: ignore[arg-type]  # validated: bytes
    operations.answer(session(), case, said, actor=actor(), at=clock.now())
    return jsonify({"stored": said.seq})


@bp.post("/<uuid:case_id>/state", access=CASE_WORKERS)
def move(case_id: uuid.UUID) -> Response:
    form = forms.MoveForm()
    case = queries.case_for(session(), actor(), case_id, locked=True)
    if not form.validate():
        raise InvalidInputError
    operations.move(session(), case, CaseState(form.state.data), actor=actor(), at=clock.now())
    return jsonify({"state": case.state.value})


@bp.post("/<uuid:case_id>/readers", access=CASE_WORKERS)
def share(case_id: uuid.UUID) -> Response:
    form = forms.ShareForm()
    case = queries.case_for(session(), actor(), case_id, locked=True)
    if not form.validate():
        raise InvalidInputError
    wrapped: Any = form.sealed.data
    operations.share(session(), case, form.handler.data or "", wrapped, actor=actor(), at=clock.now())
    return jsonify({"shared": form.handler.data})


def _case_json(case: Case, wrap: CaseWrap) -> dict[str, Any]:
    return {
        "case": case.sealed_id,
        "key_version": case.key_version,
        "commitment": _encode(case.commitment),
        "wrap": {"recipient": wrap.recipient, "sealed": _encode(wrap.sealed)},
    }


def _message(message: SealedMessage) -> dict[str, Any]:
    return {
        "seq": message.seq,
        "role": message.role,
        "sealed": _encode(message.sealed),
        "signature": None if message.signature is None else _encode(message.signature),
        "day": format_date(message.written_on),
    }


def _encode(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _for_script() -> dict[str, Any]:
    return {"states": _states(), "said": {**_said(), "states": _states(), "categories": category_names()}}


def _states() -> dict[str, str]:
    return {
        CaseState.NEW.value: _("New"),
        CaseState.ACKNOWLEDGED.value: _("Acknowledged"),
        CaseState.IN_WORK.value: _("In work"),
        CaseState.CLOSED.value: _("Closed"),
    }


def _said() -> dict[str, Any]:
    """Return the sentences that scripts say, in the reader's language."""
    return {
        "working": _("Computing the key from the passphrase: %(percent)s %%", percent="{percent}"),
        "locked": _("This passphrase does not open your key."),
        "empty": _("Please type your passphrase."),
        "short": _("Please use at least 16 characters: four or five words that do not belong together."),
        "unequal": _("The two passphrases differ."),
        "reporter": _("Reporter"),
        "broken": _("This message was changed after it was sealed. It is not shown."),
        "unopened": _("This case was not sealed to your key, or its key was exchanged. Tell the others."),
        "save": _("Decrypt and save %(name)s", name="{name}"),
        "fileBroken": _("This file was changed or lost since it was sealed. It cannot be opened."),
        "failed": _("That did not work. What you typed is still here; please try again."),
        "meanwhile": _("Somebody wrote in this case in the meantime. Please read it, then send again."),
        "gone": _("This case is here no more: its reporter deleted it, or your key no longer opens it."),
        "signedOut": _(
            "You were signed out, or this page was open too long. "
            "Copy what you typed, then load the page again."
        ),
        "nothing": _("Please write something first."),
        "sent": _("Your answer is sealed and sent."),
        "moveTo": {
            "acknowledged": _("Acknowledge"),
            "in_work": _("Take into work"),
            "closed": _("Close the case"),
        },
        "shareWith": _("Let %(name)s read this case", name="{name}"),
        "shared": _("Done. They can read this case now."),
        "noCategory": _("cannot be opened"),
        "language": {"ja": _("Answer in Japanese"), "en": _("Answer in English")},
    }
