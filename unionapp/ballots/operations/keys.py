"""Trustees hand in the public halves of their keys."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from unionapp.ballots import access
from unionapp.ballots.models import Election, ElectionState
from unionapp.crypto.belenios.errors import InvalidObject
from unionapp.crypto.belenios.groups import group_named
from unionapp.crypto.belenios.trustees import read_trustee
from unionapp.kernel import audit
from unionapp.kernel.access import Actor, require
from unionapp.kernel.audit import Event
from unionapp.kernel.errors import ConflictError, InvalidInputError
from unionapp.kernel.i18n import lazy

LARGEST_KEY: Final = 8 * 1024


class NotKeysError(ConflictError):
    """Keys are taken only while the ballot waits for them."""

    message = lazy("This ballot does not wait for keys.")


class KeyGivenError(ConflictError):
    """A key is given once: the private half of the first one is already kept somewhere."""

    message = lazy("You have given your key already.")


class KeyUsedError(ConflictError):
    """Two trustees with one key would be one trustee."""

    message = lazy("Another trustee of this ballot has given the same key. Make a key of your own.")


class InvalidKeyError(InvalidInputError):
    """The key or its proof does not hold."""

    message = lazy("This is not a public key of this ballot with a valid proof. Make the key again.")


def give_key(session: Session, election: Election, raw: bytes, *, actor: Actor, at: datetime) -> None:
    """Take a trustee's public key after checking the proof that the trustee knows the private one.

    Raises NotKeysError, ForbiddenError, KeyGivenError, InvalidKeyError, KeyUsedError.
    """
    if election.state is not ElectionState.KEYS:
        raise NotKeysError
    trustee = access.trustee_of(actor, election)
    require(trustee is not None)
    if trustee is None or trustee.public_key is not None:
        raise KeyGivenError
    group = group_named(election.group.value)
    raw = raw.strip()
    try:
        given = None if len(raw) > LARGEST_KEY else read_trustee(group, raw).public_key
    except InvalidObject as error:
        raise InvalidKeyError from error
    if given is None:
        raise InvalidKeyError
    others = [
        read_trustee(group, each.public_key).public_key for each in election.trustees if each.public_key
    ]
    if given in others:
        raise KeyUsedError
    # Two keys inverse to each other cancel out: the others would decrypt without these two, or nobody.
    if group.encode(group.product([*others, given])) == group.identity_text:
        raise InvalidKeyError
    trustee.public_key, trustee.given_at = raw, at
    audit.record(
        session,
        Event.TRUSTEE_KEY_GIVEN,
        subject=election.id,
        actor=actor,
        at=at,
        public_key=group.encode(given)[:32],
    )
