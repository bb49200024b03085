"""The blueprint, and what every page of an agreement begins with."""

import uuid
from typing import Any

from unionapp.bargaining import queries
from unionapp.bargaining.access import READERS
from unionapp.bargaining.models import Agreement
from unionapp.kernel import db
from unionapp.kernel.access import Permission, holders_of
from unionapp.kernel.errors import NotFoundError
from unionapp.kernel.i18n import lazy
from unionapp.kernel.web import Blueprint, NavigationEntry, actor

bp = Blueprint("bargaining", __name__, url_prefix="/bargaining")

NAVIGATION = (
    NavigationEntry(
        lazy("Bargaining"),
        "bargaining.agreements",
        holders_of(Permission.AGREEMENT_READ, Permission.AGREEMENT_DRAFT),
        lazy("Agreements: drafts, versions, texts for ratification."),
    ),
)

__all__ = ["NAVIGATION", "READERS", "bp", "draft_of", "identifier"]


def draft_of(agreement_id: uuid.UUID) -> tuple[Agreement, queries.Version]:
    """Return an agreement and its newest working version. Raises NotFoundError for who may not draft."""
    agreement = queries.agreement_for(db.session(), actor(), agreement_id)
    return agreement, queries.draft_for(db.session(), actor(), agreement)


def identifier(value: Any) -> uuid.UUID:
    """Return an id sent in a form or a query. Raises NotFoundError when it is none."""
    try:
        return uuid.UUID(str(value))
    except ValueError:
        raise NotFoundError from None


def optional_identifier(value: Any) -> uuid.UUID | None:
    """Return an id, or None where none was sent. Raises NotFoundError when it is no id."""
    return identifier(value) if value else None
