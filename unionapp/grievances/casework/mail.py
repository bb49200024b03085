"""Letters of casework: that there is something, never what."""

from unionapp.kernel.mail import Letter


def digest(to: str, locale: str) -> Letter:
    """Tell a case worker that something new waits in the inbox."""
    return Letter("casework/mail/digest", to, locale)
