"""Pages that only the demo has: the letters it wrote, and the doors for each role on the start page."""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from flask import Response, current_app

from unionapp.config import Settings
from unionapp.demo.people import PASSWORD, ROLES
from unionapp.kernel.access import PUBLIC
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.web import Blueprint, page
from unionapp.membership.models import Office
from unionapp.membership.models.words import OFFICE_NAMES

bp = Blueprint("demo", __name__, url_prefix="/demo")

SHOWN = 100


@dataclass(frozen=True)
class WrittenLetter:
    """One letter in the demo's folder."""

    name: str
    to: str
    subject: str
    at: datetime
    text: str


@bp.app_context_processor
def doors() -> dict[str, Any]:
    names = [str(OFFICE_NAMES[role.offices[0] if role.offices else Office.MEMBER]) for role in ROLES]
    return {"demo_doors": list(zip(ROLES, names, strict=True)), "demo_password": PASSWORD}


@bp.get("/letters", access=PUBLIC)
def letters() -> Response:
    files = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return page("demo/letters.html", letters=[_read(path) for path in files[:SHOWN]], total=len(files))


@bp.get("/letters/<name>", access=PUBLIC)
def letter(name: str) -> Response:
    for path in _folder().glob("*.eml"):
        if path.stem == name:
            return page("demo/letter.html", letter=_read(path))
    raise NotFoundError


def _folder() -> Path:
    settings: Settings = current_app.extensions["unionapp_settings"]
    return settings.letters_dir


def _read(path: Path) -> WrittenLetter:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return WrittenLetter(
        name=path.stem,
        to=str(message["To"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text="" if body is None else str(body.get_content()),
    )
