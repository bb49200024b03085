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
from unionapp.membership.queries.export import export_of
from unionapp.membership.queries.imports import (
    ProblemLine,
    import_for,
    imports_for,
    obstacles_to_undoing,
    problem_lines,
)
from unionapp.membership.queries.known import KnownPeople, known_people
from unionapp.membership.queries.roll import (
    MemberPage,
    holding_for,
    holdings_of,
    member_for,
    members_for,
    offices_by_member,
    status_changes_of,
    studios,
)

__all__ = [
    "KnownPeople",
    "MemberPage",
    "PossibleDuplicate",
    "ProblemLine",
    "Voter",
    "actor_for",
    "application_for",
    "application_of",
    "eligible_voters",
    "export_of",
    "holders",
    "holding_for",
    "holdings_of",
    "import_for",
    "imports_for",
    "known_people",
    "member_by_email",
    "member_for",
    "member_name",
    "members_for",
    "members_named",
    "obstacles_to_undoing",
    "offices_by_member",
    "open_application_by_email",
    "possible_duplicates",
    "problem_lines",
    "status_changes_of",
    "studios",
    "waiting_count",
    "waiting_for",
]
