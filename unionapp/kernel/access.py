"""Who may do what: permissions, the actor of a request, and the rules an address declares."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from unionapp.kernel.errors import ForbiddenError


class Permission(StrEnum):
    """Every right in the program, as resource:action. Keep the list alphabetical."""

    AGREEMENT_DRAFT = "agreement:draft"
    AGREEMENT_READ = "agreement:read"
    AUDIT_READ = "audit:read"
    BALLOT_DECRYPT = "ballot:decrypt"
    BALLOT_MANAGE = "ballot:manage"
    BALLOT_VOTE = "ballot:vote"
    CASE_WORK = "case:work"
    MEMBER_APPROVE = "member:approve"
    MEMBER_IMPORT = "member:import"
    MEMBER_READ = "member:read"
    OFFICE_GRANT = "office:grant"
    SERVER_READ = "server:read"


@dataclass(frozen=True)
class Actor:
    """Who acts: a member with rights, or nobody (``member_id`` None) for a visitor, a job or a command."""

    member_id: uuid.UUID | None = None
    permissions: frozenset[Permission] = frozenset()
    name: str = ""
    language: str | None = None
    session_id: uuid.UUID | None = None

    @property
    def signed_in(self) -> bool:
        return self.member_id is not None

    def may(self, *permissions: Permission) -> bool:
        """Tell whether the actor holds one of the permissions."""
        return not self.permissions.isdisjoint(permissions)


ANONYMOUS = Actor()
SYSTEM = Actor(permissions=frozenset(Permission), name="system")


@dataclass(frozen=True)
class Access:
    """The rule of an address: its name stands in routes.txt, ``admits`` decides."""

    name: str
    admits: Callable[[Actor], bool] = field(compare=False)
    needs_sign_in: bool = True


PUBLIC = Access("public", lambda _actor: True, needs_sign_in=False)
SIGNED_IN = Access("signed in", lambda actor: actor.signed_in)


def holders_of(*permissions: Permission) -> Access:
    """Admit actors who hold at least one of the permissions."""
    return Access(" | ".join(sorted(permissions)), lambda actor: actor.may(*permissions))


def require(allowed: bool) -> None:  # noqa: FBT001  # require(may_close(actor, case)) reads as a sentence
    """Raise ForbiddenError unless ``allowed``."""
    if not allowed:
        raise ForbiddenError
