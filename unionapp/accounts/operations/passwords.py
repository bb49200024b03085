"""Passwords: which are good enough, and how they are kept (Argon2id)."""

import threading
import unicodedata
from functools import cache
from importlib import resources

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from unionapp.config import Settings
from unionapp.kernel.errors import InvalidInputError
from unionapp.kernel.i18n import lazy

SHORTEST = 8  # OWASP ASVS 5.0.0, 6.2.1; 15 is advised on the page
TOO_ALIKE = 4
AT_ONCE = 4  # each hashing takes memory_kib of memory: bound what a crowd can ask for


class WeakPasswordError(InvalidInputError):
    """The password is too short, too common, or made of the person's own name or address."""

    field = "password"


class Hasher:
    """Hashes and checks passwords with the settings' cost; a check of nobody costs the same."""

    def __init__(self, settings: Settings) -> None:
        self._argon2 = PasswordHasher(
            time_cost=settings.argon2_rounds, memory_cost=settings.argon2_memory_kib, parallelism=1
        )
        self._room = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._argon2.hash("nobody signs in with this")

    def hash(self, password: str) -> str:
        with self._room:
            return self._argon2.hash(_normal(password))

    def matches(self, password_hash: str | None, password: str) -> bool:
        """Tell whether the password is right; without a hash, take the same time and say no."""
        try:
            with self._room:
                self._argon2.verify(password_hash or self._nobody, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return password_hash is not None

    def outdated(self, password_hash: str) -> bool:
        """Tell whether the hash was made with other costs than today's."""
        return self._argon2.check_needs_rehash(password_hash)


def require_good(password: str, *, about: tuple[str, ...]) -> None:
    """Raise WeakPasswordError unless the password is long, uncommon and not made of ``about``."""
    plain = _normal(password)
    if len(plain) < SHORTEST:
        raise WeakPasswordError(lazy("Please choose at least %(shortest)d characters.", shortest=SHORTEST))
    if plain.casefold() in common_passwords() or len(set(plain)) < TOO_ALIKE:
        raise WeakPasswordError(
            lazy("This password is among those that are tried first. Please choose another.")
        )
    own = {part.casefold() for text in about for part in (text, text.split("@")[0]) if len(part) >= TOO_ALIKE}
    if any(part in plain.casefold() and len(plain) - len(part) < SHORTEST for part in own):
        raise WeakPasswordError(lazy("Please do not build the password from your own name or address."))


@cache
def common_passwords() -> frozenset[str]:
    """Return the passwords that are refused because everybody uses them."""
    text = resources.files("unionapp.accounts").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(text.split("\n")) - {""}


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
