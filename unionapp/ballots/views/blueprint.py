"""The blueprint that all pages of ballots hang on, and the words their templates use."""

from typing import Any

from unionapp.ballots import access
from unionapp.ballots.models import ElectionState
from unionapp.ballots.models.words import GROUP_NAMES, RULE_NAMES, STATE_NAMES, STATE_PENCILS
from unionapp.kernel.i18n import locale
from unionapp.kernel.web import Blueprint, actor

bp = Blueprint("ballots", "unionapp.ballots", url_prefix="/ballots")


@bp.context_processor
def _words() -> dict[str, Any]:
    return {
        "State": ElectionState,
        "state_names": {state: str(name) for state, name in STATE_NAMES.items()},
        "state_pencil": lambda state: STATE_PENCILS.get(state, "soft"),
        "rule_names": {code: str(name) for code, name in RULE_NAMES.items()},
        "group_names": {group: str(name) for group, name in GROUP_NAMES.items()},
        "here": lambda text: text.text(locale()),
        "may_manage": lambda: access.may_manage(actor()),
        "own_trusteeship": lambda election: access.trustee_of(actor(), election),
    }
