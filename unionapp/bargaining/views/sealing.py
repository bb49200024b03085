"""Sealing a version, and the sealed text for every member."""

import json
import uuid

from flask import Response, flash, make_response, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from unionapp.bargaining import operations, queries
from unionapp.bargaining.access import READERS, may_draft
from unionapp.bargaining.models import SealedText
from unionapp.bargaining.views.blueprint import bp, draft_of, identifier
from unionapp.bargaining.views.outline import sealed_sheets, to_do
from unionapp.kernel import clock, db
from unionapp.kernel.bilingual import LANGUAGES
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.i18n import _
from unionapp.kernel.web import actor, page
from unionapp.membership import queries as members


@bp.route("/<uuid:agreement_id>/seal", methods=["GET", "POST"], access=READERS)
def seal(agreement_id: uuid.UUID) -> BaseResponse:
    agreement, version = draft_of(agreement_id)
    if request.method == "POST":
        base = identifier(request.form.get("base"))
        sealed = operations.seal(db.session(), agreement, base, actor=actor(), at=clock.now())
        flash(_("The text is sealed. Every member can read it at this address."))
        return redirect(url_for("bargaining.sealed", sealed_id=sealed.id), code=303)
    found = queries.obstacles(db.session(), version.document)
    return page(
        "bargaining/seal.html",
        agreement=agreement,
        version=version,
        obstacles=found,
        to_do=to_do(version.document, found),
        empty=found.empty,
    )


@bp.get("/sealed/<uuid:sealed_id>", access=READERS)
def sealed(sealed_id: uuid.UUID) -> Response:
    text = queries.sealed_text_for(db.session(), actor(), sealed_id)
    content = json.loads(text.content)
    return page(
        "bargaining/sealed.html",
        text=text,
        content=content,
        sheets=sealed_sheets(content),
        sealer=members.member_name(db.session(), text.sealed_by) if text.sealed_by else None,
        names=file_names(text),
        drafter=may_draft(actor()),
    )


@bp.get("/sealed/<uuid:sealed_id>/text.json", access=READERS)
def sealed_json(sealed_id: uuid.UUID) -> Response:
    text = queries.sealed_text_for(db.session(), actor(), sealed_id)
    return _download(text.content, "application/json", file_names(text)["json"])


@bp.get("/sealed/<uuid:sealed_id>/<language>.txt", access=READERS)
def sealed_plain(sealed_id: uuid.UUID, language: str) -> Response:
    text = queries.sealed_text_for(db.session(), actor(), sealed_id)
    if language not in LANGUAGES:
        raise NotFoundError
    plain = queries.plain_text(json.loads(text.content), language)
    return _download(plain, "text/plain", file_names(text)[language])


def file_names(text: SealedText) -> dict[str, str]:
    """Return the names of the downloads; the beginning of the hash tells texts apart."""
    stem = f"agreement-{text.sha256[:12]}"
    return {"json": f"{stem}.json", "ja": f"{stem}-ja.txt", "en": f"{stem}-en.txt"}


def _download(content: str, kind: str, name: str) -> Response:
    response = make_response(content.encode("utf-8"))
    response.headers["Content-Type"] = f"{kind}; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
