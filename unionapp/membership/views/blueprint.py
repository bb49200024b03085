"""The blueprint that all pages of membership hang on, and the words their templates use."""

from typing import Any

from unionapp.kernel.i18n import locale
from unionapp.kernel.web import Blueprint
from unionapp.membership.models import words

bp = Blueprint("membership", "unionapp.membership", url_prefix="/membership")


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "office_names": words.OFFICE_NAMES,
        "office_duties": words.OFFICE_DUTIES,
        "status_names": words.STATUS_NAMES,
        "state_names": words.STATE_NAMES,
        "import_names": words.IMPORT_NAMES,
        "field_names": words.FIELD_NAMES,
        "job_names": lambda codes: words.job_names(codes, locale()),
        "employment_name": lambda code: words.employment_name(code, locale()),
    }
