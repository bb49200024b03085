"""Accounts for tests."""

from unionapp.accounts.operations.passwords import Hasher
from unionapp.accounts.operations.signing_in import Credentials, set_password
from unionapp.kernel.access import Actor

PASSWORD = "原画を描き続ける夜明け"


def give_password(session, settings, member, *, at, password=PASSWORD):
    """Give a member an account with this password."""
    set_password(session, Hasher(settings), member.id, password, actor=Actor(member_id=member.id), at=at)


def credentials(member, password=PASSWORD, network="192.0.2.7"):
    """Return what the member would send from there."""
    return Credentials(member.email, password, network, "Firefox · Android")
