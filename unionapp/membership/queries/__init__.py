"""Reads of membership."""

from unionapp.membership.queries.applications import (
    PossibleDuplicate,
    application_for,
    application_of,
    open_application_by_email,
    possible_duplicates,
    waiting_count,
    waiting_for,
)
from unionapp.membership.queries.everybody import (
    Voter,
    actor_for,
    eligible_voters,
    holders,
    member_by_email,
    member_name,
    members_named,
)
from unionapp.membership.queries.imports import import_for, imports_for
from unionapp.membership.queries.roll import (
    MemberPage,
    holdings_of,
    member_for,
    members_for,
    offices_by_member,
    status_changes_of,
    studios,
)

__all__ = [
    "MemberPage",
    "PossibleDuplicate",
    "Voter",
    "actor_for",
    "application_for",
    "application_of",
    "eligible_voters",
    "holders",
    "holdings_of",
    "import_for",
    "imports_for",
    "member_by_email",
    "member_for",
    "member_name",
    "members_for",
    "members_named",
    "offices_by_member",
    "open_application_by_email",
    "possible_duplicates",
    "status_changes_of",
    "studios",
    "waiting_count",
    "waiting_for",
]
