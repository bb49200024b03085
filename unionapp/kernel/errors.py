"""Errors of the domain, named and translatable, without HTTP; pages.py maps them to pages."""

from flask_babel import lazy_gettext as _l


class DomainError(Exception):
    """Something the rules do not allow. ``message`` is a translatable sentence for the person who asked.

    ``field`` names the form field it belongs to, if any. ``status`` is the answer's HTTP status.
    """

    status = 409
    message: str = _l("That is not possible in the present state.")
    field: str | None = None

    def __init__(self, message: str | None = None, *, field: str | None = None) -> None:
        super().__init__()
        if message is not None:
            self.message = message
        if field is not None:
            self.field = field

    def __str__(self) -> str:
        return str(self.message)


class ConflictError(DomainError):
    """The thing changed, or is in another state than the request assumes."""

    status = 409


class InvalidInputError(DomainError):
    """What was sent cannot be accepted; the message says what to change."""

    status = 422
    message = _l("Please check what you entered.")


class NotFoundError(DomainError):
    """There is no such thing, or none that this actor may know of."""

    status = 404
    message = _l("There is nothing at this address, or nothing that you may see.")


class ForbiddenError(DomainError):
    """The actor lacks the right."""

    status = 403
    message = _l("Your offices do not allow this.")


class SignedOutError(DomainError):
    """Something was sent that needs a sign-in, and the actor has none (any more)."""

    status = 401
    message = _l("You were signed out in the meantime.")


class TooManyError(DomainError):
    """Too many attempts; ``retry_after`` is in seconds."""

    status = 429
    message = _l("Too many attempts. Please wait a while and try again.")

    def __init__(self, retry_after: int) -> None:
        super().__init__()
        self.retry_after = retry_after
