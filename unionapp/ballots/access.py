"""Who may do what with an election."""

from unionapp.ballots.models import MOVES, PUBLISHED, Election, ElectionState, Trustee
from unionapp.kernel.access import Actor, Permission

# Before these an election is the committee's and the trustees' affair.
BEFORE_OPEN = frozenset({ElectionState.DRAFT, ElectionState.KEYS, ElectionState.OPENING})


def may_manage(actor: Actor) -> bool:
    """Tell whether the actor prepares and conducts elections."""
    return actor.may(Permission.BALLOT_MANAGE)


def trustee_of(actor: Actor, election: Election) -> Trustee | None:
    """Return the actor's part as a trustee named for this election; None for everybody else."""
    if not actor.may(Permission.BALLOT_DECRYPT):
        return None
    return next((each for each in election.trustees if each.member_id == actor.member_id), None)


def may_see(actor: Actor, election: Election) -> bool:
    """Tell whether the actor may know of an election: once it was open, everybody who has its address."""
    hidden = election.state in BEFORE_OPEN or election.opened_at is None
    return (
        not hidden
        or may_manage(actor)
        or (election.state is not ElectionState.DRAFT and trustee_of(actor, election) is not None)
    )


def may_read_box(actor: Actor, election: Election) -> bool:
    """Tell whether the actor may read all trackers and the archive: members after the close, then all."""
    if election.state is ElectionState.FINISHED:
        return True
    inside = (Permission.BALLOT_VOTE, Permission.BALLOT_MANAGE, Permission.BALLOT_DECRYPT)
    return election.state in PUBLISHED and actor.may(*inside)


def may_move(actor: Actor, election: Election, to: ElectionState) -> bool:
    """Tell whether the actor may bring an election into a state; only the program makes its own moves."""
    right = MOVES.get((election.state, to))
    return right is not None and actor.may(right)
