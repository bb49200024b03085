"""Verbs of membership: every write."""

from unionapp.membership.operations.applying import confirm, erase, forget_unconfirmed, submit, withdraw
from unionapp.membership.operations.deciding import admit, enrol, refuse
from unionapp.membership.operations.importing import (
    apply_import,
    discard_import,
    forget_import,
    invite_import,
    stage_import,
    undo_import,
    write_invitations,
)
from unionapp.membership.operations.offices import grant_office, withdraw_office
from unionapp.membership.operations.records import (
    ask_mail_change,
    change_own,
    change_status,
    confirm_mail_change,
    erase_member,
    invite,
    leave,
)

__all__ = [
    "admit",
    "apply_import",
    "ask_mail_change",
    "change_own",
    "change_status",
    "confirm",
    "confirm_mail_change",
    "discard_import",
    "enrol",
    "erase",
    "erase_member",
    "forget_import",
    "forget_unconfirmed",
    "grant_office",
    "invite",
    "invite_import",
    "leave",
    "refuse",
    "stage_import",
    "submit",
    "undo_import",
    "withdraw",
    "withdraw_office",
    "write_invitations",
]
