"""Who may do what with agreements. The working line does not exist for those who may not draft."""

from unionapp.bargaining.models import LineKind
from unionapp.kernel.access import Actor, Permission, holders_of

READERS = holders_of(Permission.AGREEMENT_DRAFT, Permission.AGREEMENT_READ)
DRAFTERS = holders_of(Permission.AGREEMENT_DRAFT)

PASSED = frozenset({LineKind.UNION_TABLED, LineKind.EMPLOYER_TABLED, LineKind.TENTATIVE, LineKind.EXECUTED})
"""Lines whose texts have left the union's own room."""


def may_draft(actor: Actor) -> bool:
    """Tell whether the actor may see and write the working line."""
    return actor.may(Permission.AGREEMENT_DRAFT)


def may_read_sealed(actor: Actor) -> bool:
    """Tell whether the actor may read what was sealed."""
    return actor.may(Permission.AGREEMENT_READ, Permission.AGREEMENT_DRAFT)


def may_see_line(actor: Actor, kind: LineKind) -> bool:
    """Tell whether the actor may know of a line."""
    return may_draft(actor) or (kind in PASSED and may_read_sealed(actor))
