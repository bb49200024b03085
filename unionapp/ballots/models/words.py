"""What states, answers and rules are called on pages."""

from collections.abc import Mapping
from typing import Any, Final

from unionapp.ballots.models.elections import ElectionState, Group
from unionapp.kernel.i18n import lazy

STATE_NAMES: Final[Mapping[ElectionState, Any]] = {
    ElectionState.DRAFT: lazy("Draft"),
    ElectionState.KEYS: lazy("Waiting for the trustees' keys"),
    ElectionState.OPENING: lazy("About to open"),
    ElectionState.OPEN: lazy("Open for voting"),
    ElectionState.CLOSED: lazy("Closed, adding up"),
    ElectionState.DECRYPTING: lazy("Closed, trustees decrypting"),
    ElectionState.CHECKING: lazy("Checking the result"),
    ElectionState.FINISHED: lazy("Finished"),
    ElectionState.CANCELLED: lazy("Cancelled"),
}

# The pencil each state is drawn in.
STATE_PENCILS: Final[Mapping[ElectionState, str]] = {
    ElectionState.OPEN: "blue",
    ElectionState.FINISHED: "green",
    ElectionState.CANCELLED: "red",
}

GROUP_NAMES: Final[Mapping[Group, Any]] = {
    Group.ED25519: lazy("Ed25519 (recommended)"),
    Group.BELENIOS_2048: lazy("BELENIOS-2048 (for belenios-tool of Debian 12)"),
}

RULE_NAMES: Final[Mapping[str, Any]] = {
    "more_yes_than_no": lazy("More yes than no: blank votes are not counted"),
    "majority_of_cast": lazy("Yes from more than half of all votes cast, blank ones included"),
}
