"""Who may work on which case."""

from collections.abc import Collection

from unionapp.grievances.intake.models import CASE_MOVES, CaseState, HandlerKey
from unionapp.kernel.access import Actor, Permission


def may_work(actor: Actor) -> bool:
    """Tell whether the actor is a case worker at all."""
    return actor.may(Permission.CASE_WORK)


def may_open(actor: Actor, key: HandlerKey | None, recipients: Collection[str]) -> bool:
    """Tell whether a case sealed to these recipients is open to the actor, whose present key is ``key``."""
    return (
        may_work(actor)
        and key is not None
        and key.member_id == actor.member_id
        and key.revoked_on is None
        and key.handler in recipients
    )


def may_move(actor: Actor, before: CaseState, after: CaseState) -> bool:
    """Tell whether the actor may bring a case from one state into the other."""
    right = CASE_MOVES.get((before, after))
    return right is not None and actor.may(right)
