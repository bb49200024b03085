"""Tables of membership."""

from unionapp.membership.models.applications import APPLICATION_MOVES, Application, ApplicationState
from unionapp.membership.models.imports import IMPORT_MOVES, ImportBatch, ImportState
from unionapp.membership.models.naming import mail_key, romaji_key, search_text, sort_key
from unionapp.membership.models.people import (
    MEMBER_MOVES,
    Member,
    MemberStatus,
    Particulars,
    PersonalFacts,
    StatusChange,
    keys_of,
)
from unionapp.membership.models.roles import Office, OfficeHolding

__all__ = [
    "APPLICATION_MOVES",
    "IMPORT_MOVES",
    "MEMBER_MOVES",
    "Application",
    "ApplicationState",
    "ImportBatch",
    "ImportState",
    "Member",
    "MemberStatus",
    "Office",
    "OfficeHolding",
    "Particulars",
    "PersonalFacts",
    "StatusChange",
    "keys_of",
    "mail_key",
    "romaji_key",
    "search_text",
    "sort_key",
]
