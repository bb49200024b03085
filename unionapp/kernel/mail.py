"""Letters: written with the change they tell of, rendered in the reader's language, sent later.

A letter is a folder of three templates: subject.txt, body.txt, body.html. Flask-Mail is used only here.
"""

import email.charset
import email.policy
import re
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from email.utils import make_msgid
from pathlib import Path
from typing import Any

from flask import Flask, current_app, render_template
from flask_mail import Connection, Mail, Message
from sqlalchemy.orm import Session

from unionapp.config import Settings
from unionapp.kernel import i18n, jobs

# Flask-Mail 0.10 sends utf-8 bodies as unwrapped 8bit; a Japanese paragraph then breaks SMTP's limit of
# 998 octets a line (RFC 5321 section 4.5.3.1.6).
email.charset.add_charset("utf-8", email.charset.SHORTEST, email.charset.BASE64, "utf-8")

_ONE_ADDRESS = re.compile(r"[^\s,;<>\x00-\x1f\x7f]+@[^\s,;<>\x00-\x1f\x7f@]+")

_mail = Mail()

PATIENCE = 30


class CheckedConnection(Connection):
    """A connection that checks the mail server's certificate, which Flask-Mail 0.10 does not ask for.

    Voting codes and password links travel over it. PATIENCE bounds every step, in seconds.
    """

    def configure_host(self) -> smtplib.SMTP:
        """Connect, encrypt, sign in. Raises ssl.SSLError for a certificate that nobody vouches for."""
        host = smtplib.SMTP(self.mail.server, self.mail.port, timeout=PATIENCE)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


@dataclass(frozen=True)
class Letter:
    """One letter: ``template`` names its folder ("membership/mail/confirm"), ``facts`` are JSON values."""

    template: str
    to: str
    locale: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def init_app(app: Flask, settings: Settings) -> None:
    """Configure the transport: SMTP when a host is set, else one file per letter in the data folder."""
    app.config.update(
        MAIL_SERVER=settings.mail.host or "127.0.0.1",
        MAIL_PORT=settings.mail.port,
        MAIL_USERNAME=settings.mail.user or None,
        MAIL_PASSWORD=settings.mail.password or None,
        MAIL_USE_TLS=settings.mail.tls,
        MAIL_DEFAULT_SENDER=settings.mail.sender,
        MAIL_SUPPRESS_SEND=False,
    )
    _mail.init_app(app)


def post(session: Session, letter: Letter, *, at: datetime) -> None:
    """Put a letter into the outbox; it leaves once the session's transaction is stored."""
    jobs.enqueue(session, "mail.deliver", asdict(letter), at=at)


@jobs.job("mail.deliver")
def deliver(_session: Session, payload: jobs.Payload, at: datetime) -> None:
    """Render one letter and hand it to the transport.

    Raises smtplib.SMTPException or OSError when the server refuses or cannot be reached: the job tries again.
    """
    settings: Settings = current_app.extensions["unionapp_settings"]
    message = render(Letter(**payload), at=at)
    if settings.mail.host:
        with CheckedConnection(current_app.extensions["mail"]) as connection:
            connection.send(message)
    else:
        _file(message, settings.letters_dir)


def render(letter: Letter, *, at: datetime) -> Message:
    """Return the letter as a message in its reader's language.

    Raises ValueError for a recipient that is not one address: a line break there would begin a header.
    """
    if not _ONE_ADDRESS.fullmatch(letter.to):
        raise ValueError("not one mail address")
    settings: Settings = current_app.extensions["unionapp_settings"]
    with i18n.speaking(letter.locale):
        subject, body, html = (
            render_template(f"{letter.template}/{part}", **letter.facts)
            for part in ("subject.txt", "body.txt", "body.html")
        )
    message = Message(
        subject=" ".join(subject.split()),
        recipients=[letter.to],
        body=body.strip() + "\n",
        html=html,
        sender=settings.mail.sender,
        date=at.timestamp(),
        extra_headers={"Content-Language": letter.locale, "Auto-Submitted": "auto-generated"},
    )
    message.msgId = make_msgid(domain=settings.mail.sender.rpartition("@")[2])
    return message


def _file(message: Message, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    name = str(message.msgId).strip("<>").split("@")[0]
    parsed = email.message_from_string(message.as_string(), policy=email.policy.SMTP)
    partial = folder / f".{name}.part"
    partial.touch(mode=0o600)
    partial.write_bytes(parsed.as_bytes())
    partial.rename(folder / f"{name}.eml")
