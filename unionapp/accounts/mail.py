"""Letters about accounts."""

from unionapp.kernel.mail import Letter


def reset(to: str, locale: str, token: str) -> Letter:
    """Return the letter with the link for a new password."""
    return Letter("accounts/mail/reset", to, locale, {"token": token})


def changed(to: str, locale: str) -> Letter:
    """Return the letter that tells of a changed password."""
    return Letter("accounts/mail/changed", to, locale)
