"""Who may do what with the roll; the one table from offices to rights."""

import uuid
from collections.abc import Iterable, Mapping

from unionapp.kernel.access import Actor, Permission
from unionapp.membership.models import MEMBER_MOVES, Member, MemberStatus, Office

# No office of the server may read reports: those are sealed to the case workers' own keys.
OFFICES: Mapping[Office, frozenset[Permission]] = {
    Office.MEMBER: frozenset({Permission.AGREEMENT_READ, Permission.BALLOT_VOTE}),
    Office.MEMBERSHIP_OFFICER: frozenset(
        {
            Permission.MEMBER_APPROVE,
            Permission.MEMBER_IMPORT,
            Permission.MEMBER_READ,
            Permission.OFFICE_GRANT,
        }
    ),
    Office.ORGANISER: frozenset({Permission.MEMBER_READ}),
    Office.CASE_WORKER: frozenset({Permission.CASE_WORK}),
    Office.NEGOTIATOR: frozenset({Permission.AGREEMENT_DRAFT, Permission.AGREEMENT_READ}),
    Office.ELECTION_COMMITTEE: frozenset({Permission.BALLOT_MANAGE}),
    Office.TRUSTEE: frozenset({Permission.BALLOT_DECRYPT}),
    Office.SERVER_OFFICER: frozenset({Permission.AUDIT_READ, Permission.SERVER_READ}),
}


def permissions_of(offices: Iterable[Office]) -> frozenset[Permission]:
    """Return the rights that these offices carry together."""
    return frozenset().union(*(OFFICES[office] for office in offices))


def may_list_members(actor: Actor) -> bool:
    """Tell whether the actor may see the roll."""
    return actor.may(Permission.MEMBER_READ)


def may_read(actor: Actor, member_id: uuid.UUID) -> bool:
    """Tell whether the actor may see this member's record: everybody their own."""
    return actor.member_id == member_id or may_list_members(actor)


def may_change_own(actor: Actor, member: Member) -> bool:
    """Tell whether the actor may change these personal facts: only the person themselves."""
    return actor.member_id == member.id


def may_decide(actor: Actor) -> bool:
    """Tell whether the actor may see applications and admit or refuse."""
    return actor.may(Permission.MEMBER_APPROVE)


def may_import(actor: Actor) -> bool:
    """Tell whether the actor may bring in a roll and take it back."""
    return actor.may(Permission.MEMBER_IMPORT)


def may_move(actor: Actor, member: Member, status: MemberStatus) -> bool:
    """Tell whether the actor may bring a member into ``status``; nobody decides on themselves."""
    right = MEMBER_MOVES.get((member.status, status))
    return right is not None and actor.may(right) and actor.member_id != member.id


def may_grant(actor: Actor, member_id: uuid.UUID) -> bool:
    """Tell whether the actor may give this member an office; nobody gives one to themselves."""
    return actor.may(Permission.OFFICE_GRANT) and actor.member_id != member_id


def may_withdraw_office(actor: Actor, member_id: uuid.UUID) -> bool:
    """Tell whether the actor may end this member's office; everybody may lay down their own."""
    return actor.may(Permission.OFFICE_GRANT) or actor.member_id == member_id
